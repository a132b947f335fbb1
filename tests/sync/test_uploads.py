"""How photographs arrive: once, whole, as signed, resumable, and never replaced."""

from __future__ import annotations

import asyncio
import base64
import hashlib

import httpx
import pytest

from media.store import FolderStore
from media.store.errors import StoreUnavailable
from server.access import signin
from server.access.roles import Role
from server.evidence.commands.receive_media import Arrived, receive
from server.evidence.receiving import Asked, awaited
from server.kit import db
from server.kit.ids import new_id
from server.settings import Settings
from server.sync import uploads_ledger
from tests.factories.chain import Captured, photo
from tests.factories.device import OCTETS, TUS, Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.originals import entries, receipt, stored
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


class TestWholeFileAtOnce:
    async def test_the_receipt_comes_after_the_bytes_are_there(
        self, phone: Phone, taken: Captured, settings: Settings
    ) -> None:
        answer = await phone.upload(taken)
        assert answer.status_code == 201, answer.text
        assert answer.headers["upload-offset"] == "9000"
        assert answer.headers["tus-resumable"] == "1.0.0"
        told = receipt(answer)
        assert (told["capture_id"], told["role"], told["sha256"], told["bytes"]) == (
            str(taken.id),
            "original",
            taken.sha256,
            9000,
        )
        assert [path.read_bytes() for path in stored(settings)] == [taken.photo]
        row = await db.fetch_one("SELECT originals_received, originals_total FROM captures")
        assert tuple(row) == (1, 1)
        kinds = await db.fetch("SELECT kind FROM feed_changes WHERE subject_id = $1 ORDER BY n", taken.id)
        assert {row["kind"] for row in kinds} == {"capture", "receipt"}

    async def test_again_is_answered_with_the_same_receipt(self, phone: Phone, taken: Captured) -> None:
        first, again = await phone.upload(taken), await phone.upload(taken)
        assert (again.status_code, again.json()["code"]) == (409, "already_received")
        assert receipt(first) == receipt(again)
        assert await entries("capture.original_received") == 1

    async def test_many_at_once_are_received_once(self, phone: Phone, taken: Captured) -> None:
        answers = await asyncio.gather(*(phone.upload(taken) for _ in range(8)))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.headers["upload-receipt"] for answer in answers}) == 1
        assert await db.fetch_value("SELECT originals_received FROM captures") == 1
        assert await entries("capture.original_received") == 1

    async def test_fifty_different_at_once(self, office: Office, phone: Phone, settings: Settings) -> None:
        visit = await planned_visit(office, phone.caller.person_id)
        many = await phone.record(await phone.chain(visit), 50)
        answers = await asyncio.gather(*(phone.upload(one) for one in many))
        assert {answer.status_code for answer in answers} == {201}
        assert len(stored(settings)) == 50
        assert await db.fetch_value("SELECT count(*) FROM captures WHERE originals_received = 1") == 50
        assert await entries("capture.original_received") == 50
        numbers = [row["n"] for row in await db.fetch("SELECT n FROM feed_changes ORDER BY n")]
        assert numbers == list(range(1, len(numbers) + 1))

    async def test_one_that_came_before_does_not_spoil_those_that_come_with_it(
        self, office: Office, phone: Phone
    ) -> None:
        visit = await planned_visit(office, phone.caller.person_id)
        many = await phone.record(await phone.chain(visit), 3)
        actor = await signin.actor_of(phone.caller.token)
        assert actor is not None
        known = [await awaited(Asked(actor, one.id, "original", one.sha256)) for one in many]
        arrived = [Arrived(one, one.length, one.media_type) for one in known if one is not None and one.length]
        first = await receive(arrived[0])
        receipts = await asyncio.gather(*(receive(one) for one in (*arrived, arrived[2])))
        assert [receipt.sha256 for receipt in receipts] == [*(one.sha256 for one in many), many[2].sha256]
        assert (receipts[0], receipts[3]) == (first, receipts[2])
        assert await entries("capture.original_received") == 3
        assert await db.fetch_value("SELECT count(*) FROM captures WHERE originals_received = 1") == 3

    async def test_what_a_statement_announced_is_known_to_its_author_only(
        self, office: Office, phone: Phone, taken: Captured
    ) -> None:
        other = await office.caller("zhouheng", Role.SUP, Role.TM)
        mine, theirs = [await signin.actor_of(one.token) for one in (phone.caller, other)]
        assert mine is not None
        assert theirs is not None
        assert await awaited(Asked(theirs, taken.id, "original", taken.sha256)) is None
        announced, looked_up = [await awaited(Asked(mine, taken.id, "original", taken.sha256)) for _ in range(2)]
        assert announced == looked_up
        assert announced is not None
        assert (announced.length, announced.received) == (9000, None)

    async def test_a_swapped_file_is_refused_and_nothing_kept(
        self, phone: Phone, taken: Captured, settings: Settings
    ) -> None:
        answer = await phone.upload(taken, photo(9000))
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")
        assert stored(settings) == []
        assert (await phone.upload(taken)).status_code == 201

    async def test_a_truncated_file_is_refused(self, phone: Phone, taken: Captured) -> None:
        answer = await phone.upload(taken, taken.photo[:-1])
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")

    async def test_a_file_that_no_statement_names(self, phone: Phone, taken: Captured) -> None:
        other = Captured(taken.id, {}, photo(9000), "image/jpeg")
        answer = await phone.upload(other)
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_not_in_statement")

    async def test_the_same_photo_of_two_captures_is_stored_once_and_receipted_twice(
        self, office: Office, phone: Phone, settings: Settings
    ) -> None:
        visit = await planned_visit(office, phone.caller.person_id)
        one, two = await phone.record(await phone.chain(visit), 2, data=photo())
        assert receipt(await phone.upload(one))["capture_id"] == str(one.id)
        assert receipt(await phone.upload(two))["capture_id"] == str(two.id)
        assert len(stored(settings)) == 1
        assert await db.fetch_value("SELECT count(*) FROM originals WHERE received_at IS NOT NULL") == 2

    async def test_knowing_a_digest_is_not_having_the_file(
        self, office: Office, phone: Phone, settings: Settings
    ) -> None:
        visit = await planned_visit(office, phone.caller.person_id)
        one, two = await phone.record(await phone.chain(visit), 2, data=photo())
        await phone.upload(one)
        answer = await phone.upload(two, photo())
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")


