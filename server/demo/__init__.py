"""The demo story: an invented county, its people, ledger, sites, last week's visit and the visits of today.

Every act goes through the same commands that people use, with the clock held at the time of the story; nothing is
written past them but people and units, which have no commands yet. All names and places are invented.
"""

from __future__ import annotations

import structlog

from server import wiring
from server.demo import circulation, fieldwork, intake, ledger, people, planning, programme, slips
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
        await circulation.load()
        await programme.load()
        await planning.load()
        await fieldwork.load(store)


def accounts() -> str:
    """The demo accounts as a table to print: account, name, function, and the one password."""
    lines = [f"{one.login:<10} {one.name}  {one.function}" for one in people.PEOPLE if one.shown]
    return "\n".join(["演示账号 demo accounts", *lines, f"密码 password  {people.PASSWORD}"])
