"""What happens to the log by the clock: published hourly, attempts repeated, tokens renewed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from server.kit import clock, db
from server.kit.queue import Chore
from server.tlog import queries as log
from server.tlog.anchors.failures import Party, failures_since
from server.tlog.anchors.outside import outside
from server.tlog.anchors.renewal import renew
from server.tlog.anchors.wanting import COSIGN, STAMP, last_cosigned, last_stamped, pending_stamps, start, want
from server.tlog.publishing import publish

_REMEMBERED: Final = timedelta(days=90)


async def publish_hourly() -> None:
    """Let everybody see the newest checkpoint, have it stamped and cosigned. Nothing new is published: nothing asked.

    It is published whether or not anybody outside can be reached.
    """
    async with db.transaction() as conn:
        before = await log.published_checkpoint(conn)
        published = await publish(conn)
        if published is not None and (before is None or before.size < published.size):
            await want(conn, "hourly", published.size)
            await start(conn, COSIGN, outside().witnesses)


async def try_again() -> None:
    """Start the job of every body that has something pending and whose pause is over."""
    async with db.connection() as conn:
        published = await log.published_checkpoint(conn)
        for authority in outside().authorities:
            if await pending_stamps(conn, authority.name) and await _may_try(
                conn, "tsa", authority.name, await last_stamped(conn, authority)
            ):
                await start(conn, STAMP, (authority,))
        for witness in outside().witnesses:
            seen, at = await last_cosigned(conn, witness)
            if published is not None and seen < published.size and await _may_try(conn, "witness", witness.name, at):
                await start(conn, COSIGN, (witness,))


async def forget_failures() -> None:
    """Failed attempts that nobody asks for any more."""
    await db.execute("DELETE FROM log_outside_failures WHERE at < $1", clock.now() - _REMEMBERED)


async def _may_try(conn: db.Connection, party: Party, name: str, success: datetime | None) -> bool:
    failures = await failures_since(conn, party, name, success)
    return failures is None or failures.again_at <= clock.now()


CHORES: Final = (
    Chore("publish_checkpoint", "0 * * * *", publish_hourly),
    Chore("ask_outside_again", "* * * * *", try_again),
    Chore("renew_time_stamps", "37 18 * * *", renew),
    Chore("forget_outside_failures", "43 18 * * *", forget_failures),
)
