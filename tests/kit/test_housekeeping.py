"""What is cleared away by the clock, and what never is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from server import housekeeping
from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.device import Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.people import Office
from tests.factories.pulling import Puller

pytestmark = pytest.mark.anyio


async def test_every_chore_runs_on_an_empty_installation(office: Office) -> None:
    for chore in housekeeping.CHORES:
        await chore.run()
    assert len({chore.name for chore in housekeeping.CHORES}) == len(housekeeping.CHORES)


async def test_failed_sign_ins_are_forgotten_after_a_day(office: Office) -> None:
    for age in (timedelta(hours=1), timedelta(hours=25)):
        await db.execute(
            "INSERT INTO sign_in_attempts (id, login_sha256, source_sha256, known, at) VALUES ($1, $2, $3, false, $4)",
            new_id(),
            b"x" * 32,
            b"y" * 32,
            clock.now() - age,
        )
    await housekeeping.forget_attempts()
    assert await db.fetch_value("SELECT count(*) FROM sign_in_attempts") == 1


async def test_an_upload_nobody_continued_makes_room_and_can_be_begun_again(office: Office) -> None:
    mine = await office.caller("linxia", Role.SUP, Role.TM)
    visit = await planned_visit(office, mine.person_id)
    phone = await Phone.enrolled(mine)
    (capture,) = await phone.record(await phone.chain(visit))
    begun = await phone.begin(capture)
    assert begun.status_code == 201
    await phone.patch(begun.headers["location"], 0, capture.photo[:1000])
    await housekeeping.discard_expired_uploads()
    assert await db.fetch_value("SELECT count(*) FROM uploads") == 1
    await db.execute("UPDATE uploads SET expires_at = now() - interval '1 minute'")
    await housekeeping.discard_expired_uploads()
    assert await db.fetch_value("SELECT count(*) FROM uploads") == 0
    assert (await phone.upload(capture)).headers.get("upload-receipt")


async def test_the_feed_forgets_what_every_cursor_has_passed_but_not_its_last_mark(office: Office) -> None:
    mine = await office.caller("linxia", Role.SUP, Role.TM)
    await planned_visit(office, mine.person_id)
    old = clock.to_ms(clock.now() - timedelta(days=101)) << 80
    for n in (1, 2, 3):
        await db.execute(
            "INSERT INTO feed_changes (id, org_id, n, kind, subject_id, op) VALUES ($1, $2, $3, 'visit', $4, 'put')",
            UUID(int=old + n),
            office.org_id,
            n,
            new_id(),
        )
    await db.execute("UPDATE feed_counters SET n = 3 WHERE org_id = $1", office.org_id)
    puller = Puller(mine)
    await puller.all()
    await housekeeping.prune_feed()
    assert [row["n"] for row in await db.fetch("SELECT n FROM feed_changes")] == [3]
    # A phone that stands at the end of a quiet feed goes on as if nothing had been forgotten.
    assert await puller.all() == []
    assert not any(answer["rebase"] for answer in puller.answers)


async def test_a_feed_is_never_rewritten(office: Office) -> None:
    mine = await office.caller("linxia", Role.SUP, Role.TM)
    visit = await planned_visit(office, mine.person_id)
    phone = await Phone.enrolled(mine)
    await phone.record(await phone.chain(visit))
    with pytest.raises(Exception, match="append-only"):
        await db.execute("UPDATE feed_changes SET kind = 'other'")
