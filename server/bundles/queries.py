"""How far a bundle has come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.schemas import NamedView
from server.bundles import build, outside
from server.bundles.orders import made
from server.bundles.schemas import BundleView
from server.bundles.scope import scope_of
from server.kit import db


async def bundle(actor: Actor, export_id: UUID) -> BundleView:
    """A bundle that the actor made: what is in it, and whether everything in it is proven yet.

    Raises:
        NotFound: no such bundle, or what it is of no longer exists for the actor. ExportEnded: it is too old.
    """
    found = await made(actor, export_id)
    order = found.order
    scope = await scope_of(actor, order.scope, order.target_id)
    standing = await build.standing(actor, found)
    async with db.connection() as conn:
        witnesses = await outside.seen(conn)
    table: dict[str, Any] = msgspec.json.decode(found.bundle)
    left_out = [(line["what"], line["why"]) for line in table["withheld"]]
    return BundleView(
        id=order.id,
        scope=order.scope,
        target_id=order.target_id,
        title=scope.title,
        purpose=order.purpose,
        personal=order.personal,
        made_by=NamedView(id=order.made_by, name=order.maker_name),
        made_at=order.made_at,
        statements=sum(session["count"] + 1 for session in table["sessions"]),
        originals_absent=left_out.count(("original", "awaited")),
        personal_withheld=left_out.count(("private", "personal")),
        state="waiting" if standing.waiting else "ready",
        waiting=standing.waiting,
        stamped=standing.stamped,
        witnessed=standing.witnessed,
        witnesses_signed=witnesses.signed,
        witnesses_needed=witnesses.needed,
        file_name=order.file_name,
    )
