"""What can go wrong with calendars."""

from __future__ import annotations

from server.kit.errors import DomainError


class CalendarNotPublished(DomainError):
    """The arrangement of holidays of that year is not in force here; import the notice or count provisionally."""

    code, status = "calendar_not_published", 409
    zh = "该年度的放假安排尚未在本系统施行，请导入通知，或按暂定日期计算。"


class CalendarProblems(DomainError):
    """The notice cannot be taken as it is; correct the lines named below."""

    code, status = "calendar_problems", 422
    zh = "放假安排有误，请按提示逐条更正。"


class OwnImport(DomainError):
    """Whoever imported a calendar does not take it into force; another leader does."""

    code, status = "own_import", 409
    zh = "导入日历的人不得自行批准施行，请由另一位领导批准。"