class TestTheShortWay:
    """Whole files with their own digest as checksum do not pass the framework; nobody may notice."""

    @staticmethod
    async def send(phone: Phone, captured: Captured, body: bytes | None = None, **headers: str) -> httpx.Response:
        own = base64.b64encode(hashlib.sha256(captured.photo).digest()).decode()
        sent = {
            **TUS,
            **OCTETS,
            "Upload-Length": str(len(captured.photo)),
            "Upload-Metadata": phone.metadata(captured),
            "Upload-Checksum": f"sha256 {own}",
        }
        content = captured.photo if body is None else body
        return await phone.caller.request("POST", "/api/uploads", content=content, headers={**sent, **headers})

    async def test_the_answer_is_that_of_the_long_way(self, office: Office, phone: Phone, settings: Settings) -> None:
        visit = await planned_visit(office, phone.caller.person_id)
        one, two = await phone.record(await phone.chain(visit), 2)
        short, long = await self.send(phone, one), await phone.upload(two)
        assert (short.status_code, short.content) == (long.status_code, long.content)
        own = {"upload-receipt", "location", "date", "upload-offset"}
        assert set(short.headers) == set(long.headers)
        assert {k: v for k, v in short.headers.items() if k not in own} == {
            k: v for k, v in long.headers.items() if k not in own
        }
        assert receipt(short)["sha256"] == one.sha256
        assert len(stored(settings)) == 2
        again = await self.send(phone, one)
        assert (again.status_code, again.json()["code"]) == (409, "already_received")
        assert receipt(again) == receipt(short)

    async def test_a_damaged_file_is_refused_and_nothing_kept(
        self, phone: Phone, taken: Captured, settings: Settings
    ) -> None:
        answer = await self.send(phone, taken, photo(9000))
        assert (answer.status_code, answer.json()["code"]) == (460, "checksum_mismatch")
        assert answer.headers["tus-resumable"] == "1.0.0"
        assert stored(settings) == []
        assert (await self.send(phone, taken)).status_code == 201

    async def test_strangers_and_colleagues_are_refused_as_ever(
        self, office: Office, phone: Phone, taken: Captured
    ) -> None:
        colleague = await Phone.enrolled(await office.caller("colleague", Role.TM))
        assert (await self.send(colleague, taken)).status_code == 404
        stranger = await self.send(phone, taken, Authorization="Bearer nobody")
        assert (stranger.status_code, stranger.json()["code"]) == (401, "not_signed_in")

    async def test_many_at_once_are_received_once(self, phone: Phone, taken: Captured) -> None:
        answers = await asyncio.gather(*(self.send(phone, taken) for _ in range(8)))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.headers["upload-receipt"] for answer in answers}) == 1
        assert await entries("capture.original_received") == 1

    async def test_a_store_that_fails_is_told_in_the_same_words(
        self, phone: Phone, taken: Captured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def full(*_: object, **__: object) -> None:
            raise StoreUnavailable("no space left on device")

        monkeypatch.setattr(FolderStore, "put_new", full)
        short, long = await self.send(phone, taken), await phone.upload(taken)
        assert (short.status_code, short.json()) == (long.status_code, long.json())
        assert short.status_code == 503


class TestNeverReplaced:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE originals SET sha256 = decode(repeat('00', 32), 'hex')",
            "UPDATE originals SET received_at = now()",
            "UPDATE originals SET received_at = NULL",
            "UPDATE originals SET bytes = 1",
            "DELETE FROM originals",
        ],
    )
    async def test_not_even_in_sql(self, phone: Phone, taken: Captured, sql: str) -> None:
        await phone.upload(taken)
        with pytest.raises(Exception, match=r"recorded original|never deleted"):
            await db.execute(sql)

    async def test_not_by_another_file_under_the_same_digest(
        self, phone: Phone, taken: Captured, settings: Settings
    ) -> None:
        await phone.upload(taken)
        answer = await phone.upload(taken, photo(9000))
        assert (answer.status_code, answer.json()["code"]) == (409, "already_received")
        assert [path.read_bytes() for path in stored(settings)] == [taken.photo]


