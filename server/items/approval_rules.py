"""What an item must have before leaders decide on it, and who may sign (D1.3–D1.6). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from server.access.roles import Role
from server.items.errors import (
    AlreadySigned,
    FirstSignatureMissing,
    HeadMustSign,
    OneSignatureDecides,
    OwnItemProposal,
    SignedByYou,
)
from server.items.kinds import BasisKind, Importance, Intensity, Mode, SignatureKind
from server.items.sources import SourceKind, Urgency
from server.kit.errors import FieldProblem

# Every text that must not be blank, every choice that must have been made: field, and what is missing.
_TEXTS = (
    ("proposal_text", "Write the proposal."),
    ("task", "Say what is to be done."),
    ("requirement", "Say by what standard the work is judged (工作标准)."),
    ("basis_text", "Name the decision, the order or the ground."),
    ("scope_text", "Say what is supervised and what is not."),
)
_CHOICES = (
    ("mode", "Choose how it is handled: forwarded, jointly, or by the office."),
    ("category", "Choose the category."),
    ("kind", "Choose the kind of supervision."),
    ("content_kind", "Choose what is supervised."),
    ("basis_kind", "Choose on what it is based."),
    ("handling_unit_id", "Name the unit that is responsible."),
    ("responsible_person_id", "Name the person who is responsible."),
    ("follow_up_id", "Name the follow-up officer."),
)


def missing(
    item: Mapping[str, Any], *, instruction: Mapping[str, Any] | None, office_unit: bool, levels_down: int = 1
) -> tuple[FieldProblem, ...]:
    """Everything that an item lacks before it may be approved (R4, R10, R17, R22, R25), each thing by its field.

    Args:
        item: the row of the item.
        instruction: the leader's instruction in force, or ``None``.
        office_unit: whether the handling unit is of the supervision office itself.
        levels_down: how many governments down the lowest of the units stands.
    """
    found = [FieldProblem(field=name, code="missing", detail=why) for name, why in _TEXTS if not item[name].strip()]
    found += [FieldProblem(field=name, code="missing", detail=why) for name, why in _CHOICES if item[name] is None]
    found += _mode_problems(item, office_unit)
    if levels_down > 1 and not item["level_reason"].strip():
        found.append(_problem("level_reason", "necessity_missing", "Say why more than one level down is necessary."))
    stated = item["stated_limit_n"] is not None or item["stated_due_at"] is not None
    if stated and not item["stated_by"].strip():
        found.append(_problem("stated_by", "stated_by_missing", "Say who stated the limit."))
    if item["source_kind"] == SourceKind.LEADER_INSTRUCTION:
        if instruction is None:
            found.append(_problem("instruction", "instruction_missing", "Record leader, date and wording."))
        elif instruction["attachment_id"] is None:
            found.append(_problem("instruction", "annotated_document_missing", "Attach the annotated document."))
    return tuple(found)


def _mode_problems(item: Mapping[str, Any], office_unit: bool) -> list[FieldProblem]:
    """R17: one unit, one lead with at least one assisting, or the office itself with a reason."""
    mode, assists = item["mode"], item["assist_unit_ids"]
    found = []
    if mode == Mode.JOINT and not assists:
        found.append(_problem("assist_unit_ids", "assist_missing", "Joint handling has at least one assisting unit."))
    if mode in (Mode.FORWARD, Mode.SELF) and assists:
        found.append(_problem("assist_unit_ids", "assist_not_joint", "Only joint handling has assisting units."))
    if mode == Mode.SELF:
        if not item["mode_reason"].strip():
            found.append(_problem("mode_reason", "mode_reason_missing", "Say why the office handles it itself."))
        if item["handling_unit_id"] is not None and not office_unit:
            found.append(_problem("handling_unit_id", "not_the_office", "The office itself is the handling unit."))
    elif mode is not None and office_unit:
        found.append(_problem("handling_unit_id", "office_itself", "The office hands over to another unit."))
    return found


def _problem(field: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(field=field, code=code, detail=detail)


def check_signer(
    kind: SignatureKind,
    signer: UUID | None,
    held: Collection[Role],
    *,
    basis: str | None,
    proposers: Collection[UUID],
    signed: Mapping[str, UUID],
    needed: int = 2,
) -> None:
    """Refuse a signature that the rules do not give to this person now.

    Args:
        kind: which signature.
        signer: who signs.
        held: the roles of who signs.
        basis: the basis of the item; an own proposal needs the head of government.
        proposers: everybody who wrote at the proposal or sent it up.
        signed: the signatures of this round, kind to person.
        needed: how many signatures the rules asked for when the proposal went up.

    Raises:
        OwnItemProposal, AlreadySigned, OneSignatureDecides, FirstSignatureMissing, SignedByYou, HeadMustSign: as
            named.
    """
    if signer in proposers:
        raise OwnItemProposal
    if kind == SignatureKind.FIRST:
        if needed == 1:
            raise OneSignatureDecides
        if signed:
            raise AlreadySigned
        return
    if needed > 1 and SignatureKind.FIRST not in signed:
        raise FirstSignatureMissing
    if SignatureKind.SECOND in signed:
        raise AlreadySigned
    if signer in signed.values():
        raise SignedByYou
    if basis == BasisKind.PROPOSAL and Role.HEAD not in held:
        raise HeadMustSign


def intensity_of(importance: str, urgency: str) -> Intensity:
    """R27: important → key, urgent → tracking, else periodic supervision."""
    if importance == Importance.IMPORTANT:
        return Intensity.KEY
    return Intensity.PERIODIC if urgency == Urgency.ORDINARY else Intensity.TRACKING
