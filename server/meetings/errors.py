"""What can go wrong with meetings."""

from __future__ import annotations

from server.kit.errors import DomainError


class MeetingThere(DomainError):
    """A meeting of this kind and number is recorded for this year already; open that one."""

    code, status = "meeting_there", 409
    zh = "本年度该类会议的这一次已有记录，请打开原记录。"


class MeetingUnnamed(DomainError):
    """A meeting has a number, a title, or both; give at least one."""

    code, status = "meeting_unnamed", 422
    zh = "请填写会议次数或会议名称，至少一项。"


class DecisionNumberTaken(DomainError):
    """This meeting has a decision of that number already."""

    code, status = "decision_number_taken", 409
    zh = "本次会议已有该序号的议定事项。"


class DecisionInLedger(DomainError):
    """This decision is in the ledger already. Open that item, or confirm that it is to be registered once more."""

    code, status = "decision_in_ledger", 409
    zh = "该议定事项已在台账登记。请查看已登记事项；确需再次登记的，请确认。"


class DecisionWithItems(DomainError):
    """Items were made from this decision, so it cannot be withdrawn."""

    code, status = "decision_with_items", 409
    zh = "该议定事项已立为督查事项，不能撤回。"


class DecisionWithdrawn(DomainError):
    """This decision was withdrawn as recorded in error."""

    code, status = "decision_withdrawn", 409
    zh = "该议定事项记录有误，已撤回。"
