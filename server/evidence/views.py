"""Putting a capture and all that hangs on it together for the desk; the only place that formats."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec

from server.access.schemas import NamedView
from server.evidence import facts, rules
from server.evidence.schemas import (
    ChainView,
    CitedByCaseView,
    ClockView,
    CommentView,
    CosignatureView,
    DerivedView,
    DiscardView,
    EvidenceItemView,
    EvidenceSiteView,
    EvidenceView,
    EvidenceVisitView,
    ExifView,
    FieldNoteView,
    OriginalView,
    PasskeyCheckView,
    PositionView,
    QuestionView,
    ReviewView,
    ShownByFindingView,
)
from server.evidence.signatures import signature_holds
from server.evidence.statements import to_b64u
from server.items.numbers import register_no
from server.kit import clock


@dataclass(frozen=True, slots=True)
class Kin:
    """What hangs on the captures of a page, by capture."""

    originals: Mapping[UUID, list[Any]]
    derivatives: Mapping[UUID, list[Any]]
    reviews: Mapping[UUID, list[Any]]
    queries: Mapping[UUID, list[Any]]
    comments: Mapping[UUID, list[Any]]
    findings: Mapping[UUID, list[Any]]
    discards: Mapping[UUID, list[Any]]
    notes: Mapping[UUID, list[Any]]
    differing: Mapping[UUID, list[Any]]
    forked: Mapping[UUID, list[Any]]
    counters: Mapping[UUID, list[Any]]
    cases: Mapping[UUID, list[CitedByCaseView]]
    inside: frozenset[UUID]
    """Captures whose visit the reader knows as one of the inspecting side."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Exact bytes of one capture where they are to be checked again, and what stands around its chain."""

    row: Any
    cosignatures: Sequence[Any]
    passkeys: Sequence[Any]


def evidence_view(row: Any, kin: Kin, proof: Proof | None) -> EvidenceView:
    """The view of one capture; with ``proof`` its signature and its link are checked again."""
    capture_id = row["id"]
    known = facts.decode(row["facts"])
    originals = _originals(kin.originals.get(capture_id, ()), kin.derivatives.get(capture_id, ()))
    reviews = kin.reviews.get(capture_id, ())
    discards = kin.discards.get(capture_id, ())
    view = EvidenceView(
        id=capture_id,
        visit=EvidenceVisitView(id=row["visit_id"], title=row["visit_title"], state=row["visit_state"]),
        item=EvidenceItemView(
            id=row["item_id"],
            register_no=register_no(row["register_year"], row["register_seq"]),
            title=row["item_title"],
        ),
        site=_site(row),
        author=NamedView(id=row["person_id"], name=row["author_name"]),
        captured_at=row["captured_at"],
        received_at=row["received_at"],
        discarded_at=row["discarded_at"],
        discards=[_discard(one, from_inside=capture_id in kin.inside) for one in discards],
        note=row["note"],
        field_notes=[_field_note(one) for one in kin.notes.get(capture_id, ())],
        clock=_clock(row, known),
        position=_position(row, known),
        distance_m=row["distance_m"],
        originals=originals,
        derived=originals[0].derived if originals else DerivedView(thumb=False, preview=False, watermark=False),
        statement_sha256=bytes(row["statement_sha256"]).hex(),
        env_sha256=bytes(row["env_sha256"]).hex(),
        chain=_chain(row, proof, from_inside=capture_id in kin.inside),
        plausibility=rules.reasons(_observed(row, known, kin)),
        decision=row["decision"].lower(),
        review=_review(reviews[-1]) if reviews else None,
        reviews=[_review(one) for one in reviews],
        queries=[_question(one) for one in kin.queries.get(capture_id, ())],
        comments=[
            CommentView(
                id=one["id"], text=one["text"], by=NamedView(id=one["person_id"], name=one["name"]), at=one["at"]
            )
            for one in kin.comments.get(capture_id, ())
        ],
        findings=[
            ShownByFindingView(id=one["id"], text=one["text"], severity=one["severity"])
            for one in kin.findings.get(capture_id, ())
        ],
        cases=list(kin.cases.get(capture_id, ())),
        etag="",
    )
    view.etag = '"' + hashlib.sha256(msgspec.json.encode(view)).hexdigest()[:24] + '"'
    return view


def _site(row: Any) -> EvidenceSiteView | None:
    if row["known_site_id"] is None:
        return None
    return EvidenceSiteView(
        id=row["known_site_id"],
        name=row["site_name"],
        address=row["address"],
        lat_e7=row["site_lat"],
        lon_e7=row["site_lon"],
        radius_m=row["radius_m"],
    )


def _clock(row: Any, known: facts.Facts) -> ClockView:
    anchor, skew = known.anchor, None
    if anchor is not None and row["mono_ms"] >= anchor.mono_ms:
        skew = row["wall_ms"] - anchor.srv_ms - (row["mono_ms"] - anchor.mono_ms)
    return ClockView(wall_ms=row["wall_ms"], mono_ms=row["mono_ms"], tz_min=known.tz_min, server_skew_ms=skew)


