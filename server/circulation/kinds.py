"""What lies on a desk, how urgent it is, and by which way it may reach a leader who is away: maintained lists."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from server.rulepacks.vocabulary import DeskClass


class CirculationKind(StrEnum):
    """A document, or the stub of one that goes by the confidential channel (机要件, B13)."""

    DOCUMENT = "DOCUMENT"
    CONFIDENTIAL = "CONFIDENTIAL"


class Way(StrEnum):
    """How it reached the leader. Ordinary and registered mail are missing on purpose (BWb: 严禁用平信或挂号信邮寄)."""

    DESK = "DESK"
    FAX = "FAX"
    COURIER = "COURIER"
    CONFIDENTIAL_CHANNEL = "CONFIDENTIAL_CHANNEL"
    OTHER = "OTHER"


STUB_CLASSES: Final = frozenset(
    {DeskClass.CONFIDENTIAL, DeskClass.CONFIDENTIAL_IMPORTANT, DeskClass.CONFIDENTIAL_URGENT}
)
# BWb: 通过政府机要部门密传或派人直送. An open line is none of them, whatever 电传 meant when it was written.
STUB_WAYS: Final = frozenset({Way.CONFIDENTIAL_CHANNEL, Way.COURIER})

WAY_NAMES: Final[dict[Way, tuple[str, str]]] = {
    Way.DESK: ("送到办公桌", "To the desk"),
    Way.FAX: ("电传", "By fax"),
    Way.COURIER: ("派人直送", "By courier"),
    Way.CONFIDENTIAL_CHANNEL: ("机要渠道", "By the confidential channel"),
    Way.OTHER: ("其它途径", "Another way"),
}
