"""Tables that people hand in: .xlsx and .csv as rows of trimmed cells, with the row numbers that they see themselves.

Nothing here knows what the columns mean. Files come from anybody: their size, the size of every part, their rows and
columns are bounded before they are read, XML is read by defusedxml, formulas count as the values last computed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias

from server.items.planning_errors import TableTooLarge, TableUnreadable, WorkbookTooLarge
from server.items.sheet_archive import check_archive

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 20_000
# Rows looked at, the empty ones included: sheets formatted to their last row are common.
_MAX_SCANNED: Final = 200_000
_HEADING_WITHIN: Final = 20

Cell: TypeAlias = str | date
IsHeading: TypeAlias = Callable[[Sequence[Cell]], bool]

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty; ``number`` is what the spreadsheet shows at its left."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The headings and the rows below them."""

    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class _Merged:
    left: int
    top: int
    right: int
    bottom: int


def read_table(name: str, content: bytes, is_heading: IsHeading) -> Table | None:
    """The first table of a file whose heading row is recognised; ``None`` when no row is.

    Titles above the headings are passed over. Blocking: call it in a thread.

    Raises:
        TableUnreadable: neither .xlsx nor .csv, damaged, or encrypted.
        TableTooLarge, WorkbookTooLarge: ``params`` name the limit.
    """
    if len(content) > MAX_BYTES:
        raise TableTooLarge(params={"limit": "bytes", "most": MAX_BYTES})
    if content[:4] == b"PK\x03\x04":
        tables = _sheets_of_workbook(content)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or name.lower().endswith((".xls", ".xlsx", ".et", ".ods")):
        # The old binary format, or a workbook locked with a password.
        raise TableUnreadable
    else:
        tables = iter((_rows_of_text(content),))
    for rows in tables:
        found = _below_heading(rows, is_heading)
        if found is not None:
            return found
    return None


def _below_heading(rows: Iterable[SheetRow], is_heading: IsHeading) -> Table | None:
    headings: tuple[str, ...] | None = None
    kept: list[SheetRow] = []
    seen = 0
    for row in rows:
        seen += 1
        if headings is None:
            if is_heading(row.cells):
                headings = tuple(str(cell) for cell in row.cells)
            elif seen >= _HEADING_WITHIN:
                return None
            continue
        if len(kept) == MAX_ROWS:
            raise TableTooLarge(params={"limit": "rows", "most": MAX_ROWS})
        kept.append(row)
    return None if headings is None else Table(headings, tuple(kept))


def _sheets_of_workbook(content: bytes) -> Iterator[Iterable[SheetRow]]:
    # Loaded only where a workbook is read: it costs a tenth of a second.
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive)
            workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            for sheet in workbook.worksheets:
                if sheet.sheet_state == "visible":
                    merged = _merged_ranges(archive.read(sheet._worksheet_path.lstrip("/")))
                    yield list(_rows_of_sheet(sheet, merged))
    except (TableTooLarge, WorkbookTooLarge):
        raise
    except Exception as error:  # openpyxl answers a damaged workbook with whatever its parts raise
        raise TableUnreadable from error


def _rows_of_sheet(sheet: Any, merged: list[_Merged]) -> Iterator[SheetRow]:
    filled: dict[tuple[int, int], Cell] = {}
    # Rows by number, so that the cells of a merged range are asked for only where one reaches.
    rows = sheet.iter_rows(max_row=_MAX_SCANNED + 1, max_col=MAX_COLUMNS, values_only=True)
    open_ranges = sorted(merged, key=lambda one: one.top)
    at = 0
    active: list[_Merged] = []
    count = 0
    for number, values in enumerate(rows, start=1):
        if number > _MAX_SCANNED:
            raise TableTooLarge(params={"limit": "rows", "most": MAX_ROWS})
        while at < len(open_ranges) and open_ranges[at].top <= number:
            active.append(open_ranges[at])
            at += 1
        if active:
            active = [one for one in active if one.bottom >= number]
        if not active and not any(value is not None for value in values):
            continue
        cells = [_cell(value) for value in values]
        own = any(cells)
        for one in active:
            _spread(one, number, cells, filled)
        # Only what a range brings from above makes no row of its own: such rows are blanks inside a merged cell.
        if own:
            count += 1
            if count > MAX_ROWS + _HEADING_WITHIN:
                raise TableTooLarge(params={"limit": "rows", "most": MAX_ROWS})
            yield SheetRow(number, _trimmed(cells))


def _spread(one: _Merged, number: int, cells: list[Cell], filled: dict[tuple[int, int], Cell]) -> None:
    """A merged cell shows its value over the whole range; the file holds it in the first cell only.

    Only downwards: a title over several columns is one title, not one for each column.
    """
    if one.left >= MAX_COLUMNS:
        return
    if number == one.top:
        if one.left < len(cells):
            filled[one.left, one.top] = cells[one.left]
        return
    value = filled.get((one.left, one.top), "")
    if value:
        cells.extend([""] * (one.left + 1 - len(cells)))
        cells[one.left] = value


def _merged_ranges(sheet_xml: bytes) -> list[_Merged]:
    return [
        _Merged(_column(match[1]), int(match[2]), _column(match[3]), int(match[4]))
        for match in _MERGE.finditer(sheet_xml)
    ][:MAX_ROWS]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _rows_of_text(content: bytes) -> Iterator[SheetRow]:
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    number = 0
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if number > _MAX_SCANNED:
                raise TableTooLarge(params={"limit": "rows", "most": MAX_ROWS})
            cells = [_cell(value) for value in values[:MAX_COLUMNS]]
            if any(cells):
                yield SheetRow(number, _trimmed(cells))
    except csv.Error as error:
        raise TableUnreadable(params={"row": number + 1}) from error


def _decoded(content: bytes) -> str:
    """Text as the programs of an office save it: UTF-8 with or without a mark, GB 18030, «Unicode text» of Excel."""
    try:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = content.decode("utf-16")
        else:
            try:
                text = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise TableUnreadable from error
    if "\x00" in text:
        raise TableUnreadable
    return text


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            raise TableTooLarge(params={"limit": "cell", "most": MAX_CELL})
        return value.strip().replace("\r\n", "\n").replace("_x000D_", "")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, time):
        return value.isoformat("minutes")
    return str(value)


def _trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    last = len(cells)
    while last and cells[last - 1] == "":
        last -= 1
    return tuple(cells[:last])
