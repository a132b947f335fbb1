"""What can go wrong with extensions, written reports and suspensions."""

from __future__ import annotations

from server.kit.errors import DomainError


class NoLimitToExtend(DomainError):
    """This item has no limit yet; there is nothing to extend or to report about."""

    code, status = "no_limit_to_extend", 409
    zh = "该事项尚未确定办理时限，无从申请延期或报告。"


class ExtensionPending(DomainError):
    """A request for an extension is waiting for its decision already."""

    code, status = "extension_pending", 409
    zh = "该事项已有一份延期申请待批，请等待答复或先撤回。"


class ExtensionDecided(DomainError):
    """This request was decided or withdrawn in the meantime; look at the answer."""

    code, status = "extension_decided", 409
    zh = "该延期申请刚刚已作决定或已撤回，请查看结果。"


class NotYourOwnRequest(DomainError):
    """Nobody decides on a request of his own."""

    code, status = "not_your_own_request", 403
    zh = "申请人不得审批本人提出的延期。"


class LimitOfALeader(DomainError):
    """This limit was stated by a leader; only a leader can extend it."""

    code, status = "limit_of_a_leader", 403
    zh = "该时限由领导明确，须由领导批准延期，督查室不能自行决定。"


class NotLater(DomainError):
    """An extension leads to a later date than the present one."""

    code, status = "not_later", 422
    zh = "延期后的时限不得早于现在的时限。"


class OneLimit(DomainError):
    """State either a date or a length, not both and not neither."""

    code, status = "one_limit", 422
    zh = "请在延至日期与延长时间中选填一项。"


class ReviewInThePast(DomainError):
    """The day of review lies after today."""

    code, status = "review_in_the_past", 422
    zh = "复核日期应晚于今天。"
