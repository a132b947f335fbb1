"""May this piece of evidence be believed? The chain of one capture, step by step, checked again at this moment.

Each step says how it stands (``good``, ``info``, ``warn``, ``bad``) in a code that the desk puts into plain words, and
keeps digests and numbers apart for those who want them. ``bad`` is only what contradicts itself; what is merely not
there yet is ``warn``. Not a verdict on what the picture shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from server.access.actor import Actor
from server.bundles import trail
from server.bundles.judged import precedes
from server.bundles.material import Material, Signed, gather
from server.bundles.scope import Scope, scope_of
from server.bundles.trust_schemas import CaptureTrustView, HandledView, Level, TechnicalView, TrustStepView, Verdict
from server.bundles.withholding import body
from server.evidence import facts
from server.evidence import queries as evidence
from server.evidence.events import OriginalDiffers
from server.evidence.schemas import EvidenceView
from server.journal.leaves import b64u, leaf_hash
from server.kit import db
from server.kit.errors import NotFound
from server.tlog import queries as tlog
from server.tlog.anchors import queries as stamps
from server.tlog.anchors.outside import outside
from server.tlog.anchors.queries import Anchor
from server.tlog.proofs import ProofFails, check_inclusion
from server.tlog.queries import Checkpoint, Inclusion
from server.visits.scope import inside

_GRAVITY: Final[dict[Level, int]] = {"good": 0, "info": 0, "warn": 1, "bad": 2}
_LEVELS: Final[tuple[Verdict, ...]] = ("good", "warn", "bad")
_DETAILS: Final = ("decision", "outcome", "way")
_REMARKABLE: Final[dict[str, Level]] = {
    facts.AFTER_REVOCATION: "warn",
    facts.OUTSIDE_SESSION: "warn",
    "revocation_asked": "warn",
    "device_unconfirmed": "warn",
    "late": "warn",
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a leaf stands in the log, if it does, and whether the proof of it holds."""

    checkpoint: Checkpoint | None
    inclusion: Inclusion | None
    holds: bool


async def trust(actor: Actor, capture_id: UUID) -> CaptureTrustView:
    """The chain of one capture as it stands now; for the inspecting side.

    Raises:
        NotFound: no such capture, or none that the actor knows from inside.
    """
    scope = await scope_of(actor, "capture", capture_id)
    await _must_be_inside(actor, scope)
    view = await evidence.capture(actor, capture_id)
    material = await gather(actor.org_id, dict.fromkeys(scope.sessions))
    chain = material.of_session(scope.sessions[0])
    own = next(one for one in chain if one.id == capture_id)
    phone = await db.fetch_value("SELECT name FROM devices WHERE id = $1", UUID(body(chain[0])["device"]))
    place = await _place(own)
    entries = await trail.custody(actor, scope)
    handled = await _handled(actor, entries)
    differs = any(line.act == OriginalDiffers.KIND for line in handled)
    stamp = await _stamp(place)
    steps = (
        _taken(view, own, phone or ""),
        _signed(view, own),
        _complete(view, chain),
        _received(view, material, own, differs=differs),
        _logged(own, place),
        _stamped(stamp),
        *await _judged(view, stamp, entries),
        await _witnessed(place),
    )
    worst = max(_GRAVITY[step.level] for step in steps)
    return CaptureTrustView(capture_id=capture_id, level=_LEVELS[worst], steps=steps, handled=handled)


async def _must_be_inside(actor: Actor, scope: Scope) -> None:
    condition, args = inside(actor, 2)
    if not await db.fetch_value(f"SELECT {condition} FROM visits v WHERE v.id = $1", scope.visits[0], *args):
        raise NotFound


def _taken(view: EvidenceView, own: Signed, phone: str) -> TrustStepView:
    told = body(own)
    source = next((one for one in ("import", "file") if any(m["src"] == one for m in told["media"])), "camera")
    remarks = tuple(reason.code for reason in view.plausibility if reason.code in _REMARKABLE)
    return TrustStepView(
        step="taken",
        state=source,
        level="warn" if remarks or source != "camera" else "good",
        params={"who": view.author.name, "phone": phone},
        at=view.captured_at,
        remarks=remarks,
        technical=(_technical("key", told["dev"]),),
    )


