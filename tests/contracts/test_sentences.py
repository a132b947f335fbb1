"""Whoever is refused reads a sentence, in Chinese and in English.

The rule: a face says a code in its own words where it has any (desk, then those of both faces); otherwise it shows the
server's own sentence, ``title_zh`` to readers of Chinese and ``detail`` to readers of English (``problems.test.ts``).
So every error of the server must have both, and no face may have words for a code that is never sent.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import server.app  # noqa: F401  (all packages, and with them all errors)
from media.images.errors import Reason
from server.kit.errors import DomainError

ROOT = Path(__file__).parents[2]
WORDS = {"both": "pwa/src/shared/kit/words", "desk": "pwa/src/desk/app/words"}
OF_THE_CLIENT = {"status_4", "status_5", "offline", "timeout", "unknown"}
"""What no server says: it could not be reached, or it answered with no problem at all."""

OF_THE_PHONE = ("bad_statement", "signature_invalid", "chain_gap", "device_revoked", "device_unknown", "wrong_state")
FIELD_CODES = ("state_secret_marking", "half_a_position", "not_of_visit", "not_in_list", "ends_before_start")


def _errors(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("server."):
            yield one
        yield from _errors(one)


def words(face: str, language: str, prefix: str) -> dict[str, str]:
    """The sentences of a face by code."""
    text = (ROOT / f"{WORDS[face]}.{language}.ts").read_text()
    return dict(re.findall(rf"'{prefix}\.([a-z_0-9]+)':\s*['\"](.+)['\"],", text))


SENT = {one.code for one in _errors()}


@pytest.mark.parametrize("error", sorted(set(_errors()), key=lambda one: one.__qualname__), ids=lambda one: one.code)
def test_the_server_has_a_sentence_in_both_languages(error: type[DomainError]) -> None:
    english = (error.__doc__ or "").strip().splitlines()[0]
    assert re.search(r"[.!]$", english), english
    assert "zh" in vars(error), "the Chinese sentence is inherited, so it says something else"
    assert re.search(r"[\u4e00-\u9fff].*。$", error.zh), error.zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_says_why_an_original_cannot_be_shown(language: str) -> None:
    text = (ROOT / f"pwa/src/desk/evidence/words.{language}.ts").read_text()
    assert set(re.findall(r"'unreadable\.([a-z_]+)':\s*'.+[。.]',", text)) == set(get_args(Reason))


@pytest.mark.parametrize("face", WORDS)
def test_no_face_has_words_for_what_is_never_sent(face: str) -> None:
    chinese, english = words(face, "zh", "problem"), words(face, "en", "problem")
    assert set(chinese) == set(english)
    assert set(chinese) - OF_THE_CLIENT <= SENT


def test_nothing_is_worded_twice() -> None:
    assert set(words("both", "zh", "problem")) & set(words("desk", "zh", "problem")) == set()


@pytest.mark.parametrize("code", OF_THE_PHONE)
def test_the_phone_has_its_own_words_for_what_hits_evidence(code: str) -> None:
    assert code in words("both", "zh", "problem")


def _field_codes(folders: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for file in (file for folder in folders for file in (ROOT / "server" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FieldProblem":
                code = next(one.value for one in node.keywords if one.arg == "code")
                if isinstance(code, ast.Constant):
                    found.add(code.value)
    return found


def test_the_desk_has_words_for_what_is_wrong_with_a_field() -> None:
    told = _field_codes(("kit", "access", "visits", "evidence", "findings", "cases", "sync")) | set(FIELD_CODES)
    assert told <= set(words("desk", "zh", "field")) == set(words("desk", "en", "field"))
