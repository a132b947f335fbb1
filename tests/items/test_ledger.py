"""The ledger over HTTP: numbers, lists, who sees what."""

from __future__ import annotations

import anyio
import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from tests.factories.items import item_body, recorded_site, registered_item, site_body
from tests.factories.people import Office
from tests.factories.trail import moved

pytestmark = pytest.mark.anyio


class TestRegister:
    @pytest.mark.requirement("R1")
    async def test_twenty_at_once_get_twenty_numbers_without_a_gap(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        numbers: list[str] = []

        async def one() -> None:
            numbers.append((await registered_item(registrar))["register_no"])

        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(one)
        year = numbers[0][2:6]
        assert sorted(numbers) == sorted(f"督〔{year}〕{n}号" for n in range(1, 21))

    @pytest.mark.requirement("R1")
    async def test_a_refused_registration_takes_no_number(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        first = await registered_item(registrar)
        refused = await registrar.post("/api/items", item_body(handling_unit_id=str(new_id())))
        assert refused.json()["code"] == "unknown_unit"
        second = await registered_item(registrar)
        assert (first["register_no"][6:], second["register_no"][6:]) == ("〕1号", "〕2号")

    async def test_sending_it_twice_takes_one_number(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        body = item_body()
        first = await registrar.post("/api/items", body)
        again = await registrar.post("/api/items", body)
        assert first.json() == again.json()
        other = await registrar.post("/api/items", {**body, "title": "另一件事"})
        assert other.json()["code"] == "id_reused"

    async def test_a_state_secret_is_refused_and_leaves_no_trace(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        answer = await registrar.post("/api/items", item_body(title="绝密★30年 某工程情况"))
        assert answer.status_code == 422
        assert answer.json()["code"] == "state_secret_refused"
        assert answer.json()["errors"][0]["field"] == "title"
        assert await db.fetch_value("SELECT count(*) FROM items") == 0
        assert await db.fetch_value("SELECT count(*) FROM journal_entries") == 0

    @pytest.mark.requirement("R5")
    async def test_the_same_source_document_is_noticed(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        first = await registered_item(registrar, source_ref="云府办发[2026]7号")
        second = await registered_item(
            registrar, source_ref="云府办发〔2026〕7号", same_source_reason="文件第三条另行督查"
        )
        assert first["same_source"] == []
        assert [one["register_no"] for one in second["same_source"]] == [first["register_no"]]

    @pytest.mark.requirement("R3")
    async def test_a_source_kind_out_of_the_list_is_refused(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        answer = await registrar.post("/api/items", item_body(source_kind="RUMOUR"))
        assert answer.json()["code"] == "invalid_input"

    async def test_only_the_office_registers(self, office: Office) -> None:
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        assert (await liaison.post("/api/items", item_body())).json()["code"] == "not_permitted"
        anonymous = await office.http.post("/api/items", json=item_body())
        assert anonymous.json()["code"] == "not_signed_in"

    async def test_the_ledger_loses_no_row(self, office: Office) -> None:
        await registered_item(await office.caller("reg", Role.REG))
        with pytest.raises(Exception, match="never deleted"):
            await db.execute("DELETE FROM items")


class TestList:
    async def test_pages_by_key_through_all_and_repeats_none(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        made = [(await registered_item(registrar))["id"] for _ in range(53)]
        first = (await registrar.get("/api/items")).json()
        second = (await registrar.get("/api/items", params={"cursor": first["next_cursor"]})).json()
        assert [one["id"] for one in first["items"] + second["items"]] == list(reversed(made))
        assert second["next_cursor"] is None

    async def test_a_foreign_cursor_is_named(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        answer = await registrar.get("/api/items", params={"cursor": "nonsense"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "cursor"

    async def test_narrows_by_state_number_and_literal_words(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        await registered_item(registrar, title="古镇污水管网改造")
        await registered_item(registrar, title="完成率100%的道路")
        assert len((await registrar.get("/api/items", params={"q": "污水"})).json()["items"]) == 1
        assert len((await registrar.get("/api/items", params={"q": "0%的"})).json()["items"]) == 1
        assert len((await registrar.get("/api/items", params={"q": "%"})).json()["items"]) == 1
        assert len((await registrar.get("/api/items", params={"q": "〕2号"})).json()["items"]) == 1
        assert (await registrar.get("/api/items", params={"state": "ASSIGNED"})).json()["items"] == []
        assert len((await registrar.get("/api/items", params={"state": "REGISTERED"})).json()["items"]) == 2


class TestScope:
    async def test_a_unit_sees_its_own_items_once_assigned(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        item = await registered_item(registrar, office.handling_unit)
        hidden = await liaison.get(f"/api/items/{item['id']}")
        absent = await liaison.get(f"/api/items/{new_id()}")
        assert hidden.status_code == 404
        assert hidden.content == absent.content
        await moved("ASSIGNED")
        assert (await liaison.get(f"/api/items/{item['id']}")).status_code == 200
        assert len((await liaison.get("/api/items")).json()["items"]) == 1

    async def test_a_unit_never_sees_items_of_others(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        liaison = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        await registered_item(registrar, office.office_unit)
        await moved("ASSIGNED")
        assert (await liaison.get("/api/items")).json() == {"items": [], "next_cursor": None}

    async def test_a_read_carries_the_version(self, office: Office) -> None:
        registrar = await office.caller("reg", Role.REG)
        item = await registered_item(registrar)
        assert (await registrar.get(f"/api/items/{item['id']}")).headers["etag"] == '"1"'


class TestSites:
    async def test_a_site_belongs_to_an_item_and_is_sent_once(self, office: Office) -> None:
        chief = await office.caller("hejing", Role.OFFICE)
        item = await registered_item(chief)
        body = site_body(item["id"])
        assert (await chief.post("/api/sites", body)).json() == (await chief.post("/api/sites", body)).json()
        await recorded_site(chief, (await registered_item(chief))["id"])
        of_item = (await chief.get("/api/sites", params={"item_id": item["id"]})).json()["sites"]
        assert [one["id"] for one in of_item] == [body["id"]]

    async def test_half_a_position_is_none(self, office: Office) -> None:
        chief = await office.caller("hejing", Role.OFFICE)
        item = await registered_item(chief)
        answer = await chief.post("/api/sites", site_body(item["id"], lon_e7=None))
        assert answer.json()["errors"][0]["code"] == "half_a_position"

    async def test_a_site_of_an_unknown_item_is_refused(self, office: Office) -> None:
        chief = await office.caller("hejing", Role.OFFICE)
        assert (await chief.post("/api/sites", site_body(str(new_id())))).status_code == 404
