"""What the installation clears away by itself: nothing that anybody recorded, only what has served its purpose."""

from __future__ import annotations

from datetime import timedelta

from server.kit import clock, db, media
from server.kit.queue import Chore

_QUEUE_LOG = timedelta(days=14)
_ATTEMPTS = timedelta(days=1)
_ABANDONED = timedelta(days=2)


async def forget_attempts() -> None:
    """Failed sign-ins older than a day: the lock they feed looks back fifteen minutes."""
    await db.execute("DELETE FROM sign_in_attempts WHERE at < $1", clock.now() - _ATTEMPTS)


async def prune_queue_log() -> None:
    """The queue's own log of finished jobs."""
    await db.execute("DELETE FROM pgqueuer_log WHERE created < $1", clock.now() - _QUEUE_LOG)


async def sweep_media() -> None:
    """Half-written objects that a crash left beside the store; whole ones are never touched."""
    await media.store().sweep_abandoned(older_than_s=_ABANDONED.total_seconds())


CHORES = (
    Chore("forget_attempts", "17 * * * *", forget_attempts),
    Chore("prune_queue_log", "23 18 * * *", prune_queue_log),
    Chore("sweep_media", "41 * * * *", sweep_media),
)
