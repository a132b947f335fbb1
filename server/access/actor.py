"""Who acts: the signed-in person with the roles held at this moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from server.access.roles import Permission, Role, permissions_of
from server.kit.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting now. ``session_id`` is empty for jobs and commands of the installation itself."""

    person_id: UUID | None
    org_id: UUID
    unit_id: UUID | None
    name: str
    roles: frozenset[Role]
    session_id: UUID | None = None
    csrf_token: str = ""
    by_cookie: bool = False
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "permissions", permissions_of(self.roles))

    def may(self, permission: Permission) -> bool:
        """Whether the roles include the act."""
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        """Refuse unless the roles include the act.

        Raises:
            NotPermitted: they do not.
        """
        if permission not in self.permissions:
            raise NotPermitted(params={"permission": permission.value})

    def has(self, *roles: Role) -> bool:
        """Whether any of the roles is held."""
        return not self.roles.isdisjoint(roles)


def system_actor(org_id: UUID) -> Actor:
    """The installation itself, as the cause of what jobs record."""
    return Actor(person_id=None, org_id=org_id, unit_id=None, name="系统", roles=frozenset())
