"""The `zhicha` command: run everything on one machine, or do one thing and end. One module for each kind of command."""

import argparse
import os
import sys
from collections.abc import Sequence

from server.cli import database, doctor, found, log, openapi, processes, recover, up
from server.cli.command import Refused
from server.kit.supervisor.account import NoAccount
from server.kit.supervisor.binaries import NoPostgres
from server.kit.supervisor.console import Console
from server.kit.supervisor.home import NoHome
from server.kit.supervisor.lan import NoLan
from server.kit.supervisor.postgres import PostgresDidNotStart, PostgresInUse
from server.kit.supervisor.supervise import StartFailed, Stopped
from server.settings import BadSetting, Settings, unknown_names

_REFUSALS = (BadSetting, NoAccount, NoHome, NoLan, NoPostgres, PostgresDidNotStart, PostgresInUse, StartFailed)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point; the exit status is 0 when the command did what it says."""
    given = _parser().parse_args(arguments)
    console = Console()
    try:
        settings = Settings.from_env()
        for name in unknown_names(os.environ):
            console.plain(f"  ! 没有名为 {name} 的设置，已忽略 · there is no setting {name}; ignored")
        given.run(settings, given, console)
    except (*_REFUSALS, Refused) as refused:
        console.plain(f"  ✗ {refused}")
        sys.exit(1)
    except (Stopped, KeyboardInterrupt):
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhicha", description="直查 Zhicha")
    commands = parser.add_subparsers(required=True, metavar="command")
    for kind in (up, processes, database, found, recover, openapi, log, doctor):
        kind.declare(commands)
    return parser
