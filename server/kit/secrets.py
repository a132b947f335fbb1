"""Keys of the installation, made at the first start and the same on every node."""

from __future__ import annotations

from collections.abc import Callable

from server.kit import clock, db


async def installation_secret(name: str, make: Callable[[], bytes]) -> bytes:
    """The secret of that name; made once, even when several nodes start at the same moment."""
    found = await db.fetch_value("SELECT value FROM installation_secrets WHERE name = $1", name)
    if found is None:
        await db.execute(
            "INSERT INTO installation_secrets (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            name,
            make(),
            clock.now(),
        )
        found = await db.fetch_value("SELECT value FROM installation_secrets WHERE name = $1", name)
    return bytes(found)
