"""Rules of the ledger that need no database: markings of secrets, spelling of numbers."""

from __future__ import annotations

import time

import pytest

from server.items.errors import StateSecretRefused
from server.items.numbers import normal_reference, register_no
from server.items.secrecy import carries_marking, refuse_state_secrets


@pytest.mark.parametrize(
    "text",
    [
        "绝密★30年",
        "关于某事的通知 机密★",
        "秘 密★10年",
        "密级：秘密",  # full-width colon
        "【机密】关于某事的请示",
        "(秘密)某单位情况",
        "绝密级材料",
        "某份机密级文件",
        "秘密\n关于某事的报告",
    ],
)
def test_marked_text_is_refused(text: str) -> None:
    assert carries_marking(text)


@pytest.mark.parametrize(
    "text",
    [
        "保守国家秘密法宣传",
        "涉及企业商业秘密的处理",
        "商业机密级别划分",
        "工作秘密管理办法",
        "保密工作督查",
        "密级管理",
    ],
)
def test_ordinary_words_about_secrets_are_not_markings(text: str) -> None:
    assert not carries_marking(text)


@pytest.mark.parametrize("text", ["\n" * 20_000, "密级" + " " * 20_000, "密级:" + " " * 20_000, "绝\n" * 10_000])
def test_blanks_without_end_are_read_in_no_time(text: str) -> None:
    """Pasted emptiness, or somebody's malice, must not hold up the requests of all others."""
    began = time.process_time()
    assert not carries_marking(text)
    assert time.process_time() - began < 0.5


def test_a_refusal_names_the_field_and_not_its_content() -> None:
    with pytest.raises(StateSecretRefused) as refused:
        refuse_state_secrets(title="平常标题", brief="绝密★ 内容甲乙丙")
    assert [one.field for one in refused.value.errors] == ["brief"]
    assert "甲乙丙" not in str(refused.value.errors)


def test_a_register_number_is_written_with_the_right_brackets() -> None:
    assert register_no(2026, 17) == "督〔2026〕17号"
    assert [f"{ord(char):04x}" for char in register_no(2026, 7) if char in "〔〕"] == ["3014", "3015"]


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("spelling", ["云府办发[2026]7号", "云府办发 (2026) 7 号", "云府办发(2026)7号"])
def test_one_document_has_one_spelling(spelling: str) -> None:
    assert normal_reference(spelling) == "云府办发〔2026〕7号"
