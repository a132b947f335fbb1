"""`zhicha openapi`: the description of the interface."""

import argparse
import importlib
import json
import sys
from pathlib import Path

from server.cli.command import Commands
from server.cli.processes import APP
from server.kit.supervisor.console import Console
from server.settings import Settings


def declare(commands: Commands) -> None:
    """Add the command to the parser."""
    openapi = commands.add_parser("openapi", help="输出接口描述 · write the OpenAPI description")
    openapi.add_argument("--output", type=Path, help="文件；缺省为标准输出 · file; standard output by default")
    openapi.set_defaults(run=_openapi)


def _openapi(settings: Settings, given: argparse.Namespace, _console: Console) -> None:
    from server.kit.http.description import described

    module, _, factory = APP.partition(":")
    app = getattr(importlib.import_module(module), factory)(settings)
    text = json.dumps(described(app), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if given.output:
        given.output.write_text(text)
    else:
        sys.stdout.write(text)
