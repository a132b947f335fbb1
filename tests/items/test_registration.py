"""收件登记: receipt, the leader's words, the same source twice (R2–R5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import anyio
import pytest

from server.access.roles import Role
from server.items.numbers import normal_reference
from server.items.sources import SourceKind
from server.kit import clock, db
from server.kit.ids import new_id
from tests.factories.files import handed_in
from tests.factories.items import item_body, registered_item
from tests.factories.people import Caller, Office
from tests.factories.process import fields, instruction, ok
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio


@pytest.fixture
async def registrar(office: Office) -> Caller:
    return await office.caller("tang", Role.REG)


async def decided(office: Office, recorder: Caller) -> str:
    """A decision of a meeting."""
    meeting, decision = new_id(), new_id()
    await db.execute(
        "INSERT INTO meetings (id, org_id, kind, year, no, held_on, chair, recorded_by, recorded_at)"
        " VALUES ($1, $2, 'EXECUTIVE', 2026, 12, '2026-03-01', '顾远', $3, now())",
        meeting,
        office.org_id,
        recorder.person_id,
    )
    await db.execute(
        "INSERT INTO meeting_decisions (id, org_id, meeting_id, no, text, recorded_by, recorded_at)"
        " VALUES ($1, $2, $3, 1, '推进医院扩建', $4, now())",
        decision,
        office.org_id,
        meeting,
        recorder.person_id,
    )
    return str(decision)


def ago(**span: float) -> str:
    return (clock.now() - timedelta(**span)).isoformat()


class TestReceipt:
    @pytest.mark.requirement("R2")
    async def test_late_registration_says_why(self, registrar: Caller) -> None:
        body = item_body(received_at=ago(hours=25))
        refused = await registrar.post("/api/items", body)
        assert (refused.status_code, fields(refused)) == (422, {("late_reason", "late_reason_missing")})
        made = await ok(registrar.post("/api/items", {**body, "late_reason": "周末收件，周一登记"}))
        assert made["process"]["late_reason"] == "周末收件，周一登记"
        late = (await registrar.get("/api/items/late")).json()["items"]
        assert [(one["id"], one["reason"]) for one in late] == [(body["id"], "周末收件，周一登记")]
        steps = (await registrar.get(f"/api/items/{body['id']}/steps")).json()["steps"]
        assert steps[0]["opinion"] == "周末收件，周一登记"

    @pytest.mark.requirement("R2")
    async def test_the_office_sets_how_long_is_late(self, office: Office, registrar: Caller) -> None:
        chief = await office.caller("he", Role.OFFICE)
        assert (await registrar.get("/api/items/intake")).json() == {"hours": 24}
        assert (await registrar.request("PUT", "/api/items/intake", json={"hours": 1})).status_code == 403
        await ok(chief.request("PUT", "/api/items/intake", json={"hours": 2}))
        # What came before the office changed its mind is judged by the limit of then.
        assert (await registrar.post("/api/items", item_body(received_at=ago(hours=3)))).status_code == 201
        with clock.held_at(lambda: datetime.now(UTC) + timedelta(hours=30)):
            assert (await registrar.post("/api/items", item_body(received_at=ago(hours=3)))).status_code == 422
            assert (await registrar.post("/api/items", item_body(received_at=ago(hours=1)))).status_code == 201
            assert (await registrar.get("/api/items/late")).json()["items"] == []

    async def test_nothing_is_received_in_the_future(self, registrar: Caller) -> None:
        refused = await registrar.post("/api/items", item_body(received_at=ago(hours=-1)))
        assert fields(refused) == {("received_at", "received_in_future")}

    @pytest.mark.requirement("R3")
    async def test_every_source_kind_is_registered(self, registrar: Caller) -> None:
        for kind in SourceKind:
            assert (await registered_item(registrar, source_kind=kind.value))["source_kind"] == kind

    @pytest.mark.requirement("R11")
    async def test_every_item_has_a_category(self, registrar: Caller) -> None:
        body = item_body()
        del body["category"]
        assert (await registrar.post("/api/items", body)).json()["code"] == "invalid_input"
        assert (await registrar.post("/api/items", item_body(category="其他"))).json()["code"] == "invalid_input"
        for category in ("DECISION", "SPECIAL", "COORDINATION", "RESEARCH"):
            assert (await registered_item(registrar, category=category))["category"] == category

    async def test_how_late_the_office_was_is_not_for_units(self, office: Office, registrar: Caller) -> None:
        unit = office.handling_unit
        await registered_item(registrar, unit, received_at=ago(days=3), late_reason="漏登")
        await moved("ASSIGNED")
        liaison = await office.caller("xu", Role.LIAISON, unit=unit)
        assert len((await liaison.get("/api/items")).json()["items"]) == 1
        assert (await liaison.get("/api/items/late")).json()["items"] == []

    async def test_number_and_receipt_never_change(self, registrar: Caller) -> None:
        await registered_item(registrar)
        for column in ("register_seq = 9", "received_at = now()", "registered_by = NULL", "created_at = now()"):
            with pytest.raises(Exception, match="append-only"):
                await db.execute(f"UPDATE items SET {column}")


class TestInstruction:
    @pytest.mark.requirement("R4")
    async def test_keeps_leader_level_day_wording_and_document(self, registrar: Caller) -> None:
        paper = await handed_in(registrar)
        body = item_body(source_kind="LEADER_INSTRUCTION", instruction=instruction(attachment_id=paper))
        made = await ok(registrar.post("/api/items", body))
        (told,) = made["process"]["instructions"]
        assert (told["leader_name"], told["leader_level"], told["instructed_on"]) == ("顾远", "COUNTY", "2026-03-02")
        assert told["wording"] == "请督查室牵头，住建局七日内报整改结果。"
        read = await registrar.get(f"/api/items/{made['id']}/attachments/{told['attachment']['id']}")
        assert read.content.startswith(b"%PDF")

    @pytest.mark.requirement("R4")
    async def test_a_correction_replaces_and_the_first_record_stays(self, registrar: Caller) -> None:
        paper = await handed_in(registrar)
        first = instruction(id=str(new_id()), attachment_id=paper)
        item = await ok(registrar.post("/api/items", item_body(instruction=first)))
        again = instruction(wording="请督查室牵头，十日内报。", replaces_id=first["id"], attachment_id=paper)
        shown = await ok(registrar.post(f"/api/items/{item['id']}/instructions", again))
        assert [one["wording"] for one in shown["process"]["instructions"]] == ["请督查室牵头，十日内报。"]
        assert await db.fetch_value("SELECT count(*) FROM item_instructions") == 2
        twice = await registrar.post(f"/api/items/{item['id']}/instructions", again)
        assert twice.status_code == 404  # what was replaced is replaced
        with pytest.raises(Exception, match="append-only"):
            await db.execute("UPDATE item_instructions SET wording = '无'")

    async def test_a_day_that_has_not_come_is_refused(self, registrar: Caller) -> None:
        refused = await registrar.post("/api/items", item_body(instruction=instruction(instructed_on="2099-01-01")))
        assert fields(refused) == {("instructed_on", "in_future")}

    async def test_somebody_elses_file_is_not_attached(self, office: Office, registrar: Caller) -> None:
        paper = await handed_in(await office.caller("he", Role.OFFICE))
        for body in (
            item_body(instruction=instruction(attachment_id=paper)),
            item_body(attachments=[{"attachment_id": paper, "kind": "SOURCE"}]),
        ):
            refused = await registrar.post("/api/items", body)
            assert refused.json()["code"] == "foreign_attachment"
        assert await db.fetch_value("SELECT count(*) FROM items") == 0

    async def test_a_secret_in_the_wording_is_refused(self, registrar: Caller) -> None:
        refused = await registrar.post("/api/items", item_body(instruction=instruction(wording="机密★ 请办")))
        assert refused.json()["code"] == "state_secret_refused"
        assert [one["field"] for one in refused.json()["errors"]] == ["instruction.wording"]

    async def test_a_unit_reads_neither_the_process_nor_its_papers(self, office: Office, registrar: Caller) -> None:
        paper = await handed_in(registrar)
        body = item_body(handling_unit_id=str(office.handling_unit), instruction=instruction(attachment_id=paper))
        await ok(registrar.post("/api/items", body))
        await moved("ASSIGNED")
        liaison = await office.caller("xu", Role.LIAISON, unit=office.handling_unit)
        seen = await ok(liaison.get(f"/api/items/{body['id']}"))
        assert seen["process"] is None
        assert (await liaison.get(f"/api/items/{body['id']}/attachments/{paper}")).status_code == 404
        assert (await liaison.get(f"/api/items/{body['id']}/steps")).json()["steps"] == []


class TestSameSource:
    @pytest.mark.requirement("R5")
    async def test_is_told_before_anything_is_saved(self, registrar: Caller) -> None:
        first = await registered_item(registrar, source_ref="云府办发[2026]7号", instruction=instruction())
        for asked in (
            {"ref": " 云府办发 (2026) 第007 号 "},
            {"leader": "顾远", "on": "2026-03-02"},
            {"leader": "顾 远", "on": "2026-03-02", "wording": "请督查室牵头 住建局七日内报整改结果"},
        ):
            found = (await registrar.get("/api/items/same-source", params=asked)).json()["items"]
            assert [one["id"] for one in found] == [first["id"]], asked
        for asked in ({}, {"ref": "云府办发〔2026〕8号"}, {"leader": "顾远"}, {"leader": "顾远", "on": "2026-03-03"}):
            assert (await registrar.get("/api/items/same-source", params=asked)).json()["items"] == []

    @pytest.mark.requirement("R5")
    async def test_registering_it_again_needs_a_reason(self, office: Office, registrar: Caller) -> None:
        decision = await decided(office, registrar)
        first = await registered_item(
            registrar, source_ref="云府阅〔2026〕3号", decision_id=decision, instruction=instruction()
        )
        for again in (
            {"source_ref": "云府阅〔2026〕3号"},
            {"decision_id": decision},
            {"instruction": instruction(wording="请督查室牵头 住建局七日内报整改结果")},
        ):
            body = item_body(**again)
            refused = await registrar.post("/api/items", body)
            assert (refused.status_code, refused.json()["code"]) == (409, "same_source_registered")
            assert refused.json()["params"] == {"items": [first["register_no"]], "id": first["id"]}
            made = await ok(registrar.post("/api/items", {**body, "same_source_reason": "涉及另一单位"}))
            assert made["process"]["same_source_reason"] == "涉及另一单位"

    async def test_a_decision_that_is_none_is_named(self, registrar: Caller) -> None:
        refused = await registrar.post("/api/items", item_body(decision_id=str(new_id())))
        assert fields(refused) == {("decision_id", "unknown_decision")}

    @pytest.mark.requirement("R5")
    async def test_of_two_at_once_with_one_source_one_is_told(self, registrar: Caller) -> None:
        answers: list[int] = []

        async def one() -> None:
            answers.append((await registrar.post("/api/items", item_body(source_ref="云府阅〔2026〕9号"))).status_code)

        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(one)
        assert sorted(answers) == [201, 409, 409, 409, 409, 409]

    async def test_other_words_of_the_same_leader_are_another_matter(self, registrar: Caller) -> None:
        await registered_item(registrar, instruction=instruction())
        await registered_item(registrar, instruction=instruction(wording="请教育局核实东溪小学进度。"))

    @pytest.mark.parametrize("typed", ["云府办发[2026]第007号", "云府办发(2026) 7 号", "云府办发〔2026〕7号"])
    def test_a_reference_has_one_spelling(self, typed: str) -> None:
        assert normal_reference(typed) == "云府办发〔2026〕7号"


@pytest.mark.requirement("R35")
async def test_what_is_to_be_done_at_once_stands_first_on_every_page(registrar: Caller) -> None:
    made = [(await registered_item(registrar, immediate=number % 20 == 0))["id"] for number in range(60)]
    first = (await registrar.get("/api/items")).json()
    second = (await registrar.get("/api/items", params={"cursor": first["next_cursor"]})).json()
    shown = [one["id"] for one in first["items"] + second["items"]]
    at_once = [made[number] for number in (40, 20, 0)]
    assert shown == at_once + [one for one in reversed(made) if one not in at_once]


@pytest.mark.requirement("R4")
async def test_a_marking_beside_the_leaders_name_is_refused_at_registration_too(office: Office) -> None:
    registrar = await office.caller("reg", Role.REG)
    told = {
        "leader_name": "【绝密】某某",
        "leader_level": "COUNTY",
        "instructed_on": "2026-03-02",
        "wording": "请查明。",
    }
    answer = await registrar.post("/api/items", item_body(source_kind="LEADER_INSTRUCTION", instruction=told))
    assert answer.json()["code"] == "state_secret_refused"
    assert [one["field"] for one in answer.json()["errors"]] == ["instruction.leader_name"]
    assert await db.fetch_value("SELECT count(*) FROM items") == 0
