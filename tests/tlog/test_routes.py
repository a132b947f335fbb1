"""What everybody, what a unit and what an inspector can read of the log, and how long each may keep it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from server.access.roles import Role
from server.journal.work import unit_of_work
from server.kit import b64u, clock, db
from server.kit.ids import new_id
from server.tlog import sequencer
from server.tlog.notes import read_checkpoint, read_note, read_vkey
from server.tlog.proofs import check_consistency, check_inclusion
from server.tlog.publishing import publish
from server.tlog.queries import leaf_hash, statement_leaf
from server.tlog.tiles import Tile, read_tile
from tests.factories.people import Caller, Office
from tests.tlog import reference
from tests.tlog.conftest import Author

pytestmark = [pytest.mark.anyio]
FULL = "public, max-age=31536000, immutable"


async def log(office: Office, count: int) -> list[bytes]:
    """So many new leaves, sequenced and signed."""
    leaves = [statement_leaf(new_id().bytes * 2, new_id().bytes * 2, clock.now_ms()) for _ in range(count)]
    async with unit_of_work(Author(office.org_id, None)) as work:
        for leaf in leaves:
            work.log(leaf)
    await sequencer.catch_up()
    return leaves


async def publish_now() -> None:
    async with db.connection() as conn:
        await publish(conn)


async def all_hashes() -> list[bytes]:
    return [row["leaf_hash"] for row in await db.fetch("SELECT leaf_hash FROM log_leaves ORDER BY idx")]


async def ask(caller: Caller, leaves: list[bytes], since: int | None = None) -> Any:
    body = {"leaves": [b64u.encode(leaf_hash(leaf)) for leaf in leaves], "since": since}
    answer = await caller.post("/api/log/proofs", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestTiles:
    async def test_the_whole_published_tree_can_be_read_as_tiles(self, office: Office) -> None:
        await log(office, 600)
        await publish_now()
        checkpoint = await office.http.get("/log/checkpoint")
        assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
        size, root = _checkpoint(checkpoint.text)
        hashes = b""
        for n in range(size // 256):
            tile = await office.http.get(f"/log/tile/0/{n:03}")
            assert (tile.status_code, len(tile.content)) == (200, 8192)
            assert tile.headers["cache-control"] == FULL
            assert tile.headers["content-type"] == "application/octet-stream"
            hashes += tile.content
        rest = await office.http.get(f"/log/tile/0/{size // 256:03}.p/{size % 256}")
        assert rest.headers["cache-control"] == FULL
        hashes += rest.content
        leaves = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
        assert leaves == await all_hashes()
        assert reference.mth(leaves) == root
        above = await office.http.get("/log/tile/1/000.p/2")
        assert above.content == reference.mth(leaves[:256]) + reference.mth(leaves[256:512])

    async def test_any_other_tile_does_not_exist(self, office: Office) -> None:
        await log(office, 300)
        await publish_now()
        beyond = "0/002 0/001.p/255 1/000 1/000.p/2 2/000.p/1 64/000.p/1 0/x999/x999/x999/x999/x999/x999/999"
        misspelt = "0/000.p/256 0/000.p/0 0/000.p/01 0/0 0/0000 0/x000/000 00/000 -1/000 data/000"
        for path in f"{beyond} {misspelt}".split():
            answer = await office.http.get(f"/log/tile/{path}")
            assert answer.status_code == 404, path
            assert answer.headers["cache-control"] == "no-store"

    def test_places_are_spelt_in_groups_of_three(self) -> None:
        assert read_tile("0", "x001/x234/067") == Tile(0, 1234067, 256)
        assert read_tile("2", "x001/000.p/7") == Tile(2, 1000, 7)

    async def test_leaves_themselves_are_for_auditors(self, office: Office) -> None:
        await log(office, 3)
        auditor, inspector = await office.caller("aud", Role.AUD), await office.caller("tl", Role.TL)
        answer = await auditor.get("/log/tile/entries/000.p/3")
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        data, leaves = answer.content, []
        while data:
            length = int.from_bytes(data[:2], "big")
            leaves.append(data[2 : 2 + length])
            data = data[2 + length :]
        assert [leaf_hash(leaf) for leaf in leaves] == (await all_hashes())[:3]
        assert (await inspector.get("/log/tile/entries/000.p/3")).status_code == 403
        assert (await office.http.get("/log/tile/entries/000.p/3")).status_code == 401

    async def test_who_asks_only_for_the_head_gets_the_headers_of_the_whole(self, office: Office) -> None:
        await log(office, 3)
        await publish_now()
        auditor = await office.caller("aud", Role.AUD)
        open_to_all = "/log/checkpoint", "/log/tile/0/000.p/3", "/log/tile/0/001", "/api/log/trust"
        for ask_for, paths in ((office.http.request, open_to_all), (auditor.request, ("/log/tile/entries/000.p/3",))):
            for path in paths:
                whole, head = await ask_for("GET", path), await ask_for("HEAD", path)
                assert head.status_code == whole.status_code, f"{path} {head.headers}"
                assert head.content == b""
                for name in ("cache-control", "content-type", "content-length"):
                    assert head.headers[name] == whole.headers[name], f"{path} {name}"
        assert (await office.http.head("/log/tile/entries/000.p/3")).status_code == 401


@pytest.mark.requirement("R81")
class TestWhatIsPublished:
    async def test_between_publications_nothing_moves_for_outsiders(self, office: Office) -> None:
        assert (await office.http.get("/log/checkpoint")).status_code == 404
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        await log(office, 5)
        assert (await ask(unit, []))["checkpoint"] == ""
        await publish_now()
        before = await office.http.get("/log/checkpoint")
        assert before.headers["cache-control"] == "no-cache"
        state, told = (await unit.get("/api/log/state")).json(), await ask(unit, [])
        (leaf,) = await log(office, 1)  # somebody works
        assert (await office.http.get("/log/checkpoint")).text == before.text
        assert (await office.http.get("/log/tile/0/000.p/7")).status_code == 404
        assert (await unit.get("/api/log/state")).json() == state
        assert await ask(unit, [leaf]) == told
        await publish_now()
        assert _checkpoint((await office.http.get("/log/checkpoint")).text)[0] > _checkpoint(before.text)[0]
        assert len((await ask(unit, [leaf]))["proofs"]) == 1

    async def test_outsiders_learn_the_hour_of_publication_not_of_the_last_act(self, office: Office) -> None:
        """A checkpoint is signed a second after the act that it ends with; on a quiet day that is a visit's minute."""
        acted, published = clock.now(), clock.now() + timedelta(minutes=40)
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        with clock.held_at(lambda: acted):
            await log(office, 1)
        with clock.held_at(lambda: published):
            await publish_now()
            state = (await unit.get("/api/log/state")).json()
        for name in ("checkpoint", "published"):
            assert datetime.fromisoformat(state[name]["at"]) == published

    async def test_who_may_see_only_what_is_published_is_told_to_wait(self, office: Office) -> None:
        unit = await office.caller("unit", Role.LIAISON, unit=office.handling_unit)
        await log(office, 5)
        await publish_now()
        answer = await unit.post("/api/log/proofs", {"leaves": [], "since": 1000})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_published_yet")


