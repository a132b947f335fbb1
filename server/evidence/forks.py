"""Reading the forks of a phone's chains: for those who look into alarms."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from server.access.actor import Actor
from server.access.roles import Permission
from server.access.schemas import NamedView
from server.evidence.commands.forks import MOST
from server.evidence.hearing import kept_from
from server.evidence.statements import to_b64u
from server.kit import db
from server.kit.errors import NotFound
from server.kit.structs import View
from server.visits.scope import inside, visible_to

_SHOWN = 10 * MOST


class ForkView(View):
    """A refused statement of a known key. ``place``: another stands at ``seq``; ``link``: it follows another than what
    stands before it; ``key``: it opens a second chain. Digests are lower-case hex.

    ``statement`` and ``signature`` are the exact bytes, base64url, for who may read evidence and belongs to the
    inspecting side of this visit: a statement names the visit, its item and its site.
    """

    id: UUID
    kind: Literal["place", "link", "key"]
    session_id: UUID
    seq: int
    by: NamedView
    stands_sha256: str
    statement_sha256: str
    statement: str | None
    signature: str | None
    received_at: datetime


async def forks(actor: Actor, device_id: UUID) -> list[ForkView]:
    """What forked in the chains of a phone of the organisation, the newest first, without what is kept from the reader.

    Raises:
        NotFound: no such phone.
    """
    if not await db.fetch_value("SELECT true FROM devices WHERE id = $1 AND org_id = $2", device_id, actor.org_id):
        raise NotFound
    visible, seeing = visible_to(actor, 5)
    within, belonging = inside(actor, 5 + len(seeing))
    rows = await db.fetch(
        f"SELECT f.*, p.name, $3::bool AND {visible} AND {within} AS bytes_too"
        " FROM chain_forks f JOIN people p ON p.id = f.person_id"
        " JOIN capture_sessions s ON s.id = f.session_id JOIN visits v ON v.id = s.visit_id"
        f" WHERE f.device_id = $1 AND NOT {kept_from('$4::uuid')} ORDER BY f.received_at DESC, f.id DESC LIMIT $2",
        device_id,
        _SHOWN,
        actor.may(Permission.EVIDENCE_READ),
        actor.person_id,
        *seeing,
        *belonging,
    )
    return [
        ForkView(
            id=row["id"],
            kind=row["kind"].lower(),
            session_id=row["session_id"],
            seq=row["seq"],
            by=NamedView(id=row["person_id"], name=row["name"]),
            stands_sha256=bytes(row["stands_sha256"]).hex(),
            statement_sha256=bytes(row["statement_sha256"]).hex(),
            statement=to_b64u(bytes(row["statement"])) if row["bytes_too"] else None,
            signature=to_b64u(bytes(row["signature"])) if row["bytes_too"] else None,
            received_at=row["received_at"],
        )
        for row in rows
    ]


@get("/devices/{device_id:uuid}/forks", opt={"permission": Permission.ALARM_READ})
async def list_forks(device_id: FromPath[UUID], actor: NamedDependency[Actor]) -> list[ForkView]:
    """What this phone's keys signed beside what stands in its chains."""
    return await forks(actor, device_id)


router = Router("/", route_handlers=[list_forks])
