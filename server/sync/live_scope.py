"""Which hints an actor may get: only of what exists for them at this moment, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Permission
from server.cases.scope import visible_to as case_visible_to
from server.circulation.scope import visible_to as circulation_visible_to
from server.intake.scope import visible_to as intake_visible_to
from server.items.scope import visible_to as item_visible_to
from server.items.site_scope import visible_to as site_visible_to
from server.kit import db
from server.meetings.scope import visible_to as meeting_visible_to
from server.programmes.scope import visible_to as programme_visible_to
from server.push import queries as inbox
from server.slips.scope import visible_to as slip_visible_to
from server.visits.scope import inside
from server.visits.scope import visible_to as visit_visible_to

Scope = Callable[[Actor, int], tuple[str, list[Any]]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where ids of a kind are looked up and under which condition."""

    permission: Permission
    source: str
    scope: Scope


def _own_org(actor: Actor, first: int) -> tuple[str, list[Any]]:
    return f"a.org_id = ${first}", [actor.org_id]


def _rules(actor: Actor, first: int) -> tuple[str, list[Any]]:
    """Drafts stir for those who write and decide; everybody else hears of what has been enacted."""
    deciding = actor.may(Permission.RULE_EDIT) or actor.may(Permission.RULE_ENACT)
    return f"(p.org_id = ${first} AND (${first + 1}::bool OR p.enacted_at IS NOT NULL))", [actor.org_id, deciding]


def _from_inside(actor: Actor, first: int) -> tuple[str, list[Any]]:
    """Not for the unit under supervision, which would otherwise notice remarks and citations by the mere stir."""
    visible, args = visit_visible_to(actor, first)
    condition, more = inside(actor, first + len(args))
    return f"{visible} AND {condition}", [*args, *more]


_CAPTURES: Final = "captures c JOIN visits v ON v.id = c.visit_id"

_KINDS: Final = {
    "item": _Kind(Permission.ITEM_READ, "items i", item_visible_to),
    "site": _Kind(Permission.SITE_READ, "sites s JOIN items i ON i.id = s.item_id", site_visible_to),
    "slip": _Kind(Permission.SLIP_READ, "slips s", slip_visible_to),
    "meeting": _Kind(Permission.MEETING_READ, "meetings m", meeting_visible_to),
    "intake": _Kind(Permission.ITEM_REGISTER, "intake_matters m", intake_visible_to),
    "programme": _Kind(Permission.PROGRAMME_READ, "programmes g", programme_visible_to),
    "visit": _Kind(Permission.VISIT_READ, "visits v", visit_visible_to),
    "capture": _Kind(Permission.EVIDENCE_READ, _CAPTURES, _from_inside),
    "receipt": _Kind(Permission.EVIDENCE_READ, _CAPTURES, _from_inside),
    "query": _Kind(
        Permission.EVIDENCE_READ,
        "queries q JOIN captures c ON c.id = q.capture_id JOIN visits v ON v.id = c.visit_id",
        _from_inside,
    ),
    "finding": _Kind(Permission.FINDING_READ, "findings f JOIN visits v ON v.id = f.visit_id", visit_visible_to),
    "circulation": _Kind(Permission.CIRCULATION_READ, "circulations c", circulation_visible_to),
    "rule_pack": _Kind(Permission.RULE_READ, "rule_pack_versions p", _rules),
    "calendar": _Kind(Permission.CALENDAR_READ, "calendar_versions p", _rules),
    "account": _Kind(Permission.ACCOUNT_READ, "people a", _own_org),
    "unit": _Kind(Permission.ACCOUNT_READ, "units a", _own_org),
    "absence": _Kind(Permission.CIRCULATION_KEEP, "absences a", _own_org),
    "case": _Kind(Permission.CASE_READ, "cases c", case_visible_to),
    "notice": _Kind(Permission.SELF, inbox.SOURCE, inbox.visible_to),
}


async def in_scope(actor: Actor, kind: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that exist for the actor; none for kinds that nobody is told of."""
    known = _KINDS.get(kind)
    if known is None or not actor.may(known.permission):
        return set()
    alias = known.source.split()[1]
    condition, args = known.scope(actor, 2)
    rows = await db.fetch(
        f"SELECT {alias}.id FROM {known.source} WHERE {alias}.id = ANY($1::uuid[]) AND {condition}", list(ids), *args
    )
    return {row["id"] for row in rows}
