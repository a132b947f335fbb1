"""What a process remembers of a database holds for that one only, and not longer than it was told."""

from __future__ import annotations

import pytest

from server.kit import db


def test_another_pool_is_another_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    known: db.PerDatabase[str, int] = db.PerDatabase(2)
    known.put("a", 1)
    assert (known.get("a"), known.get("b")) == (1, None)
    monkeypatch.setattr(db.DB, "pool", object())
    assert known.get("a") is None
    known.put("a", 2)
    assert known.get("a") == 2
    monkeypatch.undo()
    assert known.get("a") is None


def test_when_full_it_begins_anew_and_it_can_be_told_to_forget() -> None:
    known: db.PerDatabase[str, int] = db.PerDatabase(2)
    for n, key in enumerate("abc"):
        known.put(key, n)
    assert [known.get(key) for key in "abc"] == [None, None, 2]
    known.clear()
    assert known.get("c") is None


def test_what_is_old_is_not_told() -> None:
    known: db.PerDatabase[str, int] = db.PerDatabase(2, seconds=0)
    known.put("a", 1)
    assert known.get("a") is None