def _signed(view: EvidenceView, own: Signed) -> TrustStepView:
    signature_ok = view.chain.signature_ok and own.intact
    return TrustStepView(
        step="signed",
        state="ok" if signature_ok else "broken",
        level="good" if signature_ok else "bad",
        params={},
        at=None,
        remarks=(),
        technical=(
            _technical("statement", own.sha256.hex()),
            _technical("envelope", hashlib.sha256(own.statement + own.signature).hexdigest()),
        ),
    )


def _complete(view: EvidenceView, chain: Sequence[Signed]) -> TrustStepView:
    whole = all(_links(chain))
    seal = next((one for one in chain if one.kind == "seal/1"), None)
    counted = seal is None or body(seal)["count"] == seal.seq - 1
    state = "broken" if not (whole and counted) else "sealed" if seal else "open"
    levels: dict[str, Level] = {"broken": "bad", "sealed": "good", "open": "warn"}
    technical = [_technical("chain", str(view.chain.session_id)), _technical("head", chain[-1].sha256.hex())]
    if seal is not None:
        technical.append(_technical("seal", b64u(seal.sha256)))
    return TrustStepView(
        step="complete",
        state=state,
        level=levels[state],
        params={"number": view.chain.seq, "count": sum(one.kind == "capture/1" for one in chain)},
        at=None,
        remarks=(),
        technical=tuple(technical),
    )


def _links(chain: Sequence[Signed]) -> Iterator[bool]:
    for before, after in pairwise(chain):
        told = body(after)
        yield after.seq == told["seq"] == before.seq + 1
        yield told["prev"] == b64u(hashlib.sha256(before.statement).digest())


def _received(view: EvidenceView, material: Material, own: Signed, *, differs: bool) -> TrustStepView:
    named = {medium["sha256"] for medium in body(own)["media"]}
    files = material.originals.get(own.id, [])
    here = sum(file.received for file in files)
    same = {b64u(file.sha256) for file in files} == named
    state = "broken" if not same else "differs" if differs else "all" if here == len(files) else "partial"
    levels: dict[str, Level] = {"broken": "bad", "differs": "bad", "all": "good", "partial": "warn"}
    return TrustStepView(
        step="received",
        state=state,
        level=levels[state],
        params={"here": here, "total": len(files)},
        at=view.received_at,
        remarks=(),
        technical=tuple(_technical("original", file.sha256.hex()) for file in files),
    )


async def _place(own: Signed) -> _Place:
    digest = leaf_hash(own.leaf)
    async with db.connection() as conn:
        checkpoint = await tlog.latest_checkpoint(conn)
        if checkpoint is None:
            return _Place(None, None, holds=True)
        found = (await tlog.inclusions(conn, [digest], checkpoint.size)).get(digest)
    if found is None:
        return _Place(checkpoint, None, holds=True)
    try:
        check_inclusion(digest, found.index, found.size, found.hashes, checkpoint.root)
    except ProofFails:
        return _Place(checkpoint, found, holds=False)
    return _Place(checkpoint, found, holds=True)


def _logged(own: Signed, place: _Place) -> TrustStepView:
    # What was changed has a leaf that the log does not know; that is not the same as not being in it yet.
    state = "broken" if not (place.holds and own.intact) else "waiting" if place.inclusion is None else "in"
    levels: dict[str, Level] = {"waiting": "warn", "in": "good", "broken": "bad"}
    technical = [_technical("leaf", leaf_hash(own.leaf).hex())]
    if place.inclusion is not None and place.checkpoint is not None:
        technical.append(_technical("index", str(place.inclusion.index)))
        technical.append(_technical("checkpoint", str(place.checkpoint.size)))
        technical.append(_technical("root", b64u(place.checkpoint.root)))
    return TrustStepView(
        step="logged",
        state=state,
        level=levels[state],
        params={},
        at=None,
        remarks=(),
        technical=tuple(technical),
    )


