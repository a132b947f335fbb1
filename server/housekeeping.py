"""What the installation clears away by itself: nothing that anybody recorded, only what has served its purpose."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from media.uploads import sweep_expired
from server.circulation.reminders import remind_of_desks
from server.evidence.rereading import reread_originals
from server.intake.reminders import remind_of_intake
from server.kit import clock, db, media
from server.kit.queue import Chore
from server.sync.pull import FEED_MEMORY
from server.sync.uploads_ledger import EveryUpload
from server.tlog.anchors import chores as anchors

_QUEUE_LOG = timedelta(days=14)
_ATTEMPTS = timedelta(days=1)
_ABANDONED = timedelta(days=2)
_FEED = FEED_MEMORY + timedelta(days=10)
_AT_A_TIME = 100


async def forget_attempts() -> None:
    """Failed sign-ins older than a day: the lock they feed looks back fifteen minutes."""
    await db.execute("DELETE FROM sign_in_attempts WHERE at < $1", clock.now() - _ATTEMPTS)


async def prune_queue_log() -> None:
    """The queue's own log of finished jobs."""
    await db.execute("DELETE FROM pgqueuer_log WHERE created < $1", clock.now() - _QUEUE_LOG)


async def sweep_media() -> None:
    """Half-written objects that a crash left beside the store; whole ones are never touched."""
    await media.store().sweep_abandoned(older_than_s=_ABANDONED.total_seconds())


async def discard_expired_uploads() -> None:
    """Uploads that nobody continued in time; the phone still has the original and begins again."""
    while await sweep_expired(EveryUpload(), media.store(), now=clock.now(), limit=_AT_A_TIME) == _AT_A_TIME:
        continue


async def prune_feed() -> None:
    """Changes that every usable cursor has passed; an organisation's last one stays as the mark of its history."""
    # A UUIDv7 begins with its moment of birth, so old rows are a range of the primary key.
    oldest = UUID(int=clock.to_ms(clock.now() - _FEED) << 80)
    await db.execute(
        "DELETE FROM feed_changes f USING feed_counters c WHERE f.id < $1 AND c.org_id = f.org_id AND f.n < c.n", oldest
    )


CHORES = (
    Chore("remind_of_desks", "* * * * *", remind_of_desks),
    Chore("remind_of_intake", "*/5 * * * *", remind_of_intake),
    Chore("discard_expired_uploads", "7 * * * *", discard_expired_uploads),
    Chore("prune_feed", "53 18 * * *", prune_feed),
    Chore("forget_attempts", "17 * * * *", forget_attempts),
    Chore("prune_queue_log", "23 18 * * *", prune_queue_log),
    Chore("reread_originals", "29 * * * *", reread_originals),
    Chore("sweep_media", "41 * * * *", sweep_media),
    *anchors.CHORES,
)
