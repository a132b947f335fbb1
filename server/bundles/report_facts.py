"""What the report tells beyond the bundle's own files: names of people and phones, the machine and its programs."""

from __future__ import annotations

import platform
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from uuid import UUID

from server.access.actor import Actor
from server.access.passkeys import bound_party
from server.bundles.material import Material, Signed
from server.bundles.trail import Entry
from server.bundles.withholding import body
from server.kit import db


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as its owner named it."""

    name: str
    platform: str


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """What lists know of a capture beyond its statement."""

    flags: tuple[str, ...]
    discarded: bool
    decision: str


@dataclass(frozen=True, slots=True)
class Machine:
    """The computers' side of generation, storage and transmission."""

    product: str
    python: str
    tls: str
    database: str
    system: str
    store: str
    encrypted: bool | None
    """Whether the address that people open is one of https; ``None`` where no address is bound."""


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All that the report looks up."""

    people: dict[UUID, str]
    phones: dict[UUID, Phone]
    captures: dict[UUID, CaptureFacts]
    machine: Machine


async def look_up(actor: Actor, material: Material, entries: Sequence[Entry]) -> ReportFacts:
    """The facts for the report on this material."""
    openings = [body(one) for one in material.statements if one.kind == "session/1"]
    people = {UUID(told["who"]) for told in openings} | {entry.actor_id for entry in entries if entry.actor_id}
    return ReportFacts(
        await _people(actor, people),
        await _phones(actor, {UUID(told["device"]) for told in openings}),
        await _captures([one for one in material.statements if one.kind == "capture/1"]),
        await machine(),
    )


async def _people(actor: Actor, ids: set[UUID]) -> dict[UUID, str]:
    rows = await db.fetch(
        "SELECT id, name FROM people WHERE org_id = $1 AND id = ANY($2::uuid[])", actor.org_id, list(ids)
    )
    return {row["id"]: row["name"] for row in rows}


async def _phones(actor: Actor, ids: set[UUID]) -> dict[UUID, Phone]:
    rows = await db.fetch(
        "SELECT id, name, platform FROM devices WHERE org_id = $1 AND id = ANY($2::uuid[])", actor.org_id, list(ids)
    )
    return {row["id"]: Phone(row["name"], row["platform"]) for row in rows}


async def _captures(statements: list[Signed]) -> dict[UUID, CaptureFacts]:
    rows = await db.fetch(
        "SELECT id, decision, discarded_at,"
        " ARRAY(SELECT jsonb_array_elements_text(coalesce(facts->'flags', '[]'))) AS flags"
        " FROM captures WHERE id = ANY($1::uuid[])",
        [one.id for one in statements],
    )
    return {
        row["id"]: CaptureFacts(tuple(row["flags"]), row["discarded_at"] is not None, row["decision"]) for row in rows
    }


async def machine() -> Machine:
    """The programs that run here; no names or addresses of machines."""
    try:
        product = version("zhicha")
    except PackageNotFoundError:
        product = "0"
    from server.kit import media

    return Machine(
        product=f"直查 Zhicha {product}",
        python=f"Python {platform.python_version()}",
        tls=ssl.OPENSSL_VERSION,
        database=f"PostgreSQL {await db.fetch_value('SHOW server_version')}",
        system=f"{platform.system()} {platform.machine()}",
        store=type(media.store()).__name__,
        encrypted=party.origin.startswith("https:") if (party := bound_party()) else None,
    )