async def _stamp(place: _Place) -> Anchor | None:
    if place.inclusion is None:
        return None
    async with db.connection() as conn:
        return await stamps.earliest_covering(conn, place.inclusion.index)


def _stamped(stamp: Anchor | None) -> TrustStepView:
    if stamp is None:
        state = "waiting" if outside().authorities else "none"
        return TrustStepView(step="stamped", state=state, level="warn", params={}, at=None, remarks=(), technical=())
    return TrustStepView(
        step="stamped",
        state="stamped",
        level="good",
        params={"who": stamp.tsa},
        at=stamp.gen_time,
        remarks=(),
        technical=(_technical("checkpoint", str(stamp.size)), _technical("imprint", stamp.imprint.hex())),
    )


async def _judged(view: EvidenceView, stamp: Anchor | None, entries: Sequence[trail.Entry]) -> list[TrustStepView]:
    """Whether the stamp came before the review that counts; where nobody stamps, there is nothing to say."""
    review = view.review
    if review is None or not (stamp or outside().authorities):
        return []
    told = next((one for one in entries if one.data.get("review_id") == str(review.id)), None)
    index, ordered = await _order(told)
    params: dict[str, str | int] = {"who": review.by.name, "reviewed_at": review.at.isoformat()}
    state = "without"
    if stamp is not None:
        before = precedes(stamp.size, stamp.gen_time, stamp.at, judged=review.at, index=index)
        state = ("before" if before else "after") if ordered else "unproven"
        params["stamped_at"] = stamp.gen_time.isoformat()
    return [
        TrustStepView(
            step="judged",
            state=state,
            level="good" if state == "before" else "warn",
            params=params,
            at=None,
            remarks=(),
            technical=() if index is None else (_technical("reviewed", str(index)),),
        )
    ]


async def _order(told: trail.Entry | None) -> tuple[int | None, bool]:
    """An act's place in the log, if it has one yet; and whether it has one or waits for one, as it stands."""
    if told is None:
        return None, False
    row = await db.fetch_one(
        "SELECT (SELECT idx FROM log_leaves WHERE leaf_hash = $1) AS idx,"
        " EXISTS (SELECT 1 FROM log_pending WHERE $2 = ANY(leaves)) AS waits",
        leaf_hash(told.leaf),
        told.leaf,
    )
    assert row is not None
    return row["idx"], row["idx"] is not None or row["waits"]


async def _witnessed(place: _Place) -> TrustStepView:
    names: list[str] = []
    size, at = 0, None
    if place.inclusion is not None:
        async with db.connection() as conn:
            rows = await conn.fetch(
                "SELECT DISTINCT ON (witness) witness, size, signed_at FROM log_cosignatures WHERE size > $1"
                " ORDER BY witness, size",
                place.inclusion.index,
            )
        names = [row["witness"] for row in rows]
        size, at = (rows[0]["size"], min(row["signed_at"] for row in rows)) if rows else (0, None)
    state = "witnessed" if names else "waiting" if outside().witnesses else "none"
    levels: dict[str, Level] = {"witnessed": "good", "waiting": "info", "none": "info"}
    return TrustStepView(
        step="witnessed",
        state=state,
        level=levels[state],
        params={"count": len(names), "who": "、".join(names)},
        at=at,
        remarks=(),
        technical=(_technical("checkpoint", str(size)),) if names else (),
    )


async def _handled(actor: Actor, entries: Sequence[trail.Entry]) -> tuple[HandledView, ...]:
    told = [entry for entry in entries if not entry.kind.startswith("capture_session.")]
    names = await db.fetch(
        "SELECT id, name FROM people WHERE org_id = $1 AND id = ANY($2::uuid[])",
        actor.org_id,
        list({entry.actor_id for entry in told if entry.actor_id}),
    )
    people: dict[Any, str] = {row["id"]: row["name"] for row in names}
    return tuple(
        HandledView(
            at=entry.at,
            act=entry.kind,
            by=people.get(entry.actor_id),
            detail=str(next((entry.data[one] for one in _DETAILS if entry.data.get(one)), "")),
        )
        for entry in told
    )


def _technical(label: str, value: str) -> TechnicalView:
    return TechnicalView(label=label, value=value)
