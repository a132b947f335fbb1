"""Bundles that were made. Whoever made one may fetch it for a day; after that it is made, and recorded, anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.bundles.errors import ExportEnded
from server.bundles.scope import ScopeKind
from server.kit import clock, db
from server.kit.errors import NotFound

GOOD_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Order:
    """Who makes a bundle of what, and what for."""

    id: UUID
    scope: ScopeKind
    target_id: UUID
    purpose: str
    personal: bool
    made_by: UUID
    maker_name: str
    made_at: datetime
    org_name: str

    @property
    def file_name(self) -> str:
        """Of the archive: what, when, which."""
        at = self.made_at.astimezone(clock.SHANGHAI)
        return f"zhicha-{self.scope}-{at:%Y%m%d-%H%M}-{str(self.id)[-8:]}.zip"


@dataclass(frozen=True, slots=True)
class Made:
    """What was fixed when a bundle was made: its table of contents, its report and the entries it tells."""

    order: Order
    bundle: bytes
    report: bytes
    case_json: bytes | None
    custody: tuple[UUID, ...]
    enrolments: tuple[UUID, ...]


async def made(actor: Actor, export_id: UUID) -> Made:
    """A bundle that the actor made.

    Raises:
        NotFound: no such bundle of this actor.
        ExportEnded: it is older than a day.
    """
    row = await db.fetch_one(
        "SELECT e.*, p.name AS maker_name, o.name AS org_name FROM evidence_exports e JOIN people p ON p.id = e.made_by"
        " JOIN organisations o ON o.id = e.org_id WHERE e.id = $1 AND e.org_id = $2 AND e.made_by = $3",
        export_id,
        actor.org_id,
        actor.person_id,
    )
    if row is None:
        raise NotFound
    if clock.now() - row["made_at"] > GOOD_FOR:
        raise ExportEnded
    return Made(
        _order(row),
        bytes(row["bundle"]),
        bytes(row["report"]),
        None if row["case_json"] is None else bytes(row["case_json"]),
        tuple(row["custody"]),
        tuple(row["enrolments"]),
    )


async def new_order(
    actor: Actor, export_id: UUID, scope: ScopeKind, target_id: UUID, purpose: str, personal: bool
) -> Order:
    """An order of the actor's, from now."""
    assert actor.person_id is not None
    org_name = await db.fetch_value("SELECT name FROM organisations WHERE id = $1", actor.org_id)
    return Order(export_id, scope, target_id, purpose, personal, actor.person_id, actor.name, clock.now(), org_name)


def _order(row: Any) -> Order:
    return Order(
        row["id"],
        row["scope"],
        row["target_id"],
        row["purpose"],
        row["personal"],
        row["made_by"],
        row["maker_name"],
        row["made_at"],
        row["org_name"],
    )
