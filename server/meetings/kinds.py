"""What kind of meeting it was, and which source its decisions are as items (R3)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.items.sources import SourceKind


class MeetingKind(StrEnum):
    """会议类别."""

    PLENARY = "PLENARY"
    EXECUTIVE = "EXECUTIVE"
    OFFICE = "OFFICE"
    SPECIAL = "SPECIAL"
    ECONOMIC = "ECONOMIC"
    STANDING_COMMITTEE = "STANDING_COMMITTEE"
    JOINT = "JOINT"
    ON_SITE = "ON_SITE"
    OTHER = "OTHER"


MEETING_KIND_NAMES: Final[dict[MeetingKind, tuple[str, str]]] = {
    MeetingKind.PLENARY: ("全体会议", "Plenary meeting"),
    MeetingKind.EXECUTIVE: ("常务会议", "Executive meeting"),
    MeetingKind.OFFICE: ("办公会议", "Office meeting"),
    MeetingKind.SPECIAL: ("专题会议", "Special meeting"),
    MeetingKind.ECONOMIC: ("经济工作会议", "Economic work conference"),
    MeetingKind.STANDING_COMMITTEE: ("党委常委会会议", "Party standing committee"),
    MeetingKind.JOINT: ("联席会议", "Joint meeting"),
    MeetingKind.ON_SITE: ("现场办公会", "On-site meeting"),
    MeetingKind.OTHER: ("其他会议", "Other meeting"),
}

SOURCE_OF: Final[dict[MeetingKind, SourceKind]] = {
    MeetingKind.PLENARY: SourceKind.PLENARY_MEETING,
    MeetingKind.EXECUTIVE: SourceKind.EXECUTIVE_MEETING,
    MeetingKind.OFFICE: SourceKind.OFFICE_MEETING,
    MeetingKind.SPECIAL: SourceKind.SPECIAL_MEETING,
    MeetingKind.ECONOMIC: SourceKind.ECONOMIC_CONFERENCE,
    MeetingKind.STANDING_COMMITTEE: SourceKind.HIGHER_DEPLOYMENT,
    MeetingKind.JOINT: SourceKind.SPECIAL_MEETING,
    MeetingKind.ON_SITE: SourceKind.SPECIAL_MEETING,
    MeetingKind.OTHER: SourceKind.OTHER,
}


def reference(kind: str, year: int, no: int | None, title: str) -> str:
    """How a meeting is named as a source: 常务会议〔2026〕9次, or its title where it has no number."""
    return f"{MEETING_KIND_NAMES[MeetingKind(kind)][0]}〔{year}〕{no}次" if no is not None else title
