"""What bars the issue of a slip. Pure: no database, no clock.

The same answer is shown beside the draft and given by the refusal, field by field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from server.access.roles import Role
from server.items.kinds import Mode
from server.items.lifecycle import ItemState
from server.items.sources import SourceKind, Urgency
from server.kit.errors import FieldProblem
from server.slips.kinds import Delivery, Part, Series, SlipChannel

_OFFICE_ROLES: Final = frozenset({Role.SUP, Role.OFFICE})
_S: Final = ItemState
# With a unit and not finished: a slip can follow it up.
_UNDER_WAY: Final = (_S.ASSIGNED, _S.IN_PROGRESS, _S.REPORTED, _S.UNDER_REVIEW, _S.SUSPENDED)

# In which states of the item a slip of a series can be issued (D1.10, D1.19, D1.22).
ISSUABLE: Final[dict[Series, tuple[ItemState, ...]]] = {
    Series.TASK_NOTICE: (_S.METHOD_CONFIRMED,),
    Series.TRACKING: _UNDER_WAY,
    Series.COORDINATION: _UNDER_WAY,
    Series.NOTICE: _UNDER_WAY,
    Series.CANCELLATION: (_S.REPORTED_BACK,),
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """A unit on a draft, with what is known of it and of the person named."""

    unit_id: UUID
    unit_name: str
    unit_kind: str
    part: Part
    person_id: UUID | None
    person_unit_id: UUID | None
    person_active: bool
    person_roles: frozenset[Role]
    task: str
    has_limit: bool
    holds_task: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """The facts about the item and the draft that the rules ask for."""

    importance: str
    source_kind: str
    urgency: str
    has_limit: bool
    limit_passed: bool
    oral_allowed: bool
    oral_needs_confirmation: bool
    self_allowed: bool
    responsible_person_id: UUID | None
    verifier_roles: frozenset[Role]
    follow_up_roles: frozenset[Role]
    today: date


def part_of(series: Series, mode: Mode | None, assists: bool) -> Part:
    """What a unit has to do with a slip of this series."""
    match series:
        case Series.TASK_NOTICE:
            if mode is Mode.SELF:
                return Part.SELF
            return Part.ASSIST if assists else Part.LEAD
        case Series.COORDINATION:
            return Part.COORDINATE
        case Series.TRACKING | Series.CANCELLATION | Series.NOTICE:
            return Part.INFORM
        case _:
            assert_never(series)


def mail_permitted(importance: str, source_kind: str, urgency: str) -> bool:
    """Whether paper may go by ordinary mail: never instructions, nothing important or urgent (R103)."""
    return (
        importance != "IMPORTANT"
        and source_kind not in (SourceKind.LEADER_INSTRUCTION, SourceKind.LEADER_ASSIGNMENT)
        and urgency == Urgency.ORDINARY
    )


def lacks(slip: Any, units: Sequence[Addressee], matter: Matter) -> tuple[FieldProblem, ...]:
    """Everything that bars the issue of a draft, in the order of the form.

    Args:
        slip: the row of the draft.
        units: its recipients.
        matter: the facts about its item.
    """
    return tuple(_lacks(slip, units, matter))


def _problem(field: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(field=field, code=code, detail=detail)


def _lacks(slip: Any, units: Sequence[Addressee], matter: Matter) -> Iterator[FieldProblem]:
    series = Series(slip["series"])
    if not slip["task"].strip() and series is not Series.CANCELLATION:
        yield _problem("task", "task_missing", "Say what is to be done.")
    yield from _channel(slip, matter)
    if slip["delivery"] == Delivery.MAIL and not mail_permitted(matter.importance, matter.source_kind, matter.urgency):
        yield _problem("delivery", "mail_not_permitted", "Choose courier, the confidential channel, or online.")
    match series:
        case Series.TASK_NOTICE:
            yield from _task_notice(slip, units, matter)
        case Series.TRACKING:
            if not slip["milestone"].strip():
                yield _problem("milestone", "milestone_missing", "Say which milestone is behind schedule.")
            yield from _holders(units)
        case Series.COORDINATION:
            yield from _coordination(slip, units)
        case Series.NOTICE:
            yield from _holders(units)
        case Series.CANCELLATION:
            yield from _cancellation(slip, units, matter)
        case _:
            assert_never(series)


def _channel(slip: Any, matter: Matter) -> Iterator[FieldProblem]:
    if slip["channel"] == SlipChannel.MEETING and not slip["meeting"].strip():
        yield _problem("meeting", "meeting_missing", "Name the meeting at which it was assigned.")
    if slip["channel"] != SlipChannel.TELEPHONE:
        return
    if not matter.oral_allowed:
        yield _problem("channel", "oral_not_allowed", "The rules in force do not allow assignment by telephone.")
    if matter.oral_needs_confirmation and not slip["confirm_in_writing"]:
        yield _problem("phone.confirm_in_writing", "confirmation_needed", "It has to be confirmed in writing later.")
    for field, name in (
        ("phone_caller_id", "caller_id"),
        ("phone_receiver", "receiver"),
        ("phone_at", "at"),
        ("phone_content", "content"),
    ):
        if not slip[field]:
            yield _problem(
                f"phone.{name}", "phone_record_missing", "A notice by telephone keeps caller, receiver, time, content."
            )


def _task_notice(slip: Any, units: Sequence[Addressee], matter: Matter) -> Iterator[FieldProblem]:
    if not slip["standard"].strip():
        yield _problem("standard", "standard_missing", "State the work standard (工作标准).")
    if not matter.has_limit:
        yield _problem("limit", "limit_missing", "State the completion limit (完成时限); the rules give none.")
    elif matter.limit_passed:
        yield _problem("limit_at", "limit_in_the_past", "The completion limit has passed already.")
    if not matter.follow_up_roles & _OFFICE_ROLES:
        yield _problem("follow_up_id", "follow_up_missing", "Name the officer who follows it up to the end.")
    yield from _modes(slip, units, matter)
    for position, one in enumerate(units):
        yield from _person(position, one)
        if (
            one.part is Part.LEAD
            and one.person_id is not None
            and matter.importance == "IMPORTANT"
            and matter.source_kind == SourceKind.LEADER_INSTRUCTION
            and not one.person_roles & {Role.UHEAD, Role.UDEP}
        ):
            yield _problem(
                f"recipients.{position}.person_id",
                "unit_leader_demanded",
                "For an important instruction the unit's principal leader or leader in charge answers.",
            )


def _modes(slip: Any, units: Sequence[Addressee], matter: Matter) -> Iterator[FieldProblem]:
    if slip["mode"] is None:
        yield _problem("mode", "mode_missing", "Choose how it is handled: 转办, 会办 or 自办.")
        return
    leads = [one for one in units if one.part in (Part.LEAD, Part.SELF)]
    assisting = [one for one in units if one.part is Part.ASSIST]
    mode = Mode(slip["mode"])
    if len(leads) != 1:
        yield _problem("recipients", "one_handling_unit", "Exactly one unit handles the item or leads.")
    if mode is Mode.JOINT and not assisting:
        yield _problem("recipients", "assisting_unit_missing", "会办 needs at least one assisting unit.")
    if mode is not Mode.JOINT and assisting:
        yield _problem("recipients", "assisting_unit_not_here", "Assisting units belong to 会办 only.")
    if mode is Mode.SELF:
        if not matter.self_allowed:
            yield _problem("mode", "self_handling_not_allowed", "The rules in force do not allow 自办.")
        if not slip["mode_reason"].strip():
            yield _problem("mode_reason", "mode_reason_missing", "Say why the office handles it itself.")
        if any(one.unit_kind != "office" for one in leads):
            yield _problem("recipients", "not_the_office", "In 自办 the supervision office itself handles the item.")
    elif any(one.unit_kind == "office" for one in units):
        yield _problem("recipients", "not_a_unit", "The supervision office handles items itself only in 自办.")


def _person(position: int, one: Addressee) -> Iterator[FieldProblem]:
    field = f"recipients.{position}.person_id"
    if one.person_id is None:
        yield _problem(field, "person_missing", "Name the natural person who answers for it.")
    elif one.person_unit_id != one.unit_id or not one.person_active:
        yield _problem(field, "person_of_another_unit", "The person who answers for it belongs to the unit.")


def _holders(units: Sequence[Addressee]) -> Iterator[FieldProblem]:
    if not units:
        yield _problem("recipients", "unit_missing", "Name the unit it goes to.")
    for position, one in enumerate(units):
        if not one.holds_task:
            yield _problem(f"recipients.{position}", "unit_without_task", "This unit has no task in the item.")


def _coordination(slip: Any, units: Sequence[Addressee]) -> Iterator[FieldProblem]:
    if not slip["obstacle"].strip():
        yield _problem("obstacle", "obstacle_missing", "Say what has to be coordinated.")
    if len(units) < 2:
        yield _problem("recipients", "several_units_needed", "An obstacle is split among at least two units.")
    for position, one in enumerate(units):
        yield from _person(position, one)
        if not one.task.strip():
            yield _problem(f"recipients.{position}.task", "task_missing", "Say what this unit does.")
        if not one.has_limit:
            yield _problem(f"recipients.{position}.limit", "limit_missing", "Say by when this unit does it.")


def _cancellation(slip: Any, units: Collection[Addressee], matter: Matter) -> Iterator[FieldProblem]:
    if not slip["result"].strip():
        yield _problem("result", "result_missing", "State the result.")
    if slip["verifier_id"] is None or not matter.verifier_roles & _OFFICE_ROLES:
        yield _problem("verifier_id", "verifier_missing", "Name the officer who verified the result.")
    elif slip["verifier_id"] == matter.responsible_person_id:
        yield _problem("verifier_id", "verifier_is_handler", "Who handled the item does not verify it.")
    if slip["verified_on"] is None:
        yield _problem("verified_on", "verified_on_missing", "State the day of verification.")
    elif slip["verified_on"] > matter.today:
        yield _problem("verified_on", "in_the_future", "The day of verification has not come yet.")
    if not units:
        yield _problem("recipients", "unit_missing", "Name the unit it goes to.")
