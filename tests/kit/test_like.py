"""Words that somebody typed are searched for as they stand."""

from __future__ import annotations

import pytest

from server.kit import db
from server.kit.like import containing

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("words", ["100%", "a_b", "a\\b", "  供水 "])
async def test_signs_of_patterns_mean_themselves(dsn: str, words: str) -> None:
    await db.connect(dsn, min_size=1, max_size=1)
    texts = ["费率100%的", "费率100元", "a_b", "axb", "a\\b", "a\\\\x", "文昌街供水管网"]
    found = await db.fetch("SELECT t FROM unnest($1::text[]) AS u (t) WHERE t ILIKE $2", texts, containing(words))
    await db.disconnect()
    assert [row["t"] for row in found] == [one for one in texts if words.strip() in one]


async def test_no_words_are_no_pattern() -> None:
    assert [containing(words) for words in (None, "", "  ")] == [None, None, None]
