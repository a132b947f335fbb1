"""What goes into a bundle, decided and proven when it is made, and its table of contents (``data/bundle.json``).

The digest of the table is logged with the act of making it. Later the archive is put together again from the table, so
whatever happens in between changes nothing in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.bundles import outside, proofs, trail, withholding
from server.bundles.errors import RecordAltered
from server.bundles.material import Material, Signed, StoredObject, gather
from server.bundles.orders import Order
from server.bundles.outside import Anchored
from server.bundles.proofs import Proofs
from server.bundles.scope import Scope
from server.bundles.trail import Entry
from server.bundles.withholding import Held
from server.journal.leaves import b64u
from server.kit import canonical, clock


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that goes into a bundle and into its report."""

    order: Order
    scope: Scope
    material: Material
    held: dict[UUID, Held]
    custody: Sequence[Entry]
    enrolments: Sequence[Entry]
    proofs: Proofs
    anchors: Sequence[Anchored]

    @property
    def withheld(self) -> list[dict[str, str]]:
        """The list of all that is left out."""
        return [line for one in self.material.statements for line in self.held[one.id].withheld]

    def copies(self) -> Iterator[tuple[Signed, StoredObject]]:
        """The copies that go along, with the statement they belong to."""
        for one in self.material.statements:
            for copy in self.material.copies.get(one.id, ()):
                if copy.kind in self.held[one.id].copies:
                    yield one, copy


async def contents(actor: Actor, order: Order, scope: Scope) -> Contents:
    """Read, choose and prove.

    Raises:
        LogPending: not everything is in the log yet. RecordAltered: a statement was changed since it came.
    """
    material = await gather(actor.org_id, dict.fromkeys(scope.sessions))
    if not all(one.intact for one in material.statements):
        raise RecordAltered
    custody, enrolments = await trail.custody(actor, scope), await trail.enrolments(actor, scope)
    told = leaves(material, custody, enrolments)
    proven = await outside.cosigned(await proofs.proven(told))
    return Contents(
        order,
        scope,
        material,
        withholding.choose(scope, material, personal=order.personal),
        custody,
        enrolments,
        proven,
        await outside.anchors(proven, (one.leaf for one in material.statements)),
    )


def leaves(material: Material, *entries: Iterable[Entry]) -> list[bytes]:
    """Every leaf that must be proven."""
    return [*(one.leaf for one in material.statements), *(entry.leaf for part in entries for entry in part)]


def case_json(scope: Scope) -> bytes | None:
    """``data/case.json`` of a bundle of a case."""
    if scope.kind != "case":
        return None
    cited = [{"stmt": b64u(one.statement_sha256), "capture": str(one.capture_id)} for one in scope.citations]
    return canonical.encode({"t": "case/1", "id": str(scope.target_id), "number": None, "citations": cited})


def bundle_json(found: Contents, report: bytes, case: bytes | None) -> bytes:
    """The table of contents."""
    order, chains = found.order, [found.material.of_session(session) for session in found.scope.sessions]
    return canonical.encode(
        {
            "t": "bundle/1",
            "id": str(order.id),
            "scope": found.scope.kind,
            "subject": str(found.scope.target_id),
            "made_ms": clock.to_ms(order.made_at),
            "made_by": str(order.made_by),
            "purpose": order.purpose,
            "origin": found.proofs.checkpoint.body.split("\n", 1)[0],
            "sessions": [
                {"id": str(chain[0].session_id), "count": len(chain) - 1, "last": b64u(chain[-1].sha256)}
                for chain in chains
            ],
            "copies": [copy_line(one, copy, found.material) for one, copy in found.copies()],
            "withheld": found.withheld,
            "custody": b64u(entries_digest(found.custody)),
            "keys": b64u(entries_digest(found.enrolments)),
            "case": None if case is None else b64u(hashlib.sha256(case).digest()),
            "report": b64u(hashlib.sha256(report).digest()),
        }
    )


def copy_line(one: Signed, copy: StoredObject, material: Material) -> dict[str, Any]:
    """How the table names a copy."""
    source = material.originals[one.id][copy.position].sha256
    return {"stmt": b64u(one.sha256), "kind": copy.kind, "sha256": b64u(copy.sha256), "from": b64u(source)}


def entries_digest(entries: Iterable[Entry]) -> bytes:
    """SHA-256 over the digests of the entries; without their proofs, which are made anew for each delivery."""
    return hashlib.sha256(b"".join(hashlib.sha256(entry.told).digest() for entry in entries)).digest()
