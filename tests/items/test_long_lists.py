"""Twenty thousand of everything behind the lists of the ledger: a page is read by indexes, from both of its ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import db
from tests.factories import many
from tests.factories.people import Caller, Office

pytestmark = pytest.mark.anyio

# Who reads which list. A search and the pages that add up a whole year (wall, control, comparison, counts) are not
# here: they read what they are asked for; docs/performance.md says what that takes.
_PAGED = (
    ("chief", "/api/items"),
    ("chief", "/api/items?state=UNDER_APPROVAL"),
    ("liaison", "/api/items"),
    ("origin", "/api/items"),
    ("chief", "/api/intake"),
    ("chief", "/api/intake?where=SETTLED"),
    ("chief", "/api/overdue-items"),
    ("chief", "/api/overdue-items?kind=unreported"),
    ("liaison", "/api/overdue-items"),
    ("chief", "/api/suspensions"),
    ("chief", "/api/items/late"),
    ("chief", "/api/slips"),
    ("chief", "/api/slips?state=DRAFT"),
    ("liaison", "/api/slips"),
    ("chief", "/api/slips/unsigned"),
    ("chief", "/api/items/board"),
    ("leader", "/api/items/waiting"),
    ("head", "/api/items/waiting"),
    ("chief", "/api/items/waiting"),
    ("supervisor", "/api/items/waiting"),
    ("chief", "/api/circulations?where=on_desk"),
    ("chief", "/api/circulations?where=waiting"),
    ("chief", "/api/circulations?where=returned"),
    ("chief", "/api/programmes"),
    ("chief", "/api/meetings"),
)


@asynccontextmanager
async def overheard(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[tuple[str, Sequence[Any]]]]:
    """Every query that is asked within, with its arguments."""
    heard: list[tuple[str, Sequence[Any]]] = []
    ask = db.fetch

    async def fetch(sql: str, *args: Any) -> Any:
        heard.append((sql, args))
        return await ask(sql, *args)

    with monkeypatch.context() as patched:
        patched.setattr(db, "fetch", fetch)
        yield heard


async def read_whole(heard: list[tuple[str, Sequence[Any]]]) -> list[str]:
    """The large tables that a plan reads from one end to the other, each with the plan."""
    found = []
    for sql, args in heard:
        plan = [row[0] for row in await db.fetch(f"EXPLAIN {sql}", *args)]
        if any(f"Seq Scan on {table} " in step for step in plan for table in many.LARGE):
            found.append("\n".join(plan))
    return found


async def test_a_page_of_any_list_is_read_by_indexes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    people: dict[str, Caller] = {
        "supervisor": await office.caller("lin", Role.SUP),
        "chief": await office.caller("he", Role.OFFICE),
        "leader": await office.caller("lu", Role.LEADER),
        "head": await office.caller("gu", Role.HEAD),
        "origin": await office.caller("shen", Role.ORIGIN),
    }
    ledger = await many.seed(office.org_id, people["supervisor"].person_id, people["leader"].person_id)
    people["liaison"] = await office.caller("xu", Role.LIAISON, unit=ledger.unit)
    wrong: list[str] = []
    for name, path in _PAGED:
        for _ in range(2):
            async with overheard(monkeypatch) as heard:
                answer = await people[name].get(path)
            assert answer.status_code == 200, (path, answer.text)
            assert heard, path
            wrong += [f"{name} {path}\n{plan}" for plan in await read_whole(heard)]
            cursor = answer.json().get("next_cursor")
            if cursor is None:
                break
            path = f"{path}{'&' if '?' in path else '?'}cursor={cursor}"
    assert not wrong, "\n\n".join(wrong)