class TestProofs:
    async def test_an_inspector_checks_inclusion_and_growth(self, office: Office) -> None:
        inspector = await office.caller("tl", Role.TL)
        early = await log(office, 5)
        before = await ask(inspector, early)
        late = await log(office, 40)
        absent = statement_leaf(b"\0" * 32, b"\0" * 32, 0)
        after = await ask(inspector, [*early, *late, absent], _checkpoint(before["checkpoint"])[0])
        size, root = _checkpoint(after["checkpoint"])
        assert len(after["proofs"]) == 45
        for leaf in (*early, *late):
            proof = after["proofs"][b64u.encode(leaf_hash(leaf))]
            check_inclusion(leaf_hash(leaf), proof["index"], size, [b64u.decode(one) for one in proof["hashes"]], root)
        old_size, old_root = _checkpoint(before["checkpoint"])
        check_consistency(old_size, size, old_root, root, [b64u.decode(one) for one in after["consistency"]])
        vkey = read_vkey((await inspector.get("/api/log/trust")).json()["logs"][-1])
        body, (line,) = read_note(after["checkpoint"])
        assert vkey.holds(body, line.signature)

    async def test_a_log_that_was_set_back_is_shown_as_it_is(self, office: Office) -> None:
        inspector = await office.caller("tl", Role.TL)
        await log(office, 2)
        told = await ask(inspector, [], 1_000_000)
        assert told["consistency"] == []
        assert _checkpoint(told["checkpoint"])[0] < 1_000_000

    @pytest.mark.parametrize(
        "body", [{"leaves": [], "since": 0}, {"leaves": ["x"]}, {"leaves": ["A" * 43] * 201}, {"leaves": [], "size": 1}]
    )
    async def test_nothing_is_proven_from_size_zero_or_of_no_hash(self, office: Office, body: dict[str, Any]) -> None:
        inspector = await office.caller("tl", Role.TL)
        answer = await inspector.post("/api/log/proofs", body)
        assert answer.status_code in (400, 422), answer.text

    async def test_only_who_is_signed_in_asks(self, client: httpx.AsyncClient) -> None:
        assert (await client.post("/api/log/proofs", json={"leaves": []})).status_code == 401
        assert (await client.get("/api/log/state")).status_code == 401


class TestState:
    async def test_what_waits_is_visible_and_since_when(self, office: Office, client: httpx.AsyncClient) -> None:
        leader = await office.caller("sup", Role.SUP)
        await log(office, 4)
        async with unit_of_work(Author(office.org_id, None)) as work:
            work.log(b"one more")
        state = (await leader.get("/api/log/state")).json()
        assert state["pending"] == 1
        assert state["pending_since"] is not None
        assert state["unsigned"] == 0
        assert state["checkpoint"]["size"] == state["size"]
        body, _ = read_note(state["checkpoint"]["note"])
        assert state["checkpoint"]["sha256"] == b64u.encode(hashlib.sha256(body.encode()).digest())
        assert state["published"] is None
        assert state["vkeys"] == [read_vkey(state["vkeys"][0]).vkey]
        assert state["vkeys"][0].startswith(f"{state['origin']}+")
        await sequencer.append_pending()  # the signer is down
        assert (await leader.get("/api/log/state")).json()["unsigned"] == 2
        metrics = (await client.get("/metrics")).text
        assert f"zhicha_log_size {state['size'] + 2}\n" in metrics
        assert f"zhicha_log_checkpoint_size {state['size']}\n" in metrics
        assert "zhicha_log_pending 0\n" in metrics
        assert "zhicha_log_renewals_due 0\n" in metrics

    async def test_the_trust_policy_names_the_keys_and_nothing_secret(self, office: Office) -> None:
        told = (await office.http.get("/api/log/trust")).json()
        assert told["t"] == "trust/1"
        assert [read_vkey(one).name for one in told["logs"]] == [told["logs"][0].partition("+")[0]]
        assert set(told) == {"t", "logs", "witnesses", "quorum", "tsa", "rp_id", "origins"}


def _checkpoint(note: str) -> tuple[int, bytes]:
    _, size, root = read_checkpoint(read_note(note)[0])
    return size, root
