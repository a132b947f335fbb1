"""Lists page by key, never by offset: a cursor is the sort key of the last row shown."""

from __future__ import annotations

import base64
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from server.kit.errors import FieldProblem, InvalidInput

PAGE: Final = 50

_Key = TypeVar("_Key", date, datetime)
_encode = msgspec.json.encode


def cursor_after(key: date | datetime, row_id: UUID) -> str:
    """The cursor that continues after the row with this sort key and id."""
    return base64.urlsafe_b64encode(_encode((key, row_id))).rstrip(b"=").decode()


def read_cursor(cursor: str | None, key_type: type[_Key]) -> tuple[_Key | None, UUID | None]:
    """The sort key and id of a cursor; both ``None`` for the first page.

    Raises:
        InvalidInput: not one of our cursors.
    """
    if not cursor:
        return None, None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        first, second = msgspec.json.decode(raw, type=tuple[str, str])
        key, row_id = msgspec.convert(first, key_type), UUID(second)
    except ValueError as error:
        problem = FieldProblem(field="cursor", code="not_a_cursor", detail="This is not a cursor of this list.")
        raise InvalidInput(errors=(problem,)) from error
    return key, row_id


def page(rows: list[Any], limit: int, key: str) -> tuple[list[Any], str | None]:
    """Of up to ``limit + 1`` rows, those to show and the cursor for the next page if there is one."""
    shown = rows[:limit]
    more = len(rows) > limit
    return shown, cursor_after(shown[-1][key], shown[-1]["id"]) if more else None
