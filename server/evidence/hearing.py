"""Who must not hear of an alarm: those of the units under supervision, as long as the visit behind it is covert.

An alarm about a phone's chain or an original says that somebody was on the road. Whoever looks into alarms may be of a
supervised unit, or hold a role in one beside (no account of ours is made so; the rule is kept where it is read).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from server.access.roles import UNIT_ROLES, Role
from server.kit import db

_UNIT: Final = ", ".join(f"'{role}'" for role in sorted(UNIT_ROLES))


def kept_from(person: str, visit: str = "v") -> str:
    """A SQL condition: nothing of the visit with the alias ``visit`` may reach the person that ``person`` names.

    So it is before its release, for who belongs to the unit that it is about or has a role of any unit, unless as its
    planner or approver, of its team, or as head of the office.
    """
    return (
        f"({visit}.released_at IS NULL AND {visit}.created_by <> {person}"
        f" AND {visit}.approver_id IS DISTINCT FROM {person}"
        f" AND NOT EXISTS (SELECT 1 FROM visit_members km WHERE km.visit_id = {visit}.id AND km.person_id = {person})"
        f" AND NOT EXISTS (SELECT 1 FROM role_grants kg WHERE kg.person_id = {person} AND kg.revoked_at IS NULL"
        f"  AND kg.role = '{Role.OFFICE}')"
        f" AND (EXISTS (SELECT 1 FROM role_grants kg WHERE kg.person_id = {person} AND kg.revoked_at IS NULL"
        f"  AND kg.role IN ({_UNIT}))"
        f" OR EXISTS (SELECT 1 FROM people kp LEFT JOIN items ki ON ki.id = {visit}.item_id"
        f"  WHERE kp.id = {person} AND kp.unit_id IN ({visit}.object_unit_id, ki.handling_unit_id))))"
    )


def alarm_kept_from(person: str, alarm: str = "a") -> str:
    """A SQL condition: as ``kept_from``, of the visit behind an alarm, if there is one."""
    return (
        f"EXISTS (SELECT 1 FROM visits v WHERE v.id = coalesce((SELECT ks.visit_id FROM chain_forks kf"
        f" JOIN capture_sessions ks ON ks.id = kf.session_id WHERE kf.id = {alarm}.id),"
        f" (SELECT kc.visit_id FROM captures kc WHERE kc.id = {alarm}.capture_id)) AND {kept_from(person)})"
    )


async def may_hear(alarm_id: UUID, people: Sequence[UUID]) -> tuple[UUID, ...]:
    """Those of the people who may be told of an alarm, in their order."""
    rows = await db.fetch(
        "SELECT p.id FROM log_alarms a, unnest($2::uuid[]) WITH ORDINALITY AS p (id, n)"
        f" WHERE a.id = $1 AND NOT {alarm_kept_from('p.id')} ORDER BY p.n",
        alarm_id,
        list(people),
    )
    return tuple(row["id"] for row in rows)
