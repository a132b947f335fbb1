"""From the YAML of a rule pack to the pack itself, or to all of its problems at once; see docs/rulepacks.md. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Any, Final, TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from server.kit.limits import LONGEST, Limit, LimitUnit
from server.rulepacks import vocabulary as known
from server.rulepacks.nodes import Problem, Reading, is_null
from server.rulepacks.rules import (
    DeadlineRule,
    DeskRule,
    Ground,
    IntensityRule,
    RulePack,
    Rung,
    Score,
    Settings,
    Slip,
    Source,
    When,
    Words,
)

T = TypeVar("T")

_GROUND: Final = ("article", "quote", "reason")
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RULE_ID: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_PARTS: Final = (
    "id",
    "name",
    "short",
    "source",
    "deadlines",
    "immediate",
    "desk_timers",
    "intensity",
    "ladder",
    "slips",
    "scores",
    "settings",
)


def read_pack(text: str, *, version: int) -> tuple[RulePack | None, tuple[Problem, ...]]:
    """The pack, or its problems in the order of their lines; never both."""
    reading = _PackReading()
    pack = reading.pack(reading.document(text), version, text)
    if reading.problems or pack is None:
        return None, tuple(sorted(reading.problems, key=lambda one: one.line))
    return pack, ()


class _PackReading(Reading):
    """One reading of one text."""

    def pack(self, node: Node | None, version: int, text: str) -> RulePack | None:
        if node is None:
            return None
        parts = self.mapping(node, "", _PARTS)
        settings, grounds = self.settings(parts.get("settings"))
        deadlines = self.items(parts.get("deadlines"), "deadlines", self.deadline)
        self.last_line(parts.get("deadlines"), deadlines)
        self.unique(parts.get("deadlines"), "deadlines", [one.id for one in deadlines])
        silences: dict[str, Words] = {}
        desk = self.listed(parts, "desk_timers", self.desk, silences)
        self.unique(parts.get("desk_timers"), "desk_timers", [one.desk_class for one in desk])
        intensity = self.listed(parts, "intensity", self.intensity, silences)
        self.unique(parts.get("intensity"), "intensity", [one.intensity for one in intensity])
        return RulePack(
            id=self.named(parts.get("id"), "id", _ID),
            version=version,
            name=self.words(parts.get("name"), "name"),
            short=self.words(parts.get("short"), "short"),
            source=self.source(parts.get("source")),
            deadlines=deadlines,
            immediate=self.only_ground(parts.get("immediate"), "immediate"),
            desk_rules=desk,
            intensity=intensity,
            ladder=self.listed(parts, "ladder", self.rung, silences),
            slips=self.listed(parts, "slips", self.slip, silences),
            scores=self.listed(parts, "scores", self.score, silences),
            silences=silences,
            settings=settings,
            setting_grounds=grounds,
            text=text,
        )

    def listed(
        self, parts: dict[str, Node], key: str, read: Callable[[Node, str], T], silences: dict[str, Words]
    ) -> tuple[T, ...]:
        """A list, or in its place the reason why the source says nothing on it."""
        node = parts.get(key)
        if isinstance(node, MappingNode):
            silences[key] = self.words(self.mapping(node, key, ("reason",)).get("reason"), f"{key}.reason")
            return ()
        found = self.items(node, key, read)
        if node is not None and not found and not (isinstance(node, SequenceNode) and node.value):
            self.wrong(
                node,
                key,
                "这一部分没有规定时写 reason: {zh: …, en: …} 说明理由，不留空。",
                "Where nothing is laid down write reason: {zh: …, en: …} in place of an empty list.",
            )
        return found

    def last_line(self, node: Node | None, rules: tuple[DeadlineRule, ...]) -> None:
        """Every item finds a line: the last one has no condition, and no line behind such a one is ever reached."""
        if node is None:
            return
        if not rules or rules[-1].when != When():
            self.wrong(
                node,
                "deadlines",
                "最后一条时限不得有 when:它适用于其余一切事项（没有数字时写 limit: null 并说明理由）。",
                "The last line carries no “when”: it is for all else (limit: null and a reason without a number).",
            )
        for n, rule in enumerate(rules[:-1]):
            if rule.when == When():
                self.wrong(
                    node.value[n],
                    f"deadlines[{n}]",
                    "此条没有 when,后面的各条永远用不到：移到最后，或写明适用条件。",
                    "Without “when” the lines behind this one are never reached: move it last or say when it holds.",
                )

    def unique(self, node: Node | None, path: str, ids: list[str]) -> None:
        """No name twice in one list."""
        for n, one in enumerate(ids):
            if one and one in ids[:n] and node is not None:
                self.wrong(
                    node.value[n],
                    f"{path}[{n}]",
                    f"“{one}”写了两次，改名或只留一处。",
                    f"“{one}” is given twice; rename one or keep one.",
                )

    def named(self, node: Node | None, path: str, pattern: re.Pattern[str]) -> str:
        """A name made of letters, digits and single hyphens."""
        value = self.text(node, path, longest=60)
        if value and not pattern.fullmatch(value):
            self.wrong(
                node,
                path,
                f"标识“{value}”只能用{'小写' if pattern is _ID else ''}字母、数字和单个连字符。",
                f"“{value}”: {'small ' if pattern is _ID else ''}letters, digits and single hyphens only.",
            )
        return value

    def words(self, node: Node | None, path: str) -> Words:
        if node is None:
            return Words("", "")
        entry = self.mapping(node, path, ("zh", "en"))
        return Words(self.text(entry.get("zh"), f"{path}.zh"), self.text(entry.get("en"), f"{path}.en"))

    def ground(self, node: Node, path: str, entry: dict[str, Node], *, reason_needed: bool = False) -> Ground:
        """Article, quotation and reason of an entry: one of the last two is always there."""
        quote = self.text(entry.get("quote"), f"{path}.quote", longest=1000)
        reason = self.words(entry["reason"], f"{path}.reason") if "reason" in entry else None
        if reason_needed and reason is None:
            self.wrong(
                node,
                path,
                "没有数字(null)时须写明理由：加上 reason: {zh: …, en: …}。",
                "Where no number is given (null) say why: add reason: {zh: …, en: …}.",
            )
        elif not quote and reason is None:
            self.wrong(
                node,
                path,
                "须有依据：用 quote 引原文，或用 reason 说明。",
                "Every rule rests on something: quote the text (quote) or say why (reason).",
            )
        return Ground(self.words(entry["article"], f"{path}.article") if "article" in entry else None, quote, reason)

    def only_ground(self, node: Node | None, path: str) -> Ground:
        if node is None:
            return Ground()
        return self.ground(node, path, self.mapping(node, path, (), _GROUND))

    def source(self, node: Node | None) -> Source:
        if node is None:
            return Source("", "", "")
        entry = self.mapping(node, "source", ("title", "number", "date"))
        return Source(
            self.text(entry.get("title"), "source.title"),
            self.text(entry.get("number"), "source.number"),
            self.text(entry.get("date"), "source.date"),
        )

    def limit(self, node: Node | None, path: str) -> Limit | None:
        if node is None or is_null(node):
            return None
        entry = self.mapping(node, path, ("n", "unit"))
        n = self.number(entry.get("n"), f"{path}.n", least=0, most=LONGEST)
        unit = self.one_of(entry.get("unit"), f"{path}.unit", [one.value for one in LimitUnit])
        return Limit(n, LimitUnit(unit)) if unit else None

    def deadline(self, node: Node, path: str) -> DeadlineRule:
        entry = self.mapping(node, path, ("id", "name", "limit"), ("when", "roll_forward", "closing", *_GROUND))
        closing = None
        if "closing" in entry and not is_null(entry["closing"]):
            said = entry["closing"].value if isinstance(entry["closing"], ScalarNode) else ""
            match = _TIME.fullmatch(said)
            if match:
                closing = time(int(match[1]), int(match[2]))
            else:
                self.wrong(
                    entry["closing"], f"{path}.closing", '下班时间写作 "17:30"(加引号)。', 'Write "17:30", in quotes.'
                )
        return DeadlineRule(
            id=self.named(entry.get("id"), f"{path}.id", _RULE_ID),
            name=self.words(entry.get("name"), f"{path}.name"),
            when=self.when(entry.get("when"), f"{path}.when"),
            limit=self.limit(entry.get("limit"), f"{path}.limit"),
            ground=self.ground(node, path, entry, reason_needed=is_null(entry.get("limit"))),
            roll_forward=self.flag(entry.get("roll_forward"), f"{path}.roll_forward"),
            closing=closing,
        )

    def when(self, node: Node | None, path: str) -> When:
        if node is None:
            return When()
        lists = {
            "source_kind": known.SOURCE_KINDS,
            "category": known.CATEGORIES,
            "urgency": known.URGENCIES,
            "importance": known.IMPORTANCES,
        }
        entry = self.mapping(node, path, (), lists)
        found = {key: frozenset(self.several_of(entry.get(key), f"{path}.{key}", lists[key])) for key in lists}
        return When(**found)

    def desk(self, node: Node, path: str) -> DeskRule:
        entry = self.mapping(node, path, ("id", "class", "limit"), _GROUND)
        return DeskRule(
            id=self.named(entry.get("id"), f"{path}.id", _RULE_ID),
            desk_class=self.one_of(entry.get("class"), f"{path}.class", known.DESK_CLASSES),
            limit=self.limit(entry.get("limit"), f"{path}.limit"),
            ground=self.ground(node, path, entry, reason_needed=is_null(entry.get("limit"))),
        )

    def intensity(self, node: Node, path: str) -> IntensityRule:
        entry = self.mapping(node, path, ("intensity", "days"), _GROUND)
        return IntensityRule(
            intensity=self.one_of(entry.get("intensity"), f"{path}.intensity", known.INTENSITIES),
            days=self.maybe_number(entry.get("days"), f"{path}.days", 366),
            ground=self.ground(node, path, entry, reason_needed=is_null(entry.get("days"))),
        )

    def maybe_number(self, node: Node | None, path: str, most: int) -> int | None:
        return None if node is None or is_null(node) else self.number(node, path, least=1, most=most)

    def rung(self, node: Node, path: str) -> Rung:
        entry = self.mapping(node, path, ("id", "any_of", "consequence", "approval"), ("follow_ups", *_GROUND))
        any_of = self.items(entry.get("any_of"), f"{path}.any_of", self.conditions)
        if "any_of" in entry and not any_of:
            self.wrong(entry["any_of"], f"{path}.any_of", "至少写一组条件。", "Give at least one set of conditions.")
        return Rung(
            id=self.named(entry.get("id"), f"{path}.id", _RULE_ID),
            any_of=any_of,
            consequence=self.one_of(entry.get("consequence"), f"{path}.consequence", known.CONSEQUENCES),
            approval=self.one_of(entry.get("approval"), f"{path}.approval", known.APPROVERS),
            follow_ups=self.several_of(entry.get("follow_ups"), f"{path}.follow_ups", known.FOLLOW_UPS),
            ground=self.ground(node, path, entry),
        )

    def conditions(self, node: Node, path: str) -> dict[str, int | bool]:
        entry = self.mapping(node, path, (), known.CONDITIONS)
        if not entry:
            self.wrong(node, path, "至少写一项条件。", "Give at least one condition.")
        return {
            key: self.number(value, f"{path}.{key}", least=1, most=99)
            if key in known.COUNTED
            else self.flag(value, f"{path}.{key}")
            for key, value in entry.items()
        }

    def slip(self, node: Node, path: str) -> Slip:
        entry = self.mapping(node, path, ("kind",), _GROUND)
        return Slip(self.one_of(entry.get("kind"), f"{path}.kind", known.SLIP_KINDS), self.ground(node, path, entry))

    def score(self, node: Node, path: str) -> Score:
        entry = self.mapping(node, path, ("consequence", "account", "points"), _GROUND)
        points = entry.get("points")
        return Score(
            consequence=self.one_of(entry.get("consequence"), f"{path}.consequence", known.CONSEQUENCES),
            account=self.one_of(entry.get("account"), f"{path}.account", known.ACCOUNTS),
            points=None
            if points is None or is_null(points)
            else self.number(points, f"{path}.points", least=-100, most=100),
            ground=self.ground(node, path, entry, reason_needed=is_null(points)),
        )

    def settings(self, node: Node | None) -> tuple[Settings, dict[str, Ground]]:
        entry = self.mapping(node, "settings", SETTINGS) if node is not None else {}
        values: dict[str, Node] = {}
        grounds: dict[str, Ground] = {}
        for key, one in entry.items():
            path = f"settings.{key}"
            inner = self.mapping(one, path, ("value",), _GROUND)
            if "value" in inner:
                values[key] = inner["value"]
            grounds[key] = self.ground(one, path, inner, reason_needed=is_null(inner.get("value")))
        read: dict[str, Any] = {
            **{key: self.flag(values.get(key), f"settings.{key}.value") for key in _FLAGS},
            **{key: self.maybe_number(values.get(key), f"settings.{key}.value", 366) for key in _NUMBERS},
            **{key: self.text(values.get(key), f"settings.{key}.value", longest=20) for key in _TERMS},
            **{key: self.one_of(values.get(key), f"settings.{key}.value", codes) for key, codes in _CHOICES.items()},
            "score_accounts": self.several_of(
                values.get("score_accounts"), "settings.score_accounts.value", known.ACCOUNTS
            ),
        }
        return Settings(**read), grounds


_FLAGS: Final = (
    "self_handling_allowed",
    "self_handling_needs_authorisation",
    "oral_notice_allowed",
    "oral_notice_needs_confirmation",
    "signed_receipt_required",
    "feedback_before_cancellation",
    "two_signatures",
)
_NUMBERS: Final = ("leader_away_days", "joint_meeting_months", "expert_pool_months")
_TERMS: Final = ("lead_term", "assist_term")
_CHOICES: Final = {"profile": known.PROFILES, "company_visits": known.COMPANY_VISITS}
SETTINGS: Final = (*_FLAGS, *_NUMBERS, *_TERMS, *_CHOICES, "score_accounts")
"""Every setting of a pack, all of them required: what is not said is not supposed."""
