"""Reading YAML with line numbers and without tricks: every problem is noted where it stands, none stops the reading.

Only scalars, lists and mappings are known. Anchors, tags and several documents in one file are refused, so that a pack
says what it seems to say. Pure.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

T = TypeVar("T")

LONGEST_TEXT: Final = 100_000
DEEPEST: Final = 12
_TRUE: Final = {"true": True, "false": False, "是": True, "否": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on which line, and what to do about it."""

    line: int
    path: str
    zh: str
    en: str


@dataclass
class Reading:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def wrong(self, node: Node | None, path: str, zh: str, en: str) -> None:
        """Note a problem at a node."""
        line = 1 if node is None else node.start_mark.line + 1
        self.problems.append(Problem(line, path, zh, en))

    def document(self, text: str) -> Node | None:
        """The one document of a text, or ``None`` with the reason noted."""
        if len(text) > LONGEST_TEXT:
            self.wrong(None, "", f"文件过长（上限 {LONGEST_TEXT} 字）。", f"Longer than {LONGEST_TEXT} characters.")
            return None
        try:
            if not self._plain(text):
                return None
            node: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            line = (mark.line if mark else 0) + 1
            said = getattr(error, "problem", None) or "unreadable characters"
            zh = f"这一行不合 YAML 格式（{said}）：检查缩进、冒号后的空格和引号。"
            en = f"Not YAML ({said}): check the indentation, the blank after a colon and the quotation marks."
            self.problems.append(Problem(line, "", zh, en))
            return None
        if node is None:
            self.wrong(None, "", "文件是空的。", "The file is empty.")
        return node

    def _plain(self, text: str) -> bool:
        """Whether the text keeps to scalars, lists and mappings of bearable depth."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                self.problems.append(
                    Problem(line, "", "不支持锚点和引用（& 和 *），请把内容写全。", "No anchors or aliases (& and *).")
                )
                return False
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    self.problems.append(Problem(line, "", "层次过深。", "Nested too deeply."))
                    return False
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
        return True

    def mapping(
        self, node: Node | None, path: str, required: Iterable[str], optional: Iterable[str] = ()
    ) -> dict[str, Node]:
        """The entries of a mapping; unknown, doubled and missing keys are noted."""
        wanted = [*required]
        known = [*wanted, *optional]
        found: dict[str, Node] = {}
        if not isinstance(node, MappingNode):
            self.wrong(node, path, "这里应是“键: 值”的对照。", "A mapping of keys and values is expected here.")
            return found
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            here = _join(path, key)
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                zh = f"不认识的键“{key}”。" + (f"是否应为“{near[0]}”?" if near else f"可用：{'、'.join(known)}。")
                en = f"Unknown key “{key}”. " + (
                    f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(known)}."
                )
                self.wrong(key_node, here, zh, en)
            elif key in found:
                self.wrong(key_node, here, f"“{key}”写了两次，只留一处。", f"“{key}” is given twice; keep one.")
            else:
                found[key] = value
        for key in wanted:
            if key not in found:
                self.wrong(node, _join(path, key), f"缺少“{key}”，请补上。", f"“{key}” is missing; add it.")
        return found

    def items(self, node: Node | None, path: str, read: Callable[[Node, str], T]) -> tuple[T, ...]:
        """Every entry of a list, read by ``read``; an absent list is empty."""
        if node is None or is_null(node):
            return ()
        if not isinstance(node, SequenceNode):
            self.wrong(
                node, path, "这里应是列表（每条以“- ”开头）。", "A list is expected here (each entry with “- ”)."
            )
            return ()
        return tuple(read(one, f"{path}[{n}]") for n, one in enumerate(node.value))

    def text(self, node: Node | None, path: str, *, longest: int = 500) -> str:
        """A text that is not empty."""
        if node is None:
            return ""
        if not isinstance(node, ScalarNode) or is_null(node):
            self.wrong(node, path, "这里应是文字。", "A text is expected here.")
            return ""
        value: str = node.value.strip()
        if not value or len(value) > longest:
            self.wrong(node, path, f"文字应为 1–{longest} 字。", f"A text of 1–{longest} characters is expected.")
        return value

    def flag(self, node: Node | None, path: str) -> bool:
        """True or false."""
        if node is None:
            return False
        if isinstance(node, ScalarNode) and node.style is None and node.value in _TRUE:
            return _TRUE[node.value]
        self.wrong(node, path, "这里应是 true(是)或 false(否)。", "true or false is expected here.")
        return False

    def number(self, node: Node | None, path: str, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        if node is None:
            return least
        if isinstance(node, ScalarNode) and node.style is None and node.value.lstrip("-").isdecimal():
            value = int(node.value) if len(node.value) < 12 else most + 1
            if least <= value <= most:
                return value
        self.wrong(
            node, path, f"这里应是 {least} 至 {most} 的整数。", f"A whole number from {least} to {most} is expected."
        )
        return least

    def one_of(self, node: Node | None, path: str, codes: Collection[str]) -> str:
        """One of a maintained list of codes."""
        if node is None:
            return ""
        value = node.value if isinstance(node, ScalarNode) else ""
        if value not in codes:
            near = difflib.get_close_matches(str(value), list(codes), 1)
            zh = (
                f"“{value}”不在可用的代码中。"
                + (f"是否应为 {near[0]}?" if near else "")
                + f"可用：{'、'.join(codes)}。"
            )
            en = f"“{value}” is no known code." + (f" Did you mean {near[0]}?" if near else "")
            self.wrong(node, path, zh, f"{en} Known: {', '.join(codes)}.")
            return ""
        return str(value)

    def several_of(self, node: Node | None, path: str, codes: Collection[str]) -> tuple[str, ...]:
        """Several codes, at least one where the key is given."""
        found = self.items(node, path, lambda one, where: self.one_of(one, where, codes))
        if node is not None and isinstance(node, SequenceNode) and not found:
            self.wrong(node, path, "列表是空的：写出代码，或删去此键。", "An empty list: name a code or drop the key.")
        return tuple(one for one in found if one)


def is_null(node: Node | None) -> bool:
    """Whether the value is written as nothing (``null``, ``~`` or blank)."""
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
