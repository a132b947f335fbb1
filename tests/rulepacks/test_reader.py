"""A broken pack is refused with every problem, its line, and what to do, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.rulepacks import shipped
from server.rulepacks.reader import SETTINGS, read_pack

GOOD = shipped.packs()[shipped.DEFAULT].text


def problems(text: str) -> list[tuple[int, str, str]]:
    pack, found = read_pack(text, version=1)
    assert (pack is None) == bool(found)
    assert all(one.zh and one.en and one.line >= 1 for one in found)
    return [(one.line, one.path, one.en) for one in found]


def broken(old: str, new: str) -> list[tuple[int, str, str]]:
    assert old in GOOD
    return problems(GOOD.replace(old, new, 1))


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(GOOD.splitlines(), 1) if text in line)


def test_the_shipped_packs_have_none() -> None:
    for pack in shipped.packs().values():
        assert problems(pack.text) == []


def test_a_misspelt_key_is_named_with_what_was_meant() -> None:
    found = broken("    limit: {n: 3, unit: WORKING_DAYS}", "    limt: {n: 3, unit: WORKING_DAYS}")
    at = line_of("limit: {n: 3,")
    assert (at, "deadlines[1].limt", "Unknown key “limt”. Did you mean “limit”?") in found
    assert any(path == "deadlines[1].limit" and "missing" in en for _, path, en in found)


def test_an_unknown_code_is_named_with_what_was_meant() -> None:
    [(line, path, en)] = broken("unit: WORKING_DAYS", "unit: WORKDAYS")
    assert (line, path) == (line_of("unit: WORKING_DAYS"), "deadlines[1].limit.unit")
    assert "Did you mean WORKING_DAYS?" in en


def test_a_missing_number_needs_a_reason() -> None:
    [(line, _, en)] = broken("    limit: {n: 7, unit: WORKING_DAYS}", "    limit: null")
    assert line == line_of("id: DL-TR-7")
    assert "say why" in en


def test_a_rule_without_ground_is_refused() -> None:
    [(_, path, en)] = broken("    quote: 原则上3个工作日内办结并报告结果\n", "")
    assert path == "deadlines[1]"
    assert "quote" in en


def test_all_problems_come_at_once_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("n: 3,", "n: three,").replace("approval: LEADING_BODY", "approval: EVERYBODY")
    found = problems(text.replace("short: {", "shrt: {"))
    assert len(found) >= 5
    assert [line for line, _, _ in found] == sorted(line for line, _, _ in found)


def test_no_line_stands_behind_the_one_for_everything() -> None:
    found = broken("    when: {category: [RESEARCH]}\n", "")
    assert any("never reached" in en for _, _, en in found)


def test_the_last_line_is_for_everything() -> None:
    found = broken("  - id: DL-TR-N\n", "  - id: DL-TR-N\n    when: {importance: [IMPORTANT]}\n")
    assert any("last line" in en for _, _, en in found)


def test_a_rule_given_twice_is_named() -> None:
    told = [en for _, _, en in broken("id: DL-TR-7", "id: DL-TR-3") if "twice" in en]
    assert told == ["“DL-TR-3” is given twice; rename one or keep one."]


def test_a_key_given_twice_is_named() -> None:
    [(_, path, en)] = broken("id: tongren-hitech-2014\n", "id: tongren-hitech-2014\nid: other\n")
    assert (path, "twice" in en) == ("id", True)


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_is_said(key: str) -> None:
    found = broken(f"\n  {key}:", f"\n  not_{key}:")
    assert any(path == f"settings.{key}" for _, path, _ in found)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("id: [", "Not YAML"),
        ("\tid: x", "Not YAML"),
        ("a: &x 1\nb: *x", "anchors"),
        ("[" * 60 + "]" * 60, "deeply"),
        ("x" * 200_000, "Longer"),
        ("- 1", "mapping"),
        ("id: a\n---\nid: b", "Not YAML"),
        ("id: \x00", "Not YAML"),
    ],
)
def test_what_is_no_pack_at_all(text: str, word: str) -> None:
    assert any(word in en for _, _, en in problems(text))


def test_a_yaml_mistake_says_the_line() -> None:
    at = line_of("quote: 在7个工作日内办结并报告情况")
    [(line, _, _)] = broken("quote: 在7个工作日内办结并报告情况", 'quote: "在7个工作日内办结')
    assert line >= at


def test_closing_hours_are_read() -> None:
    pack, _ = read_pack(GOOD.replace("    limit: {n: 7,", '    closing: "17:30"\n    limit: {n: 7,'), version=3)
    assert pack is not None
    assert pack.label == "tongren-hitech-2014@3"
    assert str(pack.deadlines[2].closing) == "17:30:00"
    assert broken("    limit: {n: 7,", "    closing: half past five\n    limit: {n: 7,")


@settings(deadline=None)
@given(st.integers(0, len(GOOD)), st.text(max_size=5), st.integers(0, 40))
def test_no_mangled_text_does_more_than_get_refused(at: int, put: str, gone: int) -> None:
    problems(GOOD[:at] + put + GOOD[at + gone :])


@settings(deadline=None)
@given(st.text(max_size=300))
def test_nor_does_any_text(text: str) -> None:
    problems(text)
