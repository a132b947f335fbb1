"""The lives of a slip and of its receipt by one unit (handbook D1.10–11, D6), readable without the program."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class SlipState(StrEnum):
    """Where a slip stands. Who has signed for it is told of each recipient."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    WITHDRAWN = "WITHDRAWN"
    DISCARDED = "DISCARDED"


_S, _R = SlipState, Role

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "draft", _S.DRAFT, (_R.SUP, _R.OFFICE), "D6; R18"),
    Step(_S.DRAFT, "revise", _S.DRAFT, (_R.SUP, _R.OFFICE), "D6"),
    Step(_S.DRAFT, "discard", _S.DISCARDED, (_R.SUP, _R.OFFICE), "D6"),
    Step(_S.DRAFT, "issue", _S.ISSUED, (_R.OFFICE,), "D6; R6, R19: who drafted it does not sign it"),
    Step(
        _S.ISSUED,
        "withdraw",
        _S.WITHDRAWN,
        (_R.OFFICE, _R.LEADER),
        "D6: the number stays used; a task notice by LEADER",
    ),
)

STATE_NAMES: Final[dict[SlipState, tuple[str, str]]] = {
    _S.DRAFT: ("待签发", "Awaiting sign-off"),
    _S.ISSUED: ("已签发", "Issued"),
    _S.WITHDRAWN: ("已撤回", "Withdrawn"),
    _S.DISCARDED: ("已作废草稿", "Discarded draft"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "draft": ("起草", "Draft"),
    "revise": ("修改", "Revise"),
    "discard": ("作废草稿", "Discard the draft"),
    "issue": ("签发", "Sign off and issue"),
    "withdraw": ("撤回", "Withdraw"),
}


class ReceiptState(StrEnum):
    """Where the receipt of a slip by one unit stands."""

    LISTED = "LISTED"
    PENDING = "PENDING"
    RECEIVED = "RECEIVED"
    REFUSED = "REFUSED"
    ORDERED = "ORDERED"
    RELEASED = "RELEASED"
    WITHDRAWN = "WITHDRAWN"


_E = ReceiptState
WAITING: Final = (_E.PENDING, _E.REFUSED, _E.ORDERED)

RECEIPT: Final[Lifecycle] = (
    Step(None, "list", _E.LISTED, (_R.SUP, _R.OFFICE), "D6"),
    Step(_E.LISTED, "send", _E.PENDING, (_R.OFFICE,), "D1.10"),
    Step(_E.PENDING, "sign", _E.RECEIVED, (_R.LIAISON, _R.UDEP), "D1.11; R20"),
    Step(_E.PENDING, "refuse", _E.REFUSED, (_R.LIAISON, _R.UDEP), "D1.11: 非本单位职责"),
    Step(_E.REFUSED, "uphold", _E.RELEASED, (_R.LEADER,), "D1.11, decided by LEADER"),
    Step(_E.REFUSED, "reject", _E.ORDERED, (_R.LEADER,), "D1.11, decided by LEADER"),
    Step(_E.ORDERED, "sign", _E.RECEIVED, (_R.LIAISON, _R.UDEP), "D1.11; R20"),
    *from_each(WAITING, "take_back", _E.WITHDRAWN, (_R.OFFICE, _R.LEADER), "D6"),
)

RECEIPT_NAMES: Final[dict[ReceiptState, tuple[str, str]]] = {
    _E.LISTED: ("未签发", "Not issued yet"),
    _E.PENDING: ("待签收", "Not signed for"),
    _E.RECEIVED: ("已签收", "Signed for"),
    _E.REFUSED: ("申请退回", "Declined, awaiting decision"),
    _E.ORDERED: ("须签收", "To be signed for"),
    _E.RELEASED: ("同意退回", "Released"),
    _E.WITHDRAWN: ("已撤回", "Withdrawn"),
}

RECEIPT_ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "list": ("列入", "List"),
    "send": ("送达", "Send"),
    "sign": ("签收", "Sign for receipt"),
    "refuse": ("申请退回", "Decline"),
    "uphold": ("同意退回", "Release the unit"),
    "reject": ("不同意退回", "Reject the refusal"),
    "take_back": ("撤回", "Withdraw"),
}
