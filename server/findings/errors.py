"""What can go wrong with findings."""

from __future__ import annotations

from server.kit.errors import DomainError


class NotOnTeam(DomainError):
    """Only the visiting team records findings of a visit."""

    code, status = "not_on_team", 403
    zh = "只有本次督查组成员可以记录问题。"


class TeamNotAtWork(DomainError):
    """Findings can be recorded once the team is locked and until the visit is filed."""

    code, status = "team_not_at_work", 409
    zh = "督查组锁定后、归档前才能记录问题。"


class UnknownCaptures(DomainError):
    """Some of the captures named have not arrived from this visit; send them first and try again."""

    code, status = "unknown_captures", 409
    zh = "所引用的部分取证尚未上传或不属于本次督查，请先上传后重试。"


class EvidenceMissing(DomainError):
    """A finding without a picture is confirmed only with a reason."""

    code, status = "evidence_missing", 422
    zh = "该问题没有关联取证，认定时须写明依据。"
