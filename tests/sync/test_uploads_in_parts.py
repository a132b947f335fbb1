"""Originals that arrive in parts over a bad line."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from datetime import timedelta

import pytest

from server.kit import clock, db
from server.settings import Settings
from server.sync.uploads_ledger import EveryUpload
from tests.factories.chain import Captured, photo
from tests.factories.device import TUS, Phone
from tests.factories.originals import entries, receipt, stored

pytestmark = pytest.mark.anyio


class TestInParts:
    async def test_it_goes_on_where_it_stopped(self, phone: Phone, taken: Captured, settings: Settings) -> None:
        begun = await phone.begin(taken)
        assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0")
        assert "upload-expires" in begun.headers
        url = begun.headers["location"]
        part = await phone.patch(url, 0, taken.photo[:4000])
        assert (part.status_code, part.headers["upload-offset"]) == (204, "4000")
        assert "upload-receipt" not in part.headers
        asked = await phone.caller.request("HEAD", url, headers=TUS)
        assert (asked.status_code, asked.headers["upload-offset"]) == (200, "4000")
        assert asked.headers["cache-control"] == "no-store"
        assert asked.headers["upload-length"] == "9000"
        assert asked.headers["upload-metadata"] == phone.metadata(taken)  # tus 1.0, creation: as the client gave it
        assert stored(settings) == []
        last = await phone.patch(url, 4000, taken.photo[4000:])
        assert (last.status_code, last.headers["upload-offset"]) == (204, "9000")
        assert receipt(last)["sha256"] == taken.sha256
        after = await phone.caller.request("HEAD", url, headers=TUS)
        assert receipt(after) == receipt(last)
        assert (await phone.begin(taken)).status_code == 409

    async def test_a_part_at_the_wrong_offset(self, phone: Phone, taken: Captured) -> None:
        url = (await phone.begin(taken)).headers["location"]
        await phone.patch(url, 0, taken.photo[:4000])
        answer = await phone.patch(url, 0, taken.photo[:4000])
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_offset")
        assert answer.headers["upload-offset"] == "4000"

    async def test_a_damaged_part_is_dropped(self, phone: Phone, taken: Captured) -> None:
        url = (await phone.begin(taken)).headers["location"]
        good = base64.b64encode(hashlib.sha256(taken.photo).digest()).decode()
        answer = await phone.patch(url, 0, photo(9000), **{"Upload-Checksum": f"sha256 {good}"})
        assert (answer.status_code, answer.json()["code"]) == (460, "checksum_mismatch")
        whole = await phone.patch(url, 0, taken.photo, **{"Upload-Checksum": f"sha256 {good}"})
        assert whole.status_code == 204
        assert receipt(whole)["sha256"] == taken.sha256

    async def test_a_swapped_tail_shows_at_the_last_byte_and_nothing_is_kept(
        self, phone: Phone, taken: Captured, settings: Settings
    ) -> None:
        url = (await phone.begin(taken)).headers["location"]
        await phone.patch(url, 0, taken.photo[:4000])
        answer = await phone.patch(url, 4000, photo(5000))
        assert (answer.status_code, answer.json()["code"]) == (422, "digest_mismatch")
        assert (await phone.caller.request("HEAD", url, headers=TUS)).status_code == 404
        assert stored(settings) == []
        assert await db.fetch_value("SELECT received_at FROM originals") is None
        assert (await phone.upload(taken)).status_code == 201

    async def test_more_than_announced(self, phone: Phone, taken: Captured) -> None:
        url = (await phone.begin(taken)).headers["location"]
        answer = await phone.patch(url, 0, taken.photo + b"x")
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    async def test_the_last_part_delivered_twice_at_once_is_one_receipt(self, phone: Phone, taken: Captured) -> None:
        url = (await phone.begin(taken)).headers["location"]
        await phone.patch(url, 0, taken.photo[:4000])
        answers = await asyncio.gather(*(phone.patch(url, 4000, taken.photo[4000:]) for _ in range(4)))
        assert {answer.status_code for answer in answers} <= {204, 409, 423, 404}
        assert await entries("capture.original_received") == 1

    async def test_termination(self, phone: Phone, taken: Captured) -> None:
        url = (await phone.begin(taken)).headers["location"]
        await phone.patch(url, 0, taken.photo[:4000])
        assert (await phone.caller.request("DELETE", url, headers=TUS)).status_code == 204
        assert (await phone.patch(url, 4000, taken.photo[4000:])).status_code == 404

    async def test_expiry_and_the_sweep(self, phone: Phone, taken: Captured) -> None:
        from media.uploads import sweep_expired
        from server.kit import media

        url = (await phone.begin(taken)).headers["location"]
        await phone.patch(url, 0, taken.photo[:4000])
        later = clock.now() + timedelta(days=8)
        with clock.held_at(lambda: later):
            caller = phone.caller
            caller.token = (
                await caller.http.post(
                    "/api/session",
                    json={"login": "linxia", "password": "a long test password", "transport": "bearer"},
                )
            ).json()["token"]
            answer = await phone.patch(url, 4000, taken.photo[4000:])
            assert (answer.status_code, answer.json()["code"]) == (410, "upload_expired")
            assert await sweep_expired(EveryUpload(), media.store(), now=later) == 1
            assert (await phone.caller.request("HEAD", url, headers=TUS)).status_code == 404
        assert await db.fetch_value("SELECT count(*) FROM uploads") == 0
