"""`zhicha recover`: an officer who forgot the password, and nobody else who could give another one."""

from __future__ import annotations

import argparse
import asyncio
import importlib

from server.cli.command import Commands, Refused
from server.cli.database import database
from server.cli.passwords import first_passwords
from server.kit.supervisor.console import Console
from server.settings import Settings


def declare(commands: Commands) -> None:
    """Add the command to the parser."""
    recover = commands.add_parser(
        "recover", help="三员之一忘记密码时重设初始密码 · a first password for an officer who forgot his"
    )
    recover.add_argument("--login", required=True, help="三员的账号 · login of the officer")
    recover.set_defaults(run=_recover)


def _recover(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    from server.kit.errors import DomainError, NotFound

    try:
        with database(settings) as dsn:
            name = asyncio.run(_on(dsn, given.login))
    except NotFound as refused:
        raise Refused(f"没有账号 {given.login} · there is no account {given.login}") from refused
    except DomainError as refused:
        raise Refused(f"{refused.zh} · {refused.detail}") from refused
    console.plain(f"  ✓ 已重设初始密码，原有登录全部结束 · a first password is set, all sign-ins ended  {name}")
    console.plain("    本人登录时须设置自己的密码 · its owner chooses a password of their own at the sign-in")
    console.plain(
        "    此事已记入操作记录，并告知本人、三员和督查室负责人"
        " · recorded as an act, and told to the person, the officers and the head of the office"
    )


async def _on(dsn: str, login: str) -> str:
    """Bring the database up to date and recover on it; bound as the product is, so that the act is told."""
    from server.access.recovery import must_be_officer, recover
    from server.kit import db
    from server.kit.migrate import migrate

    await migrate(dsn)
    importlib.import_module("server.wiring").wire()
    await db.connect(dsn, min_size=1, max_size=2)
    try:
        await must_be_officer(login)
        (password,) = first_passwords([login])
        return await recover(login, password)
    finally:
        await db.disconnect()
