"""What can go wrong with a visit."""

from __future__ import annotations

from server.kit.errors import DomainError


class LeaderMissing(DomainError):
    """A team has exactly one leader, who is one of its members."""

    code, status = "leader_missing", 422
    zh = "督查组必须有且只有一名组长，且组长须在组员名单中。"


class NotFieldStaff(DomainError):
    """Somebody on the list does not serve on inspection teams."""

    code, status = "not_field_staff", 422
    zh = "名单中有人不具备参加督查组的资格。"


class TeamTooSmall(DomainError):
    """A team needs at least two members before it is locked."""

    code, status = "team_too_small", 409
    zh = "锁定前督查组至少需要两人。"


class ApproverCannotApprove(DomainError):
    """Only the head of government or the leader in charge can be named as approver."""

    code, status = "approver_cannot_approve", 422
    zh = "审批人必须是行政首长或分管领导。"


class OwnProposal(DomainError):
    """Nobody approves a plan that is his own or that he carries out."""

    code, status = "own_proposal", 409
    zh = "任何人不得审批本人拟订或本人参与执行的方案。"


class NotTheApprover(DomainError):
    """Only the approver named in the plan decides on it."""

    code, status = "not_the_approver", 403
    zh = "只有方案中指定的审批人可以审批。"


class ObjectMissing(DomainError):
    """A visit inspects how a responsible department did its job; name the department of the item or the site first."""

    code, status = "object_missing", 422
    zh = "督查对象是负责的部门或单位，请先在事项或点位上明确责任单位。"


class SiteOfAnotherItem(DomainError):
    """The site does not belong to this item."""

    code, status = "site_of_another_item", 422
    zh = "该点位不属于这一督查事项。"


class ClausesIncomplete(DomainError):
    """Attest each of the six clauses; a broken one needs its reason."""

    code, status = "clauses_incomplete", 422
    zh = "请逐条确认“四不两直”六项；未做到的须写明原因。"


class ReasonMissing(DomainError):
    """Give the reason."""

    code, status = "reason_missing", 422
    zh = "请写明原因。"