def _position(row: Any, known: facts.Facts) -> PositionView | None:
    if row["lat_e7"] is None:
        return None
    return PositionView(
        lat_e7=row["lat_e7"],
        lon_e7=row["lon_e7"],
        acc_cm=row["acc_cm"],
        alt_cm=known.alt_cm,
        fixed_at=clock.from_ms(row["fix_ms"]),
    )


def _originals(rows: Sequence[Any], copies: Sequence[Any]) -> list[OriginalView]:
    kinds: dict[bytes | None, set[str]] = {}
    for one in copies:
        kinds.setdefault(one["source_sha256"], set()).add(one["kind"])
    # The phone's own preview names no original: it was drawn from the first.
    return [
        _original(one, kinds.get(one["sha256"], set()) | (kinds.get(None, set()) if one["position"] == 0 else set()))
        for one in rows
    ]


def _original(one: Any, kinds: set[str]) -> OriginalView:
    state: Literal["awaited", "received", "unreadable"] = "awaited"
    if one["received_at"] is not None:
        state = "received" if one["unreadable"] is None else "unreadable"
    return OriginalView(
        sha256=bytes(one["sha256"]).hex(),
        bytes=one["bytes"],
        type=one["media_type"],
        width=one["width"],
        height=one["height"],
        source=one["source"],
        received_at=one["received_at"],
        state=state,
        reason=one["unreadable"],
        derived=DerivedView(thumb="thumb" in kinds, preview="preview" in kinds, watermark="watermark" in kinds),
        exif=ExifView(**msgspec.structs.asdict(facts.decode_exif(one["exif"]))) if one["exif"] else None,
    )


def _chain(row: Any, proof: Proof | None, *, from_inside: bool) -> ChainView:
    prev_ok = signature_ok = True
    if proof is not None:
        statement = bytes(proof.row["statement"])
        signature_ok = signature_holds(bytes(proof.row["spki"]), statement, bytes(proof.row["signature"]))
        prev_ok = msgspec.json.decode(statement)["prev"] == to_b64u(bytes(proof.row["before"]))
    return ChainView(
        session_id=row["session_id"],
        seq=row["seq"],
        prev_ok=prev_ok,
        signature_ok=signature_ok,
        sealed=row["sealed_at"] is not None,
        seal_sha256=bytes(proof.row["seal"]).hex() if proof and proof.row["seal"] else None,
        cosignatures=[_cosignature(one, from_inside=from_inside) for one in proof.cosignatures] if proof else [],
        passkeys=[
            PasskeyCheckView(beside=one["beside"], holds=one["problem"] == "", problem=one["problem"])
            for one in (proof.passkeys if proof else ())
        ],
    )


def _cosignature(one: Any, *, from_inside: bool) -> CosignatureView:
    return CosignatureView(
        id=one["id"],
        party=one["party"].lower(),
        outcome=one["outcome"].lower(),
        name=one["name"] if from_inside else None,
        post=one["post"] if from_inside else None,
        reason=one["reason"] if from_inside else None,
        at=clock.from_ms(one["wall_ms"]),
    )


def _discard(one: Any, *, from_inside: bool) -> DiscardView:
    return DiscardView(
        id=one["id"],
        effective=one["outcome"] == "VOID",
        reason=one["reason"] if from_inside else None,
        declared_at=clock.from_ms(one["wall_ms"]),
        received_at=one["received_at"],
    )


def _field_note(one: Any) -> FieldNoteView:
    return FieldNoteView(
        id=one["id"],
        text=one["text"],
        by=NamedView(id=one["person_id"], name=one["name"]),
        written_at=clock.from_ms(one["wall_ms"]),
        received_at=one["received_at"],
    )


def _review(one: Any) -> ReviewView:
    return ReviewView(
        id=one["id"],
        decision=one["decision"].lower(),
        reason=one["reason"],
        by=NamedView(id=one["person_id"], name=one["name"]),
        at=one["at"],
    )


def _question(one: Any) -> QuestionView:
    return QuestionView(
        id=one["id"],
        text=one["text"],
        asked_by=NamedView(id=one["asked_by"], name=one["name"]),
        asked_at=one["asked_at"],
        answer=one["answer"],
        answered_at=one["answered_at"],
    )


def _observed(row: Any, known: facts.Facts, kin: Kin) -> rules.Observed:
    originals, discards = kin.originals.get(row["id"], ()), kin.discards.get(row["id"], ())
    return rules.Observed(
        wall_ms=row["wall_ms"],
        mono_ms=row["mono_ms"],
        received_ms=clock.to_ms(row["received_at"]),
        lat_e7=row["lat_e7"],
        lon_e7=row["lon_e7"],
        acc_cm=row["acc_cm"],
        fix_ms=row["fix_ms"],
        distance_m=row["distance_m"],
        radius_m=row["radius_m"],
        facts=known,
        device_confirmed=row["device_confirmed_at"] is not None,
        device_enrolled_ms=clock.to_ms(row["device_enrolled_at"]),
        discard_refused=any(one["outcome"] == "CITED" for one in discards) and row["discarded_at"] is None,
        original_differs=row["id"] in kin.differing,
        chain_forked=row["id"] in kin.forked,
        passkey_counter_stood=row["id"] in kin.counters,
        exif=tuple(facts.decode_exif(one["exif"]) for one in originals if one["exif"]),
    )
