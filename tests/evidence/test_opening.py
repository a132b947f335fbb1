"""Evidence is stamped before somebody decides on it; nobody waits for that, and how it stands is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from server.access.roles import Role
from server.kit import clock, db
from server.kit.ids import new_id
from server.settings import Settings
from server.tlog import sequencer
from server.tlog.anchors import outside
from server.tlog.anchors.chores import try_again
from tests.factories.cases import case_body
from tests.factories.chain import Captured, Chain
from tests.factories.device import Phone
from tests.factories.fieldwork import Fieldwork
from tests.factories.people import Caller, Office
from tests.factories.tsa import TimeAuthority, time_authority
from tests.factories.worker import held_jobs, run_jobs_once

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running


@pytest.fixture
def settings(settings: Settings, tsa: TimeAuthority) -> Settings:
    return replace(settings, tsa_urls=tsa.url, tsa_roots=tsa.roots)


@pytest.fixture
async def chain(phone: Phone, visit: Fieldwork) -> Chain:
    return await phone.chain(visit)


@pytest.fixture
async def taken(phone: Phone, chain: Chain) -> Captured:
    (one,) = await phone.record(chain)
    assert (await phone.upload(one)).status_code == 201
    return one


async def settle(settings: Settings) -> None:
    """The sequencer does its part, then the jobs run that were waiting for it."""
    await sequencer.catch_up()
    await run_jobs_once(settings)


async def opened(caller: Caller, capture_id: UUID | str, **body: Any) -> dict[str, Any]:
    answer = await caller.post(f"/api/evidence/{capture_id}/openings", body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def stamp(caller: Caller, taken: Captured) -> tuple[str, str | None]:
    answer = await caller.get("/api/evidence/stamps", params={"capture_id": str(taken.id)})
    assert answer.status_code == 200, answer.text
    (told,) = answer.json()["stamps"]
    assert told["capture_id"] == str(taken.id)
    return told["state"], told["at"]


async def accepted(caller: Caller, taken: Captured) -> None:
    answer = await caller.post(f"/api/evidence/{taken.id}/review", {"id": str(new_id()), "decision": "accepted"})
    assert answer.status_code == 201, answer.text


async def acts(caller: Caller, taken: Captured) -> list[tuple[str, str]]:
    told = (await caller.get(f"/api/evidence/{taken.id}/custody")).json()
    return [(one["kind"], one["by"]["name"]) for one in told]


class TestTakingUp:
    async def test_is_an_act_once_for_each_person_and_day(self, office: Office, taken: Captured, head: Caller) -> None:
        assert (await opened(head, taken.id))["recorded"] is True
        assert (await opened(head, taken.id, way="picked"))["recorded"] is False
        other = await office.caller("zhaomin", Role.OFFICE)
        assert (await opened(other, taken.id, way="picked"))["recorded"] is True
        tomorrow = clock.now_ms() + 86_400_000
        with clock.held_at(lambda: clock.from_ms(tomorrow)):
            assert (await opened(head, taken.id))["recorded"] is True
        assert [one for one in await acts(head, taken) if one[0] == "capture.opened"] == [
            ("capture.opened", "hejing"),
            ("capture.opened", "zhaomin"),
            ("capture.opened", "hejing"),
        ]
        ways = await db.fetch(
            "SELECT data->>'way' AS way FROM journal_entries WHERE kind = 'capture.opened' ORDER BY at"
        )
        assert [row["way"] for row in ways] == ["OPENED", "PICKED", "OPENED"]

    async def test_is_no_side_effect_of_reading(self, taken: Captured, head: Caller) -> None:
        for path in ("", "/custody", "/trust"):
            assert (await head.get(f"/api/evidence/{taken.id}{path}")).status_code == 200
        await stamp(head, taken)
        assert "capture.opened" not in [kind for kind, _ in await acts(head, taken)]

    async def test_what_is_decided_void_or_ones_own_is_only_looked_at(
        self, office: Office, phone: Phone, chain: Chain, taken: Captured, head: Caller
    ) -> None:
        (void, mine) = await phone.record(chain, 2)
        await phone.push(chain.discard(void.id))
        await accepted(head, taken)
        assert (await opened(head, taken.id))["recorded"] is False
        assert (await opened(head, void.id))["recorded"] is False
        assert (await opened(phone.caller, mine.id))["recorded"] is False
        assert await db.fetch_value("SELECT count(*) FROM journal_entries WHERE kind = 'capture.opened'") == 0

    @pytest.mark.requirement("R81")
    async def test_for_strangers_there_is_nothing(self, office: Office, taken: Captured, head: Caller) -> None:
        stranger = await office.caller("zhouheng", Role.SUP)
        elsewhere = await (await Office.founded(office.http)).caller("sunqi", Role.OFFICE)
        for caller in (stranger, elsewhere):
            hidden = await caller.post(f"/api/evidence/{taken.id}/openings", {})
            absent = await caller.post(f"/api/evidence/{new_id()}/openings", {})
            assert hidden.status_code == absent.status_code == 404
            assert hidden.json() | {"instance": ""} == absent.json() | {"instance": ""}
            told = await caller.get("/api/evidence/stamps", params={"capture_id": str(taken.id)})
            assert told.json() == {"stamps": []}
        auditor = await office.caller("auditor", Role.AUD)
        assert (await auditor.post(f"/api/evidence/{taken.id}/openings", {})).status_code == 403
        assert await db.fetch_value("SELECT count(*) FROM capture_openings") == 0


class TestStamp:
    async def test_comes_before_the_review(
        self, settings: Settings, taken: Captured, head: Caller, tsa: TimeAuthority
    ) -> None:
        assert (await opened(head, taken.id))["stamp"]["state"] == "asked"
        await settle(settings)
        state, at = await stamp(head, taken)
        assert (state, tsa.asked) == ("stamped", 1)
        await accepted(head, taken)
        await settle(settings)
        reviewed = await db.fetch_value("SELECT at FROM journal_entries WHERE kind = 'capture.reviewed'")
        attested = await db.fetch_value("SELECT gen_time FROM log_anchors ORDER BY size LIMIT 1")
        assert attested < reviewed
        assert at == attested.isoformat().replace("+00:00", "Z")
        assert tsa.asked == 2  # the review has its own stamp afterwards

    async def test_of_stamped_evidence_is_not_asked_for_again(
        self, settings: Settings, phone: Phone, chain: Chain, head: Caller, tsa: TimeAuthority
    ) -> None:
        many = await phone.record(chain, 12)
        for one in many[:6]:
            await opened(head, one.id)
        await settle(settings)
        assert (tsa.asked, await db.fetch_value("SELECT count(*) FROM log_anchor_wants")) == (1, 1)  # one for all
        for one in many:
            await opened(head, one.id, way="picked")
        await settle(settings)
        assert tsa.asked == 1
        assert {(await stamp(head, one))[0] for one in many} == {"stamped"}
        assert await db.fetch_value("SELECT count(*) FROM log_anchor_wants") == 1

    async def test_is_wanted_once_while_nobody_answers(
        self,
        office: Office,
        settings: Settings,
        phone: Phone,
        chain: Chain,
        head: Caller,
        tsa: TimeAuthority,
    ) -> None:
        tsa.mood = "busy"
        many = await phone.record(chain, 5)
        for one in many:
            await opened(head, one.id)
            await settle(settings)
        assert tsa.asked == 1  # the clock tries again, with its pauses
        assert {(await stamp(head, one))[0] for one in many} == {"away"}
        await accepted(head, many[0])
        await settle(settings)
        (authority,) = (await head.get("/api/log/state")).json()["outside"]["authorities"]
        assert authority["pending_since"]
        assert authority["attempts"]["code"] == "out_of_reach"
        assert await held_jobs() == []

        later = clock.now_ms() + 180_000
        with clock.held_at(lambda: clock.from_ms(later)):
            await try_again()
            await run_jobs_once(settings)
        assert tsa.asked == 3  # the review's own stamp, and now the clock

        tsa.mood = "honest"
        soon = later + 70_000  # the pause is longer, but somebody is about to decide
        with clock.held_at(lambda: clock.from_ms(soon)):
            await try_again()
            assert tsa.asked == 3
            await opened(await office.caller("zhaomin", Role.OFFICE), many[1].id)
            await settle(settings)
        assert tsa.asked == 4
        assert {(await stamp(head, one))[0] for one in many} == {"stamped"}

    async def test_waits_for_the_log(
        self, settings: Settings, taken: Captured, head: Caller, tsa: TimeAuthority
    ) -> None:
        await opened(head, taken.id)
        await run_jobs_once(settings)  # the sequencer stands still
        assert (tsa.asked, await stamp(head, taken)) == (0, ("asked", None))
        assert await held_jobs() == []

    async def test_comes_before_other_decisions_too(
        self, settings: Settings, phone: Phone, chain: Chain, visit: Fieldwork, head: Caller, tsa: TimeAuthority
    ) -> None:
        """A finding comes before it is judged, a citation before the proposal, the leaving before the release."""
        (shown,) = await phone.record(chain)
        await sequencer.catch_up()
        assert (await stamp(head, shown))[0] == "asked"
        finding = new_id()
        (result,) = await phone.push(
            {
                "id": str(finding),
                "kind": "finding.record",
                "visit_id": str(visit.id),
                "item_id": str(visit.item_id),
                "text": "连墙件缺失",
                "category": "SAFETY",
                "severity": "SERIOUS",
                "capture_ids": [str(shown.id)],
                "found_at": "2026-05-25T09:00:00+08:00",
            }
        )
        assert result["status"] == "applied", result
        await settle(settings)
        assert ((await stamp(head, shown))[0], tsa.asked) == ("stamped", 1)

        (cited,) = await phone.record(chain)
        case = case_body(finding, cited.id)
        assert (await head.post("/api/cases", case)).status_code == 201
        await settle(settings)
        assert ((await stamp(head, cited))[0], tsa.asked) == ("stamped", 2)

        (last,) = await phone.record(chain)
        left = {"id": str(new_id()), "kind": "visit.leave", "visit_id": str(visit.id), "at": clock.now().isoformat()}
        (result,) = await phone.push(left)
        assert result["status"] == "applied", result
        await settle(settings)
        assert ((await stamp(head, last))[0], tsa.asked) == ("stamped", 3)


async def test_where_no_authority_is_known_nothing_is_asked(
    settings: Settings, taken: Captured, head: Caller, tsa: TimeAuthority
) -> None:
    outside.hold(None)
    told = await opened(head, taken.id)
    assert (told["recorded"], told["stamp"]["state"]) == (True, "none")
    await settle(settings)
    assert (tsa.asked, await db.fetch_value("SELECT count(*) FROM log_anchor_wants")) == (0, 0)
