"""Who of a list of people may do something; for commands that name people."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import ROLE_PERMISSIONS, Permission
from server.kit import db


async def active_holders(actor: Actor, people: Collection[UUID], permission: Permission) -> bool:
    """Whether all of these people are active in the actor's organisation and hold a role with this permission."""
    wanted = set(people)
    roles = [role.value for role, held in ROLE_PERMISSIONS.items() if permission in held]
    found = await db.fetch_value(
        "SELECT count(*) FROM people p WHERE p.org_id = $1 AND p.id = ANY($2::uuid[]) AND p.active AND EXISTS ("
        "SELECT 1 FROM role_grants g WHERE g.person_id = p.id AND g.revoked_at IS NULL AND g.role = ANY($3::text[]))",
        actor.org_id,
        list(wanted),
        roles,
    )
    return bool(found == len(wanted))