class TestPreview:
    async def test_the_phones_preview_comes_first(self, phone: Phone, taken: Captured) -> None:
        small = Captured(taken.id, {}, photo(700), "image/webp")
        answer = await phone.upload(small, role="preview")
        assert answer.status_code == 201, answer.text
        assert receipt(answer)["role"] == "preview"
        assert await db.fetch_value("SELECT originals_received FROM captures") == 0
        again = await phone.upload(Captured(taken.id, {}, photo(700), "image/webp"), role="preview")
        assert again.json()["code"] == "already_received"
        assert receipt(again) == receipt(answer)
        assert (await phone.upload(taken)).status_code == 201

    async def test_a_preview_is_small(self, phone: Phone, taken: Captured) -> None:
        big = Captured(taken.id, {}, photo(2 * 1024 * 1024 + 1), "image/jpeg")
        assert (await phone.upload(big, role="preview")).json()["code"] == "too_large"


class TestWhoAndWhat:
    async def test_only_the_one_who_captured(self, office: Office, phone: Phone, taken: Captured) -> None:
        other = await Phone.enrolled(await office.caller("zhouheng", Role.SUP))
        theirs = await other.upload(taken)
        absent = await other.upload(Captured(new_id(), {}, taken.photo, "image/jpeg"))
        assert theirs.status_code == absent.status_code == 404
        assert theirs.content == absent.content
        url = (await phone.begin(taken)).headers["location"]
        hidden = await other.patch(url, 0, taken.photo)
        nothing = await other.patch(f"/api/uploads/{new_id()}", 0, taken.photo)
        assert hidden.status_code == nothing.status_code == 404
        assert hidden.content == nothing.content
        for method in ("HEAD", "DELETE"):
            assert (await other.caller.request(method, url, headers=TUS)).status_code == 404

    @pytest.mark.parametrize(
        ("headers", "status", "code"),
        [
            ({"Tus-Resumable": "0.2.2"}, 412, "unsupported_tus_version"),
            ({"Upload-Length": "x"}, 400, "bad_upload_header"),
            ({"Upload-Length": "0"}, 400, "empty_upload"),
            ({"Upload-Length": str(1 << 40)}, 413, "too_large"),
            ({"Upload-Metadata": "capture_id !"}, 400, "bad_upload_metadata"),
            ({"Upload-Metadata": ""}, 400, "bad_upload_metadata"),
            ({"Content-Type": "image/jpeg"}, 415, "wrong_content_type"),
            ({"Upload-Checksum": "crc32 AAAA"}, 400, "unsupported_checksum"),
        ],
    )
    async def test_what_the_protocol_refuses(
        self, phone: Phone, taken: Captured, headers: dict[str, str], status: int, code: str
    ) -> None:
        sent = {
            **TUS,
            **OCTETS,
            "Upload-Length": "9000",
            "Upload-Metadata": phone.metadata(taken),
            **headers,
        }
        answer = await phone.caller.request("POST", "/api/uploads", content=taken.photo, headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["tus-resumable"] == "1.0.0"

    @pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
    async def test_another_version_is_told_ours(self, phone: Phone, taken: Captured, method: str) -> None:
        path = "/api/uploads" if method == "POST" else (await phone.begin(taken)).headers["location"]
        refused = await phone.caller.request(method, path, headers={**OCTETS, "Tus-Resumable": "0.2.2"})
        assert (refused.status_code, refused.headers["tus-version"]) == (412, "1.0.0")

    async def test_a_type_that_is_no_evidence(self, phone: Phone, taken: Captured) -> None:
        answer = await phone.upload(taken, type="application/x-msdownload")
        assert (answer.status_code, answer.json()["code"]) == (415, "media_type_refused")

    async def test_what_is_spoken_here(self, phone: Phone) -> None:
        answer = await phone.caller.request("OPTIONS", "/api/uploads")
        assert answer.headers["tus-extension"] == "creation,creation-with-upload,checksum,expiration,termination"


async def test_open_uploads_of_one_person_have_an_end(
    office: Office, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_ledger, "MOST_OPEN", 2)
    visit = await planned_visit(office, phone.caller.person_id)
    taken = await phone.record(await phone.chain(visit), 4)
    whole = await phone.upload(taken[0])
    assert whole.status_code == 201  # whole at once: it is open no more
    first, second, third = [await phone.begin(one) for one in taken[1:]]
    assert (first.status_code, second.status_code, third.status_code) == (201, 201, 429)
    assert (third.json()["code"], third.json()["params"]["most"]) == ("too_many_uploads", 2)
    assert (await phone.patch(first.headers["location"], 0, taken[1].photo)).status_code == 204
    assert (await phone.begin(taken[3])).status_code == 201
