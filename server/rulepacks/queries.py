"""Reading rule packs."""

from __future__ import annotations

from uuid import UUID

from server.rulepacks import shipped
from server.rulepacks.errors import UnknownPack
from server.rulepacks.rules import RulePack


async def pack_in_force(org_id: UUID) -> RulePack:
    """The pack by which new items are made today."""
    return shipped.packs()[shipped.DEFAULT]


async def pack_of(org_id: UUID, label: str) -> RulePack:
    """A pack by its label: the version under which an old item was made.

    Raises:
        UnknownPack: neither shipped nor of this organisation.
    """
    pack = shipped.packs().get(label)
    if pack is None:
        raise UnknownPack(params={"label": label})
    return pack
