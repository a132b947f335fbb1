"""An installation that is older than its log: what it recorded enters the log with the update."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from server.evidence.logged import statement_leaves
from server.kit import clock, db
from server.kit.ids import new_id
from server.tlog import sequencer
from server.tlog.audit import audit, sources
from tests.tlog.conftest import Author

pytestmark = pytest.mark.anyio
MIGRATION = Path(__file__).parents[2] / "migrations" / "server_2026_11_22t02_01_00_000000.py"


def migration() -> ModuleType:
    spec = importlib.util.spec_from_file_location("before_the_log", MIGRATION)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_what_was_recorded_before_the_log_enters_it_once(author: Author) -> None:
    for n in range(5):
        await db.execute(
            "INSERT INTO journal_entries (id, org_id, kind, subject_kind, subject_id, at, data)"
            " VALUES ($1, $2, 'thing.happened', 'thing', $1, $3, jsonb_build_object('理由', '开工', 'n', $4::int))",
            new_id(),
            author.org_id,
            clock.now(),
            n,
        )
    sources.bind([statement_leaves])
    await author.act()
    assert {one.code for one in (await audit()).findings} == {"not_logged"}
    for _ in range(2):
        async with db.transaction():
            await migration().fill()
        assert await sequencer.catch_up() == 7
    assert (await audit()).findings == []
    sources.bind([])
