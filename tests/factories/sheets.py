"""Tables as offices send them: workbooks and text files with the children of an item."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import httpx

from server.kit.ids import new_id
from tests.factories.people import Caller

HEADINGS = ("任务", "工作要求", "责任单位", "责任人", "完成时限")


def workbook(
    rows: Sequence[Sequence[Any]], *, headings: Sequence[str] = HEADINGS, change: Callable[[Any], Any] | None = None
) -> bytes:
    """A .xlsx of these rows below the headings; ``change`` gets the sheet before it is saved."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (headings, *rows):
        sheet.append(list(row))
    if change is not None:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_table(
    rows: Sequence[Sequence[Any]], encoding: str = "utf-8", headings: Sequence[str] = HEADINGS, delimiter: str = ","
) -> bytes:
    """A .csv of these rows below the headings."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows((headings, *rows))
    return out.getvalue().encode(encoding)


def goals(count: int, units: Sequence[tuple[str, str]], due: date) -> list[tuple[Any, ...]]:
    """So many goals of a work report, spread over (unit, person)."""
    return [
        (f"政府工作报告目标第{n}项", f"按季度报送第{n}项进展", *units[n % len(units)], due) for n in range(1, count + 1)
    ]


async def previewed(caller: Caller, parent_id: str, content: bytes, name: str = "分解表.xlsx") -> httpx.Response:
    """What an import of this file would make."""
    return await caller.request(
        "POST", f"/api/items/{parent_id}/imports/preview", content=content, headers={"X-File-Name": quote(name)}
    )


async def imported(
    caller: Caller, parent_id: str, content: bytes, name: str = "分解表.xlsx", import_id: str | None = None
) -> httpx.Response:
    """The import itself."""
    return await caller.request(
        "POST",
        f"/api/items/{parent_id}/imports",
        content=content,
        headers={"X-File-Name": quote(name), "Idempotency-Key": import_id or str(new_id())},
    )
