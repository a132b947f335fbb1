"""Which acts on an item a person may take now, as the desk offers them. Pure; the commands decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.items.approval_rules import check_signer
from server.items.kinds import Mode, SignatureKind
from server.items.lifecycle import LIFECYCLE, ItemState
from server.kit.errors import DomainError

_SIGNATURES = {"review_first": SignatureKind.FIRST, "establish": SignatureKind.SECOND}


def possible_acts(
    actor: Actor, row: Mapping[str, Any], signed: Mapping[str, UUID], writers: Collection[UUID]
) -> tuple[str, ...]:
    """The acts of the lifecycle that this person's roles include in this state, in the order of the table.

    Args:
        actor: who reads.
        row: the item's row.
        signed: the signatures of the present round, kind to person.
        writers: everybody who wrote at the proposal or sent it up (``zhicha_item_writers``).
    """
    found = []
    for step in LIFECYCLE:
        if step.source != ItemState(row["state"]) or not _may(actor, row, step.act, step.by):
            continue
        if step.act in _SIGNATURES and not _may_sign(actor, row, signed, writers, _SIGNATURES[step.act]):
            continue
        found.append(step.act)
    return tuple(found)


def _may(actor: Actor, row: Mapping[str, Any], act: str, by: tuple[Any, ...]) -> bool:
    if act == "decide_method":  # only while a change of another's waits
        return actor.has(*by) and row.get("amended_by") not in (None, actor.person_id)
    if act == "withdraw_method":
        return actor.has(*by) and row.get("amended_by") == actor.person_id
    if act in ("amend_method", "assign"):  # what is being changed is not handed over meanwhile
        return actor.has(*by) and row.get("amended_by") is None
    if act in ("sign_receipt", "report"):
        if row["mode"] == Mode.SELF:
            return actor.has(Role.SUP, Role.OFFICE)
        return actor.has(*by) and actor.unit_id == row["handling_unit_id"]
    return actor.has(*by)


def _may_sign(
    actor: Actor, row: Mapping[str, Any], signed: Mapping[str, UUID], writers: Collection[UUID], kind: SignatureKind
) -> bool:
    if row["submitted_by"] is None:  # taken over from paper: there is no proposal here that could be signed
        return False
    try:
        check_signer(
            kind,
            actor.person_id,
            actor.roles,
            basis=row["basis_kind"],
            proposers=writers,
            signed=signed,
            needed=row["signatures_needed"],
        )
    except DomainError:
        return False
    return True
