"""What every input from outside is refused for, before any command sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest
from msgspec import inspect

import server.app  # noqa: F401  (every package's inputs are known once the application is)
from server.kit.structs import Input

# A login and a password are compared as they are; a kind is looked up in its list, and so is refused if blank.
_AS_GIVEN = {"login", "password", "old_password", "new_password", "unit_kind", "text"}
# Signed on phones and read byte for byte, or checked where the words are used.
_ELSEWHERE = ("server.sync", "server.evidence", "server.push", "server.bundles")


def inputs(of: type[Input] = Input) -> Iterator[type[Input]]:
    for one in of.__subclasses__():
        yield one
        yield from inputs(one)


class Named(Input):
    on: date | None = None
    at: datetime | None = None


def test_words_that_must_be_there_are_not_blank() -> None:
    open_to_blanks = []
    for one in inputs():
        if one.__module__.startswith(_ELSEWHERE) or not one.__module__.startswith("server."):
            continue
        info = inspect.type_info(one)
        assert isinstance(info, inspect.StructType)
        for field in info.fields:
            kinds = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
            for kind in kinds:
                bare = isinstance(kind, inspect.StrType) and kind.min_length and not kind.pattern
                if bare and field.name not in _AS_GIVEN:
                    open_to_blanks.append(f"{one.__module__}.{one.__name__}.{field.name}")
    assert open_to_blanks == []


@pytest.mark.parametrize("named", [{"on": date.min}, {"on": date.max}, {"at": datetime(1, 1, 1, tzinfo=UTC)}])
def test_days_at_the_ends_of_the_calendar_are_refused(named: dict[str, date]) -> None:
    with pytest.raises(msgspec.ValidationError, match="between the years"):
        msgspec.json.decode(msgspec.json.encode(named), type=Named)
    assert msgspec.json.decode(b'{"on": "2026-11-22"}', type=Named).on == date(2026, 11, 22)
