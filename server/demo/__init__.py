"""The demo story: an invented county, its people, ledger, sites, last week's visit and the visits of today.

Every act goes through the same commands that people use, with the clock held at the time of the story; nothing is
written past them but people and units, whose ids must be the same at every start. All names and places are invented.
"""

from __future__ import annotations

import structlog

from server import wiring
from server.demo import circulation, fieldwork, instructed, intake, ledger, people, planning, programme, slips
from server.kit import db
from server.resources import open_resources
from server.settings import Settings

__all__ = ["accounts", "load"]

log = structlog.get_logger(__name__)


async def load(settings: Settings) -> None:
    """Load the story once; on a later day only the visits of that day are added.

    An installation that already serves an organisation of its own is left alone.
    """
    wiring.wire()
    async with open_resources(settings, pool_size=4) as store:
        if await db.fetch_value("SELECT EXISTS (SELECT 1 FROM organisations WHERE id <> $1)", people.ORG_ID):
            log.warning("demo_not_loaded", reason="another organisation is already served here")
            return
        await people.load()
        await ledger.load()
        await intake.load()
        await slips.load()
        await instructed.load()
        await circulation.load()
        await programme.load()
        await planning.load()
        await fieldwork.load(store)


def accounts() -> str:
    """The demo accounts to print, the one password first: under each heading account, name and function."""
    lines = [f"演示账号 demo accounts · 密码 password  {people.PASSWORD}"]
    for group in people.GROUPS:
        lines.append(group)
        lines += [f"  {one.login:<9} {one.name}  {one.function}" for one in people.PEOPLE if one.group == group]
    return "\n".join(lines)
