"""What a finding is about and how grave it is: maintained lists, as data."""

from __future__ import annotations

from enum import StrEnum


class FindingCategory(StrEnum):
    """问题类别."""

    SAFETY = "SAFETY"
    QUALITY = "QUALITY"
    PROGRESS = "PROGRESS"
    FUNDS = "FUNDS"
    PROCEDURE = "PROCEDURE"
    DUTY = "DUTY"
    ENVIRONMENT = "ENVIRONMENT"
    LIVELIHOOD = "LIVELIHOOD"
    FALSIFICATION = "FALSIFICATION"
    OTHER = "OTHER"


CATEGORY_NAMES: dict[FindingCategory, tuple[str, str]] = {
    FindingCategory.SAFETY: ("安全生产", "Work safety"),
    FindingCategory.QUALITY: ("工程质量", "Quality of works"),
    FindingCategory.PROGRESS: ("进度滞后", "Behind schedule"),
    FindingCategory.FUNDS: ("资金使用", "Use of funds"),
    FindingCategory.PROCEDURE: ("手续不全", "Missing procedures"),
    FindingCategory.DUTY: ("履职作风", "Duty and style"),
    FindingCategory.ENVIRONMENT: ("环境保护", "Environment"),
    FindingCategory.LIVELIHOOD: ("群众权益", "People's livelihood"),
    FindingCategory.FALSIFICATION: ("弄虚作假", "Falsification"),
    FindingCategory.OTHER: ("其他", "Other"),
}


class Severity(StrEnum):
    """严重程度."""

    MINOR = "MINOR"
    SERIOUS = "SERIOUS"
    MAJOR = "MAJOR"


SEVERITY_NAMES: dict[Severity, tuple[str, str]] = {
    Severity.MINOR: ("一般", "Minor"),
    Severity.SERIOUS: ("较重", "Serious"),
    Severity.MAJOR: ("重大", "Major"),
}
