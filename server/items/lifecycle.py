"""The lifecycle of a supervised item (handbook D1), readable without knowing the program.

Rows 12 and 13 (催办, 延期) change no state but are acts with a record of their own; overdue, urge count and the like
are computed, never states.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class ItemState(StrEnum):
    """Where an item stands."""

    REGISTERED = "REGISTERED"
    PROPOSED = "PROPOSED"
    UNDER_APPROVAL = "UNDER_APPROVAL"
    ESTABLISHED = "ESTABLISHED"
    METHOD_CONFIRMED = "METHOD_CONFIRMED"
    ASSIGNED = "ASSIGNED"
    IN_PROGRESS = "IN_PROGRESS"
    REPORTED = "REPORTED"
    UNDER_REVIEW = "UNDER_REVIEW"
    CLOSED = "CLOSED"
    REPORTED_BACK = "REPORTED_BACK"
    CANCELLED_FROM_LEDGER = "CANCELLED_FROM_LEDGER"
    ARCHIVED = "ARCHIVED"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    SUSPENDED = "SUSPENDED"
    TERMINATED = "TERMINATED"
    MERGED = "MERGED"


_S, _R = ItemState, Role

OPEN: Final = (
    _S.REGISTERED,
    _S.PROPOSED,
    _S.UNDER_APPROVAL,
    _S.ESTABLISHED,
    _S.METHOD_CONFIRMED,
    _S.ASSIGNED,
    _S.IN_PROGRESS,
    _S.REPORTED,
    _S.UNDER_REVIEW,
    _S.SUSPENDED,
)

# From these on the handling unit knows of the item: it has been handed over.
WITH_UNIT: Final = (
    _S.ASSIGNED,
    _S.IN_PROGRESS,
    _S.SUSPENDED,
    _S.REPORTED,
    _S.UNDER_REVIEW,
    _S.CLOSED,
    _S.REPORTED_BACK,
    _S.CANCELLED_FROM_LEDGER,
    _S.ARCHIVED,
)

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "register", _S.REGISTERED, (_R.REG, _R.OFFICE), "D1.1; R1–R5"),
    Step(_S.REGISTERED, "propose", _S.PROPOSED, (_R.SUP,), "D1.2; R12"),
    Step(_S.PROPOSED, "propose", _S.PROPOSED, (_R.SUP,), "D1.2, completed or changed, also after D1.6"),
    Step(_S.PROPOSED, "submit", _S.UNDER_APPROVAL, (_R.SUP,), "D1.3; R10"),
    Step(_S.UNDER_APPROVAL, "review_first", _S.UNDER_APPROVAL, (_R.LEADER,), "D1.4"),
    Step(_S.UNDER_APPROVAL, "establish", _S.ESTABLISHED, (_R.LEADER, _R.HEAD), "D1.5; 733 art. 11"),
    Step(_S.UNDER_APPROVAL, "send_back", _S.PROPOSED, (_R.LEADER, _R.HEAD), "D1.6"),
    *from_each((_S.UNDER_APPROVAL, _S.REGISTERED), "refuse", _S.NOT_ESTABLISHED, (_R.LEADER,), "D1.7; R10"),
    *from_each(OPEN, "merge", _S.MERGED, (_R.OFFICE,), "D1.8; 733 art. 15"),
    Step(_S.ESTABLISHED, "confirm_method", _S.METHOD_CONFIRMED, (_R.OFFICE,), "D1.9; 733 art. 15"),
    Step(_S.METHOD_CONFIRMED, "amend_method", _S.METHOD_CONFIRMED, (_R.OFFICE,), "733 art. 15, changed before D1.10"),
    Step(_S.METHOD_CONFIRMED, "withdraw_method", _S.METHOD_CONFIRMED, (_R.OFFICE,), "733 art. 15, by who proposed it"),
    Step(_S.METHOD_CONFIRMED, "decide_method", _S.METHOD_CONFIRMED, (_R.LEADER, _R.HEAD), "733 art. 15, signed again"),
    Step(_S.METHOD_CONFIRMED, "assign", _S.ASSIGNED, (_R.SUP, _R.OFFICE), "D1.10; R17"),
    Step(_S.ASSIGNED, "sign_receipt", _S.IN_PROGRESS, (_R.LIAISON, _R.UDEP), "D1.11"),
    Step(_S.ASSIGNED, "decline", _S.METHOD_CONFIRMED, (_R.LEADER,), "D1.11, on a refusal by LIAISON or UDEP"),
    *from_each((_S.ASSIGNED,), "urge", _S.ASSIGNED, (_R.SUP,), "D1.12"),
    *from_each((_S.IN_PROGRESS,), "urge", _S.IN_PROGRESS, (_R.SUP,), "D1.12"),
    Step(_S.IN_PROGRESS, "extend", _S.IN_PROGRESS, (_R.OFFICE, _R.LEADER, _R.ORIGIN), "D1.13, on request of UDEP"),
    Step(_S.IN_PROGRESS, "suspend", _S.SUSPENDED, (_R.LEADER,), "D1.14"),
    Step(_S.SUSPENDED, "resume", _S.IN_PROGRESS, (_R.OFFICE,), "D1.15"),
    Step(_S.IN_PROGRESS, "report", _S.REPORTED, (_R.UHEAD, _R.UDEP), "D1.16"),
    Step(_S.REPORTED, "take_up", _S.UNDER_REVIEW, (_R.SUP,), "D1.17"),
    Step(_S.UNDER_REVIEW, "return_for_redo", _S.IN_PROGRESS, (_R.OFFICE,), "D1.18"),
    Step(_S.UNDER_REVIEW, "close", _S.CLOSED, (_R.LEADER,), "D1.19"),
    Step(_S.CLOSED, "report_back", _S.REPORTED_BACK, (_R.OFFICE,), "D1.20"),
    Step(_S.REPORTED_BACK, "demand_more", _S.IN_PROGRESS, (_R.OFFICE,), "D1.21, for ORIGIN"),
    Step(_S.REPORTED_BACK, "cancel_from_ledger", _S.CANCELLED_FROM_LEDGER, (_R.OFFICE,), "D1.22"),
    Step(_S.CANCELLED_FROM_LEDGER, "archive", _S.ARCHIVED, (_R.ARC,), "D1.23"),
    *from_each(OPEN, "terminate", _S.TERMINATED, (_R.HEAD,), "D1.24"),
    *from_each((_S.CLOSED, _S.CANCELLED_FROM_LEDGER), "reopen", _S.IN_PROGRESS, (_R.LEADER,), "D1.25"),
)

STATE_NAMES: Final[dict[ItemState, tuple[str, str]]] = {
    _S.REGISTERED: ("收件登记", "Registered"),
    _S.PROPOSED: ("拟办", "Handling proposed"),
    _S.UNDER_APPROVAL: ("立项审批", "Awaiting approval"),
    _S.ESTABLISHED: ("已立项", "Established"),
    _S.METHOD_CONFIRMED: ("办法已确认", "Method confirmed"),
    _S.ASSIGNED: ("已交办", "Assigned"),
    _S.IN_PROGRESS: ("承办中", "In progress"),
    _S.REPORTED: ("已反馈", "Reported"),
    _S.UNDER_REVIEW: ("审核中", "Under review"),
    _S.CLOSED: ("办结", "Closed"),
    _S.REPORTED_BACK: ("已回告", "Reported back"),
    _S.CANCELLED_FROM_LEDGER: ("已销号", "Cancelled from the ledger"),
    _S.ARCHIVED: ("已归档", "Archived"),
    _S.NOT_ESTABLISHED: ("不予立项", "Not established"),
    _S.SUSPENDED: ("中止", "Suspended"),
    _S.TERMINATED: ("终止", "Terminated"),
    _S.MERGED: ("已合并", "Merged"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "register": ("收件登记", "Register"),
    "propose": ("拟办", "Propose the handling"),
    "submit": ("送审", "Submit for approval"),
    "review_first": ("审核", "First signature"),
    "establish": ("审定立项", "Establish"),
    "send_back": ("退回修改", "Send back"),
    "refuse": ("不予立项", "Refuse"),
    "merge": ("合并", "Merge"),
    "confirm_method": ("办法确认", "Confirm the method"),
    "amend_method": ("变更办法", "Change the method"),
    "withdraw_method": ("撤回办法变更", "Withdraw the change of method"),
    "decide_method": ("签批办法变更", "Decide on the change of method"),
    "assign": ("交办", "Assign"),
    "sign_receipt": ("签收", "Sign for receipt"),
    "decline": ("退回交办", "Decline"),
    "urge": ("催办", "Urge"),
    "extend": ("延期", "Extend"),
    "suspend": ("中止", "Suspend"),
    "resume": ("恢复", "Resume"),
    "report": ("反馈", "Report"),
    "take_up": ("受理审核", "Take up"),
    "return_for_redo": ("退回重办", "Return for redo"),
    "close": ("办结", "Close"),
    "report_back": ("回告", "Report back"),
    "demand_more": ("要求续办", "Demand more"),
    "cancel_from_ledger": ("销号", "Cancel from the ledger"),
    "archive": ("归档", "Archive"),
    "terminate": ("终止", "Terminate"),
    "reopen": ("重启", "Reopen"),
}
