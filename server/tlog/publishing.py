"""What everybody may see of the log: the checkpoint of some hours, never each one.

Counts and rhythm of the log would tell an inspected unit that somebody is on the road with a phone. So those who are
not signed in, and those of the units, see the log as it was when a checkpoint was last published, at fixed times.
"""

from __future__ import annotations

from server.access.actor import Actor
from server.access.roles import UNIT_ROLES, Permission
from server.kit import clock, db
from server.tlog.queries import Checkpoint, latest_checkpoint, published_checkpoint

# Who may know at any moment how the log grows: those who plan, make or examine what is in it. And who audits it, unless
# he has a role in a unit under supervision as well.
INSIDERS = (
    Permission.EVIDENCE_RECORD,
    Permission.EVIDENCE_REVIEW,
    Permission.VISIT_PLAN,
    Permission.VISIT_APPROVE,
)


async def publish(conn: db.Connection) -> Checkpoint | None:
    """Let everybody see the newest checkpoint from now on; called by the clock, with the hourly anchor.

    Returns what is published now; ``None`` while nothing was ever logged. Twice is once.
    """
    await conn.execute(
        "INSERT INTO log_publications (size, at)"
        " SELECT size, $1 FROM log_checkpoints ORDER BY size DESC LIMIT 1 ON CONFLICT DO NOTHING",
        clock.now(),
    )
    return await published_checkpoint(conn)


def sees_newest(actor: Actor) -> bool:
    """Whether the person may know the log's present size."""
    return any(actor.may(one) for one in INSIDERS) or (actor.may(Permission.AUDIT_READ) and not actor.has(*UNIT_ROLES))


async def checkpoint_for(conn: db.Connection, actor: Actor) -> Checkpoint | None:
    """The newest checkpoint that this person may see."""
    return await (latest_checkpoint(conn) if sees_newest(actor) else published_checkpoint(conn))
