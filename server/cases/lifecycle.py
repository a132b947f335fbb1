"""The lifecycle of an accountability case (handbook D5), readable without knowing the program.

The supervision office proposes, the head of government approves, the competent organ decides (733 art. 21). There is
no act by which the office itself imposes anything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.access.roles import Role
from server.kit.lifecycle import Lifecycle, Step, from_each


class CaseState(StrEnum):
    """Where a case stands."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    EXECUTED = "EXECUTED"
    HANDED_OVER = "HANDED_OVER"
    UNDER_INVESTIGATION = "UNDER_INVESTIGATION"
    DECIDED = "DECIDED"
    FED_BACK = "FED_BACK"
    CLOSED = "CLOSED"
    REFERRED = "REFERRED"
    REVOKED = "REVOKED"


_S, _R = CaseState, Role

LIFECYCLE: Final[Lifecycle] = (
    Step(None, "draft", _S.DRAFT, (_R.SUP, _R.OFFICE), "D5, preparation of a proposal"),
    Step(_S.DRAFT, "propose", _S.PROPOSED, (_R.OFFICE,), "733 art. 21"),
    Step(_S.PROPOSED, "approve", _S.APPROVED, (_R.HEAD,), "733 art. 21"),
    Step(_S.PROPOSED, "refuse", _S.REFUSED, (_R.HEAD,), "733 art. 21"),
    Step(_S.APPROVED, "publish", _S.EXECUTED, (_R.OFFICE,), "733 art. 21, praise and criticism"),
    Step(_S.APPROVED, "hand_over", _S.HANDED_OVER, (_R.OFFICE,), "733 art. 21, accountability"),
    Step(_S.HANDED_OVER, "open_investigation", _S.UNDER_INVESTIGATION, (_R.JW, _R.OFFICE), "D5, the competent organ"),
    Step(_S.UNDER_INVESTIGATION, "enter_decision", _S.DECIDED, (_R.JW, _R.OFFICE), "D5, the competent organ"),
    Step(_S.DECIDED, "feed_back", _S.FED_BACK, (_R.OFFICE,), "D5"),
    Step(_S.FED_BACK, "close", _S.CLOSED, (_R.OFFICE,), "D5"),
    *from_each(
        (_S.DRAFT, _S.PROPOSED, _S.APPROVED), "refer", _S.REFERRED, (_R.OFFICE,), "733 art. 23, HEAD is informed"
    ),
    *from_each((_S.EXECUTED, _S.DECIDED), "revoke", _S.REVOKED, (_R.JW, _R.OFFICE), "D5, by the organ that decided"),
)

STATE_NAMES: Final[dict[CaseState, tuple[str, str]]] = {
    _S.DRAFT: ("草拟中", "Draft"),
    _S.PROPOSED: ("已提出建议", "Proposed"),
    _S.APPROVED: ("已批准", "Approved"),
    _S.REFUSED: ("未批准", "Refused"),
    _S.EXECUTED: ("已通报", "Published"),
    _S.HANDED_OVER: ("已移交有权机关", "Handed over"),
    _S.UNDER_INVESTIGATION: ("有权机关办理中", "Under investigation"),
    _S.DECIDED: ("已作出处理决定", "Decided"),
    _S.FED_BACK: ("结果已反馈", "Fed back"),
    _S.CLOSED: ("已结案", "Closed"),
    _S.REFERRED: ("已移送监察或司法机关", "Referred"),
    _S.REVOKED: ("已撤销", "Revoked"),
}

ACT_NAMES: Final[dict[str, tuple[str, str]]] = {
    "draft": ("起草", "Draft"),
    "propose": ("提出建议", "Propose"),
    "approve": ("批准", "Approve"),
    "refuse": ("不予批准", "Refuse"),
    "publish": ("通报", "Publish"),
    "hand_over": ("移交有权机关", "Hand over"),
    "open_investigation": ("登记立案调查", "Enter the investigation"),
    "enter_decision": ("登记处理决定", "Enter the decision"),
    "feed_back": ("反馈结果", "Feed back"),
    "close": ("结案", "Close"),
    "refer": ("移送", "Refer"),
    "revoke": ("撤销", "Revoke"),
}
