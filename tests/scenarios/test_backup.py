"""What docs/operations.md says of backup and restore, done with an external PostgreSQL and an S3 store."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import pytest
from minio import Minio
from minio.commonconfig import CopySource

from server.access import signin
from server.access.roles import Role
from server.kit import db
from server.kit.migrate import migrate
from server.kit.supervisor.binaries import postgres_programs
from server.settings import Settings
from server.tlog.audit import audit
from server.tlog.sequencer import catch_up
from tests.factories.application import application
from tests.factories.device import Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.people import PASSWORD, Office
from tests.media.minio_server import S3Endpoint

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(settings: Settings, s3: S3Endpoint) -> Settings:
    return replace(
        settings,
        s3_endpoint=s3.endpoint,
        s3_access_key=s3.access_key,
        s3_secret_key=s3.secret_key,
        s3_bucket="kept",
        s3_secure=False,
    )


def run(program: str, *words: str) -> None:
    """One of PostgreSQL's own programs, of the server's version."""
    done = subprocess.run([postgres_programs(None) / program, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def copy_bucket(s3: S3Endpoint, source: str, target: str) -> None:
    """As ``mc mirror`` would."""
    client = Minio(s3.endpoint, s3.access_key, s3.secret_key, secure=False)
    client.make_bucket(target)
    for one in client.list_objects(source, recursive=True):
        client.copy_object(target, str(one.object_name), CopySource(source, str(one.object_name)))


@asynccontextmanager
async def product(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The product's HTTP face on these settings."""
    signin.forget_recent()
    app = application(settings)
    async with app.lifespan():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://zhicha.test") as http:
            yield http


async def test_a_restored_backup_holds_every_act_and_every_original(
    settings: Settings, s3: S3Endpoint, tmp_path: Path
) -> None:
    dump = tmp_path / "zhicha.dump"
    async with product(settings) as http:
        office = await Office.founded(http)
        head = await office.caller("hejing", Role.OFFICE)
        phone = await Phone.enrolled(await office.caller("linxia", Role.SUP, Role.TM))
        chain = await phone.chain(await planned_visit(office, phone.caller.person_id))
        (kept,) = await phone.record(chain)
        assert (await phone.upload(kept)).status_code == 201
        await catch_up()
        run("pg_dump", "--format=custom", f"--file={dump}", settings.database_url)
        # Work goes on between the two halves of the backup.
        (later,) = await phone.record(chain)
        assert (await phone.upload(later)).status_code == 201
        copy_bucket(s3, "kept", "restored")
        shown = (await head.get(f"/api/evidence/{kept.id}")).json()

    name = settings.database_url.rpartition("/")[2].partition("?")[0]
    dsn = settings.database_url.replace(f"/{name}?", f"/{name}_restored?")
    admin = await asyncpg.connect(settings.database_url)
    try:
        await admin.execute(f"CREATE DATABASE {name}_restored TEMPLATE template0")
        run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={dsn}", str(dump))
        await migrate(dsn)
        async with product(replace(settings, database_url=dsn, s3_bucket="restored")) as http:
            report = await audit()
            assert (report.findings, report.waiting) == ([], 0)
            assert report.statements == 2
            session = {"login": "hejing", "password": PASSWORD, "transport": "bearer"}
            token = (await http.post("/api/session", json=session)).json()["token"]
            asking = {"Authorization": f"Bearer {token}"}
            assert (await http.get(f"/api/evidence/{kept.id}", headers=asking)).json() == shown
            assert (await http.get(f"/api/evidence/{later.id}", headers=asking)).status_code == 404
            original = await http.get(f"/api/media/{kept.id}/original", headers=asking)
            assert original.content == kept.photo
            # The guards came along.
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await db.execute("UPDATE journal_entries SET at = now()")
    finally:
        await admin.execute(f"DROP DATABASE IF EXISTS {name}_restored WITH (FORCE)")
        await admin.close()
