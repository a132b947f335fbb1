"""A rule pack as the program uses it, and the question that it answers most: how long? Pure.

A pack is read from YAML by ``reader``. Where the jurisdiction's text gives no number there is none here either, but a
reason; nothing is supposed in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from server.kit.limits import Limit


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a rule rests: the article, the words of the source, or the reason why there are none."""

    article: Words | None = None
    quote: str = ""
    reason: Words | None = None


@dataclass(frozen=True, slots=True)
class When:
    """Which items a rule is for; an empty set means any."""

    source_kind: frozenset[str] = frozenset()
    category: frozenset[str] = frozenset()
    urgency: frozenset[str] = frozenset()
    importance: frozenset[str] = frozenset()

    def fits(self, *, source_kind: str, category: str, urgency: str, importance: str) -> bool:
        """Whether an item of these qualities is meant."""
        return all(
            not wanted or given in wanted
            for wanted, given in (
                (self.source_kind, source_kind),
                (self.category, category),
                (self.urgency, urgency),
                (self.importance, importance),
            )
        )


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One line of the table of limits; ``limit`` is ``None`` where the source leaves it to the slip."""

    id: str
    name: Words
    when: When
    limit: Limit | None
    ground: Ground
    roll_forward: bool = False
    closing: time | None = None


@dataclass(frozen=True, slots=True)
class DeskRule:
    """How long a paper of one class may lie on a leader's desk."""

    id: str
    desk_class: str
    limit: Limit | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class IntensityRule:
    """Every how many days an item of that intensity is looked at; ``None`` where the source does not say."""

    intensity: str
    days: int | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of the ladder: when any of the conditions holds, the office may propose the consequence (R64)."""

    id: str
    any_of: tuple[Mapping[str, int | bool], ...]
    consequence: str
    approval: str
    follow_ups: tuple[str, ...]
    ground: Ground


@dataclass(frozen=True, slots=True)
class Slip:
    """A kind of slip in use."""

    kind: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class Score:
    """Points that a consequence moves; ``None`` where the source names no amount."""

    consequence: str
    account: str
    points: int | None
    ground: Ground


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the jurisdictions disagree (handbook C1–C9), as values that the program asks for.

    C2, the limit that holds when none is stated, is the table of deadlines; C4, the first consequence, is the ladder.
    """

    self_handling_allowed: bool
    self_handling_needs_authorisation: bool
    profile: str
    score_accounts: tuple[str, ...]
    lead_term: str
    assist_term: str
    oral_notice_allowed: bool
    oral_notice_needs_confirmation: bool
    signed_receipt_required: bool
    feedback_before_cancellation: bool
    company_visits: str
    two_signatures: bool
    leader_away_days: int | None
    joint_meeting_months: int | None
    expert_pool_months: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """The text that a pack puts into data."""

    title: str
    number: str
    date: str


@dataclass(frozen=True)
class RulePack:
    """All rules of a jurisdiction in one version."""

    id: str
    version: int
    name: Words
    short: Words
    source: Source
    deadlines: tuple[DeadlineRule, ...]
    immediate: Ground
    desk_rules: tuple[DeskRule, ...]
    intensity: tuple[IntensityRule, ...]
    ladder: tuple[Rung, ...]
    slips: tuple[Slip, ...]
    scores: tuple[Score, ...]
    settings: Settings
    setting_grounds: Mapping[str, Ground] = field(default_factory=dict)
    silences: Mapping[str, Words] = field(default_factory=dict)
    """Parts on which the source says nothing, with the reason."""
    text: str = ""

    @property
    def label(self) -> str:
        """``tongren-hitech-2014@1``: what an item keeps."""
        return f"{self.id}@{self.version}"

    @property
    def desk_timers(self) -> dict[str, Limit]:
        """The timers by class (``vocabulary.DeskClass``); a class without one is absent."""
        return {one.desk_class: one.limit for one in self.desk_rules if one.limit is not None}

    @property
    def intensity_days(self) -> dict[str, int | None]:
        """The interval of each intensity; ``None`` when the office has not laid one down."""
        return {one.intensity: one.days for one in self.intensity}


def deadline_rule(pack: RulePack, *, source_kind: str, category: str, urgency: str, importance: str) -> DeadlineRule:
    """The first line of the table that fits; the last line of every pack fits anything."""
    for rule in pack.deadlines:
        if rule.when.fits(source_kind=source_kind, category=category, urgency=urgency, importance=importance):
            return rule
    raise AssertionError(f"{pack.label} has no last line")
