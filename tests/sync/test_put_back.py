"""An older backup of the database is put back behind the phones: what they still hold comes again and is taken again.

The backup is one: pg_dump and pg_restore into an empty database, on which the product is started anew. The store is
what it was, as after a restore of the database alone.
"""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from media import keys
from server.access import signin
from server.access.roles import Role
from server.kit import db, media
from server.kit.migrate import migrate
from server.kit.supervisor.binaries import postgres_programs
from server.settings import Settings
from server.tlog.audit import audit
from server.tlog.sequencer import catch_up
from tests.factories.application import application
from tests.factories.chain import Captured, Chain
from tests.factories.device import TUS, Phone, kinds, outcome
from tests.factories.fieldwork import planned_visit
from tests.factories.people import Office

pytestmark = pytest.mark.anyio


def run(program: str, *words: str) -> None:
    """One of PostgreSQL's own programs, of the server's version."""
    done = subprocess.run([postgres_programs(None) / program, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@asynccontextmanager
async def product(settings: Settings, *phones: Phone) -> AsyncIterator[httpx.AsyncClient]:
    """The product's HTTP face on these settings, and the phones speaking to it."""
    signin.forget_recent()
    app = application(settings)
    async with app.lifespan():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test") as http:
            for phone in phones:
                phone.caller.http = http
            yield http


@asynccontextmanager
async def put_back(settings: Settings, dump: Path, *phones: Phone) -> AsyncIterator[httpx.AsyncClient]:
    """The product on the database as the backup has it."""
    name = settings.database_url.rpartition("/")[2].partition("?")[0]
    dsn = settings.database_url.replace(f"/{name}?", f"/{name}_older?")
    admin = await asyncpg.connect(settings.database_url)
    try:
        await admin.execute(f"CREATE DATABASE {name}_older TEMPLATE template0")
        run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={dsn}", str(dump))
        await migrate(dsn)
        async with product(replace(settings, database_url=dsn), *phones) as http:
            yield http
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name}_older WITH (FORCE)")
        await admin.close()


async def claim(phone: Phone, captured: Captured) -> httpx.Response:
    """Ask for an original that was received before; the phone has no bytes of it any more."""
    headers = {
        **TUS,
        "Upload-Length": str(len(captured.photo)),
        "Upload-Metadata": phone.metadata(captured, held="1"),
    }
    return await phone.caller.request("POST", "/api/uploads", headers=headers)


def stored_as(folder: Path, sha256: str) -> Path:
    """Where the store keeps this object."""
    (path,) = [one for one in folder.rglob("*") if one.is_file() and sha256 in one.name]
    return path


def promises(results: list[dict[str, Any]]) -> list[str]:
    return [one["receipt"]["promise"] for one in results]


@pytest.mark.requirement("R86")
async def test_what_the_phones_hold_comes_again_after_an_older_backup(settings: Settings, tmp_path: Path) -> None:
    dump = tmp_path / "older.dump"
    async with product(settings) as http:
        office = await Office.founded(http)
        head = await office.caller("hejing", Role.OFFICE)
        phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
        visit = await planned_visit(office, phone.caller.person_id)
        chain = await phone.chain(visit)
        (kept,) = await phone.record(chain)
        assert (await phone.upload(kept)).status_code == 201
        (unsent,) = await phone.record(chain)
        await catch_up()
        run("pg_dump", "--format=custom", f"--file={dump}", settings.database_url)
        # After the backup: an original, the rest of the chain, and a chain of its own.
        assert (await phone.upload(unsent)).status_code == 201
        late = [chain.capture(note="午后") for _ in range(2)]
        sealed = [*(one.operation for one in late), chain.note("门锁着"), chain.seal()]
        first = await phone.push(*sealed)
        second = Chain(phone, visit)
        other = [second.open(), second.capture().operation]
        first += await phone.push(*other)
        assert [one["status"] for one in first] == ["applied"] * 6
        for one in late:
            assert (await phone.upload(one)).status_code == 201
        await catch_up()

    head_caller = Phone(head)
    async with put_back(settings, dump, phone, head_caller):
        assert await kinds(chain) == ["capture/1", "capture/1"]
        # Out of order it is a gap, to be tried again: nothing is refused for good.
        (gap,) = await phone.push(chain_end := sealed[-1])
        assert (gap["problem"]["code"], gap["problem"]["params"]["retry"]) == ("chain_gap", True)
        again = await phone.push(*sealed, *other)
        assert outcome(again) == ["applied"] * 6
        assert outcome(await phone.push(*sealed, *other)) == ["duplicate"] * 6
        assert await kinds(chain) == ["capture/1"] * 4 + ["note/1", "seal/1"]
        assert [one["receipt"]["statement_sha256"] for one in again] == [
            one["receipt"]["statement_sha256"] for one in first
        ]
        # A second promise for the same statement: what the phone needs to prove that the log went back.
        assert not set(promises(first)) & set(promises(again))
        assert chain_end["id"] == again[3]["id"]

        for one in (unsent, *late):
            answer = await claim(phone, one)
            assert (answer.status_code, answer.json()["code"]) == (409, "already_received")
            assert "Upload-Receipt" in answer.headers
        shown = await head.get(f"/api/evidence/{late[0].id}")
        assert shown.json()["originals"][0]["received_at"] is not None
        original = await head.get(f"/api/media/{late[0].id}/original")
        assert original.content == late[0].photo
        await catch_up()
        report = await audit()
        assert (report.findings, report.waiting) == ([], 0)
        assert report.statements == 9
        assert await db.fetch_value("SELECT count(*) FROM uploads") == 0


class TestClaiming:
    """An original is taken from the store only if nobody else's record names it, and only as it was signed."""

    async def test_what_the_store_does_not_have(self, phone: Phone, taken: Captured) -> None:
        answer = await claim(phone, taken)
        assert (answer.status_code, answer.json()["code"]) == (409, "original_not_held")
        assert await db.fetch_value("SELECT count(*) FROM uploads") == 0
        assert (await phone.upload(taken)).status_code == 201

    async def test_what_somebody_else_sent(self, office: Office, phone: Phone, taken: Captured) -> None:
        assert (await phone.upload(taken)).status_code == 201
        other = await Phone.enrolled(await office.caller("zhouheng", Role.SUP, Role.TM))
        chain = await other.chain(await planned_visit(office, other.caller.person_id, title="另一次督查"))
        (copied,) = await other.record(chain, data=taken.photo)
        answer = await claim(other, copied)
        assert (answer.status_code, answer.json()["code"]) == (409, "original_not_held")

    async def test_another_length_or_no_statement_of_it(self, phone: Phone, taken: Captured) -> None:
        longer = Captured(taken.id, taken.operation, taken.photo + b"x", taken.media_type)
        answer = await claim(phone, longer)
        assert answer.json()["code"] == "digest_not_in_statement"

    async def test_what_is_damaged_in_the_store(
        self, settings: Settings, phone: Phone, taken: Captured, office: Office
    ) -> None:
        key = keys.original_key(office.org_id, taken.sha256)
        await media.store().put_new(
            key, taken.photo, sha256=taken.sha256, length=len(taken.photo), content_type=taken.media_type
        )
        path = stored_as(settings.media_dir, taken.sha256)
        path.chmod(0o600)
        path.write_bytes(b"y" * len(taken.photo))
        assert (await claim(phone, taken)).json()["code"] == "original_not_held"
        path.write_bytes(taken.photo)
        assert (await claim(phone, taken)).json()["code"] == "already_received"
