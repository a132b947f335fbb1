"""The lifecycle of a finding and of its rectification (handbook D3), readable without knowing the program."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class FindingState(StrEnum):
    """Where a finding stands."""

    FOUND = "FOUND"
    CONFIRMED = "CONFIRMED"
    NOTIFIED = "NOTIFIED"
    PLAN_SUBMITTED = "PLAN_SUBMITTED"
    RECTIFYING = "RECTIFYING"
    SUBMITTED = "SUBMITTED"
    RECHECKING = "RECHECKING"
    CLEARED = "CLEARED"
    FIXED_ON_SPOT = "FIXED_ON_SPOT"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    REFERRED = "REFERRED"


_S, _R = FindingState, Role
_UNSETTLED: Final = (
    _S.FOUND,
    _S.CONFIRMED,
    _S.NOTIFIED,
    _S.PLAN_SUBMITTED,
    _S.RECTIFYING,
    _S.SUBMITTED,
    _S.RECHECKING,
)

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "record", _S.FOUND, (_R.TL, _R.TM), "D3; R88"),
    Step(_S.FOUND, "confirm", _S.CONFIRMED, (_R.OFFICE,), "733 art. 16"),
    Step(_S.FOUND, "dismiss", _S.NOT_ESTABLISHED, (_R.OFFICE,), "733 art. 16"),
    Step(_S.FOUND, "fix_on_spot", _S.FIXED_ON_SPOT, (_R.OFFICE,), "D3, 立行立改"),
    Step(_S.CONFIRMED, "notify", _S.NOTIFIED, (_R.OFFICE,), "733 art. 18; R88"),
    Step(_S.NOTIFIED, "submit_plan", _S.PLAN_SUBMITTED, (_R.UDEP, _R.UHEAD), "D3"),
    Step(_S.PLAN_SUBMITTED, "start", _S.RECTIFYING, (_R.UDEP, _R.UHEAD), "D3"),
    Step(_S.RECTIFYING, "submit", _S.SUBMITTED, (_R.UHEAD,), "D3; B15"),
    Step(_S.SUBMITTED, "recheck", _S.RECHECKING, (_R.SUP, _R.TM), "733 art. 18"),
    Step(_S.RECHECKING, "return_for_redo", _S.RECTIFYING, (_R.SUP,), "D3"),
    Step(_S.RECHECKING, "clear", _S.CLEARED, (_R.OFFICE,), "D3, verifier is neither rectifier nor finder"),
    *from_each(_UNSETTLED, "refer", _S.REFERRED, (_R.OFFICE,), "733 art. 21, 23, approved by HEAD"),
)

STATE_NAMES: Final[dict[FindingState, tuple[str, str]]] = {
    _S.FOUND: ("待认定", "Found"),
    _S.CONFIRMED: ("已认定", "Confirmed"),
    _S.NOTIFIED: ("已交办整改", "Handed over for rectification"),
    _S.PLAN_SUBMITTED: ("已报整改方案", "Plan submitted"),
    _S.RECTIFYING: ("整改中", "Being rectified"),
    _S.SUBMITTED: ("申请复查", "Recheck requested"),
    _S.RECHECKING: ("复查中", "Being rechecked"),
    _S.CLEARED: ("已销号", "Cleared"),
    _S.FIXED_ON_SPOT: ("立行立改", "Fixed on the spot"),
    _S.NOT_ESTABLISHED: ("不成立", "Not established"),
    _S.REFERRED: ("已移送", "Referred"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "record": ("记录问题", "Record"),
    "confirm": ("认定", "Confirm"),
    "dismiss": ("认定不成立", "Dismiss"),
    "fix_on_spot": ("立行立改", "Fix on the spot"),
    "notify": ("交办整改", "Hand over for rectification"),
    "submit_plan": ("报送整改方案", "Submit the plan"),
    "start": ("开始整改", "Start"),
    "submit": ("申请复查", "Request the recheck"),
    "recheck": ("复查", "Recheck"),
    "return_for_redo": ("退回重新整改", "Return for redo"),
    "clear": ("销号", "Clear"),
    "refer": ("移送", "Refer"),
}
