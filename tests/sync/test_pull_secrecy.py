"""What a phone never pulls, and when it begins anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from server.access.roles import Role
from server.kit import clock, db
from server.sync.pull import FEED_MEMORY
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork, planned_visit
from tests.factories.people import Caller, Office
from tests.factories.pulling import Puller, touch

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visit(office: Office, mine: Caller) -> Fieldwork:
    return await planned_visit(office, mine.person_id)


class TestSecrecy:
    @pytest.mark.requirement("R81")
    async def test_hidden_changes_leave_no_trace(
        self, office: Office, mine: Caller, other: Caller, visit: Fieldwork
    ) -> None:
        watcher = Puller(mine)
        await watcher.all()
        quiet = await watcher.pull()
        secret = await planned_visit(office, other.person_id)
        phone = await Phone.enrolled(other)
        (capture,) = await phone.record(await phone.chain(secret))
        for _ in range(40):
            await touch(office, "visit", secret.id)
            await touch(office, "item", secret.item_id)
            await touch(office, "capture", capture.id)
        loud = await watcher.pull()
        assert [answer["changes"] for answer in (quiet, loud)] == [[], []]
        assert quiet["more"] is loud["more"] is False
        assert set(quiet) == set(loud)
        assert len(quiet["cursor"]) == len(loud["cursor"])

    @pytest.mark.requirement("R81")
    async def test_a_full_page_followed_by_hidden_changes_says_that_it_was_the_last(
        self, office: Office, mine: Caller, other: Caller
    ) -> None:
        visits = [await planned_visit(office, mine.person_id) for _ in range(3)]
        secret = await planned_visit(office, other.person_id)
        watcher = Puller(mine, limit=3)
        await watcher.all()
        await touch(office, "visit", *(one.id for one in visits))
        await touch(office, "visit", secret.id)
        answer = await watcher.pull()
        assert len(answer["changes"]) == 3
        assert answer["more"] is False

    async def test_a_cursor_tells_nothing_and_is_never_the_same_twice(
        self, office: Office, mine: Caller, visit: Fieldwork
    ) -> None:
        puller = Puller(mine, limit=1)
        await puller.all()
        for number in range(5):
            await touch(office, "visit", *[visit.id] * (10**number if number < 3 else 1))
            await puller.all()
        cursors = [answer["cursor"] for answer in puller.answers]
        assert len({len(cursor) for cursor in cursors}) == 1
        assert len(set(cursors)) == len(cursors)

    async def test_the_unit_under_inspection_and_strangers_get_nothing(self, office: Office, mine: Caller) -> None:
        await planned_visit(office, mine.person_id)
        await planned_visit(office, mine.person_id, released=True)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        administrator = await office.caller("admin", Role.ADM)
        for caller in (liaison, administrator):
            puller = Puller(caller)
            await puller.all()
            assert puller.rows == {}

    async def test_captures_of_a_colleague_on_the_same_team_are_not_pulled(
        self, office: Office, mine: Caller, other: Caller
    ) -> None:
        shared = await planned_visit(office, mine.person_id, other.person_id)
        phone = await Phone.enrolled(other)
        await phone.record(await phone.chain(shared))
        puller = Puller(mine)
        await puller.all()
        assert list(puller.of("visit")) == [str(shared.id)]
        assert puller.of("capture") == {}


class TestRebase:
    @pytest.fixture
    async def puller(self, mine: Caller, visit: Fieldwork, office: Office) -> AsyncIterator[Puller]:
        await touch(office, "visit", visit.id)
        puller = Puller(mine)
        await puller.all()
        yield puller

    async def check(self, puller: Puller) -> dict[str, Any]:
        """The next answer starts anew, and the copy ends complete."""
        before = dict(puller.rows)
        answer = await puller.pull()
        assert answer["rebase"] is True
        await puller.all()
        assert puller.rows == before
        assert [one["rebase"] for one in puller.answers].count(True) == 1
        return answer

    async def test_a_cursor_of_another_person(self, puller: Puller, office: Office, other: Caller) -> None:
        theirs = Puller(other)
        await theirs.all()
        puller.cursor = theirs.cursor
        await self.check(puller)

    @pytest.mark.parametrize("cursor", ["", "x", "%%%", "A" * 150, "中文"])
    async def test_a_cursor_that_we_did_not_seal(self, puller: Puller, cursor: str) -> None:
        puller.cursor = cursor
        if cursor:
            await self.check(puller)
        else:
            assert (await puller.pull())["rebase"] is False

    async def test_a_cursor_older_than_the_feeds_memory(self, puller: Puller) -> None:
        later = clock.now() + FEED_MEMORY + timedelta(minutes=1)
        await db.execute("UPDATE sessions SET expires_at = $1", later + timedelta(days=1))
        with clock.held_at(lambda: later):
            await self.check(puller)

    async def test_a_database_restored_from_a_backup_with_other_changes_since(
        self, puller: Puller, office: Office, visit: Fieldwork
    ) -> None:
        # The backup lacks the last change; afterwards another one took its number.
        n = await db.fetch_value("SELECT n FROM feed_counters WHERE org_id = $1", office.org_id)
        async with db.transaction() as conn:
            await conn.execute("ALTER TABLE feed_changes DISABLE TRIGGER USER")
            await conn.execute("DELETE FROM feed_changes WHERE n = $1", n)
            await conn.execute("UPDATE feed_counters SET n = n - 1")
            await conn.execute("ALTER TABLE feed_changes ENABLE TRIGGER USER")
        await touch(office, "visit", visit.id)
        assert await db.fetch_value("SELECT n FROM feed_counters WHERE org_id = $1", office.org_id) == n
        await self.check(puller)

    async def test_a_database_restored_to_before_the_cursor(self, puller: Puller, office: Office) -> None:
        async with db.transaction() as conn:
            await conn.execute("ALTER TABLE feed_changes DISABLE TRIGGER USER")
            await conn.execute("DELETE FROM feed_changes")
            await conn.execute("UPDATE feed_counters SET n = 0")
            await conn.execute("ALTER TABLE feed_changes ENABLE TRIGGER USER")
        await self.check(puller)
