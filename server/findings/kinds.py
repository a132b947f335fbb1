"""What a finding is about and how grave it is: maintained lists, as data."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
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


CATEGORY_NAMES: dict[Category, tuple[str, str]] = {
    Category.SAFETY: ("安全生产", "Work safety"),
    Category.QUALITY: ("工程质量", "Quality of works"),
    Category.PROGRESS: ("进度滞后", "Behind schedule"),
    Category.FUNDS: ("资金使用", "Use of funds"),
    Category.PROCEDURE: ("手续不全", "Missing procedures"),
    Category.DUTY: ("履职作风", "Duty and style"),
    Category.ENVIRONMENT: ("环境保护", "Environment"),
    Category.LIVELIHOOD: ("群众权益", "People's livelihood"),
    Category.FALSIFICATION: ("弄虚作假", "Falsification"),
    Category.OTHER: ("其他", "Other"),
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
