"""`zhicha found`: the first organisation, so that somebody can sign in."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from server.cli.command import Commands, Refused
from server.cli.database import database
from server.cli.passwords import first_passwords
from server.kit.supervisor.console import Console
from server.settings import Settings

if TYPE_CHECKING:  # it brings the database along, which other commands can do without
    from server.access.founding import Officer

# Option, role, and how the officer is called.
_OFFICERS = (
    ("administrator", "ADM", "系统管理员 · administrator"),
    ("secrecy", "SEC", "安全保密员 · secrecy officer"),
    ("auditor", "AUD", "安全审计员 · auditor"),
)


def declare(commands: Commands) -> None:
    """Add the command to the parser."""
    found = commands.add_parser("found", help="建立机构及三员账号 · found an organisation and its three officers")
    found.add_argument("--name", required=True, help="机构名称 · name of the organisation")
    found.add_argument("--name-en", default="", help="英文名称 · its English name")
    found.add_argument("--unit", help="根单位，缺省与机构同名 · its root unit, by default of the same name")
    for option, _, called in _OFFICERS:
        found.add_argument(
            f"--{option}", nargs=2, required=True, metavar=("LOGIN", "NAME"), help=f"{called}：账号 姓名 · login, name"
        )
    found.set_defaults(run=_found)


def _found(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    from server.access.founding import check
    from server.kit.errors import DomainError

    unit = given.unit or given.name
    try:
        check(given.name, unit, _officers(given, [""] * len(_OFFICERS)))
        whose = [f"{called} {getattr(given, option)[0]}" for option, _, called in _OFFICERS]
        officers = _officers(given, first_passwords(whose))
        with database(settings) as dsn:
            asyncio.run(_on(dsn, given.name, given.name_en, unit, officers))
    except DomainError as refused:
        raise Refused(f"{refused.zh} · {refused.detail}") from refused
    console.plain(f"  ✓ 已建立机构 · founded  {given.name}")
    for option, _, called in _OFFICERS:
        login, name = getattr(given, option)
        console.plain(f"    {called}  {name}  {login}")
    console.plain("    首次登录时各自设置自己的密码 · each chooses a password of their own at the first sign-in")


def _officers(given: argparse.Namespace, passwords: list[str]) -> tuple[Officer, ...]:
    from server.access.founding import Officer
    from server.access.roles import Role

    return tuple(
        Officer(Role(role), login=getattr(given, option)[0], name=getattr(given, option)[1], password=password)
        for (option, role, _), password in zip(_OFFICERS, passwords, strict=True)
    )


async def _on(dsn: str, name: str, name_en: str, unit: str, officers: tuple[Officer, ...]) -> None:
    """Bring the database up to date and found on it."""
    from server.access.founding import found
    from server.kit import db
    from server.kit.migrate import migrate

    await migrate(dsn)
    await db.connect(dsn, min_size=1, max_size=2)
    try:
        await found(name, name_en, unit, officers)
    finally:
        await db.disconnect()
