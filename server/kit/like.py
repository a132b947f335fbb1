"""Searching for words that somebody typed."""

from __future__ import annotations


def containing(words: str | None) -> str | None:
    """A LIKE pattern for text that contains the words literally; ``None`` for no words."""
    if words is None or not words.strip():
        return None
    literal = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{literal}%"
