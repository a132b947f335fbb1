"""Who may see a site.

A site exists for whoever sees its item, except one that was recorded for a visit nobody is to know of yet: until a
visit there is released, that site exists only for who recorded it, for the head of the supervision office, and for
planner, approver and team of a visit there (R81). The mark is set with the recording and taken away by the first
release; it is never set later, because a site that disappeared would tell of the visit as loudly as the visit itself.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.items import scope
from server.journal.events import Change
from server.journal.work import UnitOfWork


def visible_to(actor: Actor, first: int) -> tuple[str, list[Any]]:
    """A SQL condition over ``sites s`` joined with ``items i``, and its six arguments.

    Args:
        actor: who reads.
        first: number of the first positional parameter the condition may use; it uses six.
    """
    item, args = scope.visible_to(actor, first)
    person, office = f"${first + len(args)}::uuid", f"${first + len(args) + 1}::bool"
    condition = (
        f"({item} AND (NOT s.embargoed OR {office} OR s.recorded_by = {person}"
        f" OR EXISTS (SELECT 1 FROM visits sv WHERE sv.site_id = s.id AND (sv.created_by = {person}"
        f" OR sv.approver_id = {person} OR EXISTS (SELECT 1 FROM visit_members sm WHERE sm.visit_id = sv.id"
        f" AND sm.person_id = {person})))))"
    )
    return condition, [*args, actor.person_id, actor.has(Role.OFFICE)]


async def make_known(work: UnitOfWork, site_id: UUID) -> None:
    """A visit to this site was released: from now on the site exists for all who see its item."""
    opened = await work.conn.fetchval(
        "UPDATE sites SET embargoed = false WHERE id = $1 AND org_id = $2 AND embargoed RETURNING id",
        site_id,
        work.actor.org_id,
    )
    if opened is not None:
        work.announce(Change("site", site_id))
