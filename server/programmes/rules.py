"""Rules of programmes that need neither database nor clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from server.items.kinds import OBJECT_KINDS
from server.kit.errors import FieldProblem, InvalidInput
from server.programmes.errors import OwnProgramme
from server.programmes.schemas import Entry

UNIT_KINDS: Final = tuple(kind for kind in OBJECT_KINDS if kind != "office")


def check_entries(entries: Sequence[Entry], from_on: date, to_on: date) -> None:
    """Refuse entries that cannot be meant: without one object, outside the period, twice under one key.

    Raises:
        InvalidInput: names each by its place.
    """
    problems = []
    seen: set[UUID] = set()
    for place, one in enumerate(entries):
        at = f"entries.{place}"
        if (one.unit_id is None) == (one.unit_kind is None):
            problems.append(_problem(f"{at}.unit_id", "one_object", "Name one unit, or a kind of units."))
        if one.unit_kind is not None and one.unit_kind not in UNIT_KINDS:
            problems.append(_problem(f"{at}.unit_kind", "not_in_list", "Choose a kind from the list."))
        if one.to_on < one.from_on:
            problems.append(_problem(f"{at}.to_on", "ends_before_start", "The period ends before it begins."))
        elif one.from_on < from_on or one.to_on > to_on:
            problems.append(_problem(f"{at}.from_on", "outside_period", "It lies outside the programme's period."))
        if one.key in seen:
            problems.append(_problem(f"{at}.key", "twice", "This entry is there twice."))
        if not one.subject.strip():
            problems.append(_problem(f"{at}.subject", "missing", "Say what is supervised."))
        if not one.basis.strip():
            problems.append(_problem(f"{at}.basis", "missing", "Say on what it is based."))
        seen.add(one.key)
    if problems:
        raise InvalidInput(errors=tuple(problems))


def check_period(from_on: date, to_on: date) -> None:
    """Refuse a period that ends before it begins.

    Raises:
        InvalidInput: as said.
    """
    if to_on < from_on:
        raise InvalidInput(errors=(_problem("to_on", "ends_before_start", "The period ends before it begins."),))


def check_approver(approver: UUID | None, authors: Collection[UUID]) -> None:
    """Refuse an approval by somebody who wrote at the version.

    Raises:
        OwnProgramme: he did.
    """
    if approver in authors:
        raise OwnProgramme


def warns(done: int, arranged: int, most: int | None) -> bool:
    """Whether one more visit would go beyond the configured maximum (B15 rule 6): a warning, never a bar."""
    return most is not None and done + arranged >= most


def _problem(field: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(field=field, code=code, detail=detail)
