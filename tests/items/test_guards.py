"""What the database refuses of an item, whoever writes the SQL."""

from __future__ import annotations

import pytest

from server.kit import db
from tests.factories.circulation import hands
from tests.factories.people import Office
from tests.factories.timing import MONDAY, Timing
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio

_STEP = (
    "INSERT INTO item_steps (id, org_id, item_id, act, from_state, to_state, at{columns})"
    " SELECT gen_random_uuid(), org_id, id, 'resume', {before}, {after}, now(){values} FROM items"
)


@pytest.fixture
async def item(office: Office) -> str:
    """An item with its unit, its limit frozen."""
    timing = await Timing.prepared(office)
    with hands(MONDAY):
        return await timing.handed_over()


@pytest.mark.requirement("R12")
@pytest.mark.parametrize(
    "change",
    [
        "state = 'CLOSED'",
        "due_at = due_at + interval '1 year'",
        "due_at = NULL",
        "assigned_at = assigned_at - interval '1 day'",
        "assigned_at = NULL",
    ],
)
async def test_nothing_moves_without_the_step_recorded_with_it(item: str, change: str) -> None:
    with pytest.raises(Exception, match="recorded step"):
        await db.execute(f"UPDATE items SET {change}")
    # A step of another transaction, or one that says something else, is none.
    await db.execute(_STEP.format(columns="", before="'IN_PROGRESS'", after="'CLOSED'", values=""))
    with pytest.raises(Exception, match="recorded step"):
        await db.execute(f"UPDATE items SET {change}")
    with pytest.raises(Exception, match="recorded step"):
        async with db.transaction() as conn:
            await conn.execute(_STEP.format(columns="", before="'ASSIGNED'", after="'REPORTED'", values=""))
            await conn.execute(f"UPDATE items SET {change}")


@pytest.mark.requirement("R36")
async def test_a_date_moves_only_as_its_step_says(item: str) -> None:
    step = _STEP.format(
        columns=", data",
        before="state",
        after="state",
        values=", jsonb_build_object('due_at', (due_at + interval '1 day')::text)",
    )
    with pytest.raises(Exception, match="recorded step"):
        async with db.transaction() as conn:
            await conn.execute(step)
            await conn.execute("UPDATE items SET due_at = due_at + interval '2 days'")
    async with db.transaction() as conn:
        await conn.execute(step)
        await conn.execute("UPDATE items SET due_at = due_at + interval '1 day'")


async def test_what_does_not_move_needs_no_step(item: str) -> None:
    await db.execute("UPDATE items SET version = version + 1, state = state, due_at = due_at")
    await moved("REPORTED")
    assert await db.fetch_value("SELECT state FROM items") == "REPORTED"
