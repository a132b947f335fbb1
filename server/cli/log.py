"""`zhicha log` and `zhicha witness`: the transparency log, and that of others."""

import argparse
import asyncio
import getpass
import importlib
import sys
from dataclasses import replace

from server.cli.command import Commands
from server.cli.database import database
from server.kit.supervisor.console import Console
from server.settings import Settings
from server.tlog.witnesses import serve


def declare(commands: Commands) -> None:
    """Add the commands to the parser."""
    log = commands.add_parser("log", help="透明日志 · the transparency log").add_subparsers(
        required=True, metavar="act"
    )
    audit = log.add_parser("audit", help="重新计算并核对全部日志 · recompute and check all of it")
    audit.set_defaults(run=_audit)
    rotate = log.add_parser("rotate-key", help="更换日志密钥（须两人） · give the log a new key (takes two persons)")
    rotate.add_argument("--administrator", required=True, help="系统管理员的登录名 · login of an administrator")
    rotate.add_argument(
        "--confirmed-by", required=True, help="安全审计员或保密员 · login of an auditor or secrecy officer"
    )
    rotate.set_defaults(run=_rotate)
    told = "为另一处的透明日志作见证 · witness a log that somebody else keeps"
    witness = commands.add_parser("witness", help=told, parents=[serve.PARSER])
    witness.set_defaults(run=_witness)


def _audit(settings: Settings, _given: argparse.Namespace, console: Console) -> None:
    with database(settings) as dsn:
        importlib.import_module("server.wiring").wire()
        known = importlib.import_module("server.tlog.anchors.outside").Outside.of(settings)
        good = asyncio.run(importlib.import_module("server.tlog.console").audit(dsn, console.plain, known))
    if not good:
        sys.exit(1)


def _rotate(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    logins = (given.administrator, given.confirmed_by)
    passwords = [getpass.getpass(f"  {login} 的密码 · password of {login}: ") for login in logins]
    with database(settings) as dsn:
        rotated = importlib.import_module("server.tlog.console").rotate_key
        given_by = list(zip(logins, passwords, strict=True))
        good = asyncio.run(rotated(replace(settings, database_url=dsn), given_by, console.plain))
    if not good:
        sys.exit(1)


def _witness(_settings: Settings, given: argparse.Namespace, _console: Console) -> None:
    serve.run(given)
