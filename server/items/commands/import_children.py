"""Importing the children of an item from a table (R8): looked at first, then all rows or none."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.items import queries
from server.items.commands.decompose import add_children, limit_of, next_child_no, parent_for_update
from server.items.planning_errors import HeadingsMissing, ImportRefused, TableEmpty
from server.items.planning_judging import Directory, KnownPerson, UnderstoodTable, understand
from server.items.planning_registration import NewItem
from server.items.planning_rules import plain
from server.items.planning_schemas import ImportPreview, ImportRowView, RowProblemView
from server.items.planning_sheet import COLUMN_NAMES, is_heading, marked_cells, missing_headings
from server.items.secrecy import refuse_state_secrets
from server.items.sheets import Table, read_table
from server.journal.work import unit_of_work
from server.kit import clock, db
from server.kit.errors import FieldProblem, IdReused
from server.kit.ids import new_id
from server.kit.secrecy import StateSecretRefused


async def preview(actor: Actor, parent_id: UUID, name: str, content: bytes) -> ImportPreview:
    """What an import of this file would make, and every error of every row. Nothing is stored.

    Raises:
        NotFound: no such item in the actor's scope.
        TableUnreadable, TableTooLarge, WorkbookTooLarge, TableEmpty, HeadingsMissing, StateSecretRefused: of the whole
            file.
    """
    parent = await queries.item_row(actor, parent_id)
    table = await asyncio.to_thread(_read, name, content)
    understood = await _understand(actor, parent, table)
    first = await db.fetch_value("SELECT coalesce(max(child_no), 0) + 1 FROM items WHERE parent_id = $1", parent_id)
    problems: dict[int, list[RowProblemView]] = {}
    for one in understood.problems:
        problems.setdefault(one.row, []).append(RowProblemView(column=one.column, code=one.code, zh=one.zh, en=one.en))
    return ImportPreview(
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        rows=tuple(
            ImportRowView(
                row=row.row,
                task=row.task,
                requirement=row.requirement,
                unit=row.unit_name,
                person=row.person_name,
                due=row.due_on.isoformat() if row.due_on else row.due_text,
                problems=tuple(problems.get(row.row, ())),
            )
            for row in understood.rows
        ),
        wrong_rows=len(problems),
        problems=len(understood.problems),
        ignored_columns=understood.ignored,
        first_child_no=first,
    )


async def import_children(actor: Actor, parent_id: UUID, import_id: UUID, name: str, content: bytes) -> None:
    """Make a child of every row, or none at all; the same import with the same file again changes nothing.

    Raises:
        NotFound, NotToDecompose, TooDeep: of the parent.
        TableUnreadable, TableTooLarge, WorkbookTooLarge, TableEmpty, HeadingsMissing, StateSecretRefused: of the whole
            file.
        ImportRefused: ``errors`` name every row and column that needs correction.
        IdReused: the import's id belongs to another file, or to another item.
    """
    refuse_state_secrets(file_name=name)
    digest = hashlib.sha256(content).digest()
    if await _done_before(actor, parent_id, import_id, digest):
        return
    table = await asyncio.to_thread(_read, name, content)
    async with unit_of_work(actor, command_id=import_id) as work:
        parent = await parent_for_update(work, actor, parent_id)
        # Again behind the lock: the same import may have been sent twice at once.
        if await _done_before(actor, parent_id, import_id, digest):
            return
        understood = await _understand(actor, parent, table)
        if understood.problems:
            raise ImportRefused(
                params={"problems": len(understood.problems)},
                errors=tuple(
                    FieldProblem(field=f"rows.{one.row}.{one.column}", code=one.code, detail=one.en)
                    for one in understood.problems
                ),
            )
        first = await next_child_no(work, parent_id)
        await work.conn.execute(
            "INSERT INTO item_imports (id, org_id, parent_id, file_name, sha256, row_count, first_child_no,"
            " imported_by, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            import_id,
            actor.org_id,
            parent_id,
            name,
            digest,
            len(understood.rows),
            first,
            actor.person_id,
            work.at,
        )
        new = [
            NewItem(
                id=new_id(),
                title=row.task,
                requirement=row.requirement,
                unit_id=row.unit_id,
                person_id=row.person_id,
                due_on=row.due_on,
                source_ref=parent["source_ref"],
                child_no=first + at,
            )
            for at, row in enumerate(understood.rows)
        ]
        await add_children(work, parent, new, import_id=import_id)


def _read(name: str, content: bytes) -> Table:
    """The table of a file, refused as a whole where it cannot be taken (in a thread)."""
    table = read_table(name, content, is_heading)
    if table is None:
        raise HeadingsMissing(params=_headings_missing(tuple(COLUMN_NAMES)))
    if marked := marked_cells(name, table):
        raise StateSecretRefused(
            errors=tuple(
                FieldProblem(field=field, code="state_secret_marking", detail="It carries a classification mark.")
                for field in marked
            )
        )
    if missing := missing_headings(table):
        raise HeadingsMissing(params=_headings_missing(missing))
    return table


def _headings_missing(columns: tuple[Any, ...]) -> dict[str, str]:
    return {
        "missing_zh": "、".join(COLUMN_NAMES[column][0] for column in columns),
        "missing_en": ", ".join(COLUMN_NAMES[column][1] for column in columns),
    }


async def _understand(actor: Actor, parent: Any, table: Table) -> UnderstoodTable:
    units = await db.fetch("SELECT id, name FROM units WHERE org_id = $1", actor.org_id)
    people = await db.fetch("SELECT id, name, login, unit_id FROM people WHERE org_id = $1 AND active", actor.org_id)
    children = await db.fetch(
        "SELECT title, handling_unit_id, child_no FROM items WHERE parent_id = $1 AND handling_unit_id IS NOT NULL"
        " AND state NOT IN ('NOT_ESTABLISHED', 'TERMINATED', 'MERGED')",
        parent["id"],
    )
    directory = Directory(
        {row["id"]: row["name"] for row in units},
        [KnownPerson(row["id"], row["name"], row["login"], row["unit_id"]) for row in people],
    )
    limit = limit_of(parent)
    today: date = clock.today()
    understood = await asyncio.to_thread(
        understand,
        table,
        directory,
        today=today,
        latest=None if limit is None else clock.last_day(limit),
        present={(plain(row["title"]), row["handling_unit_id"]): row["child_no"] for row in children},
    )
    if not understood.rows:
        raise TableEmpty
    return understood


async def _done_before(actor: Actor, parent_id: UUID, import_id: UUID, digest: bytes) -> bool:
    row = await db.fetch_one("SELECT org_id, parent_id, sha256 FROM item_imports WHERE id = $1", import_id)
    if row is None:
        return False
    if (row["org_id"], row["parent_id"], bytes(row["sha256"])) != (actor.org_id, parent_id, digest):
        raise IdReused
    # Whoever may not see the item learns nothing of its imports.
    await queries.item_row(actor, parent_id)
    return True
