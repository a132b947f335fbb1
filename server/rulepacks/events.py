"""What is recorded about rule packs: labels and dates, never the text."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from server.journal.events import Event


class _OfPack(Event):
    SUBJECT: ClassVar[str] = "rule_pack"

    label: str


class RulePackDrafted(_OfPack):
    """A version was drafted, or the taking over of a shipped one."""

    KIND: ClassVar[str] = "rule_pack.drafted"


class RulePackRevised(_OfPack):
    """The text of a draft was changed."""

    KIND: ClassVar[str] = "rule_pack.revised"


class RulePackSubmitted(_OfPack):
    """A draft was laid before a leader."""

    KIND: ClassVar[str] = "rule_pack.submitted"


class RulePackReturned(_OfPack):
    """A leader returned it to be changed."""

    KIND: ClassVar[str] = "rule_pack.returned"


class RulePackWithdrawn(_OfPack):
    """The office withdrew it."""

    KIND: ClassVar[str] = "rule_pack.withdrawn"


class RulePackEnacted(_OfPack):
    """A leader took it into force."""

    KIND: ClassVar[str] = "rule_pack.enacted"

    in_force_from: date
