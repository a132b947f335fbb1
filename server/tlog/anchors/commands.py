"""Asking for a time stamp now, for instance before a decision."""

from __future__ import annotations

from server.access.actor import Actor
from server.journal.work import unit_of_work
from server.kit.errors import IdReused
from server.tlog.anchors.events import AnchorAsked
from server.tlog.anchors.schemas import AskAnchor


async def ask_anchor(actor: Actor, cmd: AskAnchor) -> None:
    """Have everything recorded so far stamped; the wish is an act like others, and its own leaf is covered too.

    It returns at once: who waits for an authority looks at the state. Asked again with the same id, it is one wish.

    Raises:
        IdReused: the id is that of somebody else's act.
    """
    async with unit_of_work(actor, command_id=cmd.id) as work:
        same = await work.conn.fetchrow(
            "SELECT kind, actor_id FROM journal_entries WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3",
            actor.org_id,
            AnchorAsked.SUBJECT,
            cmd.id,
        )
        if same is None:
            work.record(AnchorAsked(subject_id=cmd.id))
        elif (same["kind"], same["actor_id"]) != (AnchorAsked.KIND, actor.person_id):
            raise IdReused
