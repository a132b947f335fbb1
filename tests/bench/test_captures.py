"""Captures per second of one web process: statement and photo durable, digest-checked, listed and receipted.

Beside them the machine's own ceiling in the same run and at the same concurrency: a program of one process that hashes,
writes and syncs the same bytes and commits one row for each; and, apart from it, the least server that does comparable
work (``bare``). Nothing is asserted about time.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import pytest

from server.access.roles import Role
from server.kit import db
from server.kit.ids import new_id
from server.kit.migrate import migrate
from server.kit.supervisor.postgres import EmbeddedPostgres
from tests.bench import ceiling, load
from tests.bench.report import figure, percentile
from tests.factories.chain import Captured, Chain
from tests.factories.device import Phone
from tests.factories.fieldwork import planned_visit
from tests.factories.people import PASSWORD, Caller, Office
from tests.factories.product import ROOT, free_port

PHONES = 8
BATCH = 10
ROUNDS = {300_000: 20, 3_000_000: 2}


@dataclass
class Running:
    """One web process on a durable database, without a worker: what is measured is the way to the receipt."""

    dsn: str
    port: int
    process: subprocess.Popen[bytes]
    folder: Path
    postgres: int

    def peak_mb(self) -> float:
        """Peak resident memory of the web process so far, in MB."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return psutil.Process(self.process.pid).memory_info().rss / 1e6
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6

    def cpu_ms(self) -> tuple[float, float]:
        """Milliseconds of CPU that the web process and all of PostgreSQL have used: they hold on a busy machine too."""
        cluster = psutil.Process(self.postgres)
        return _cpu_ms([psutil.Process(self.process.pid)]), _cpu_ms([cluster, *cluster.children(recursive=True)])


def _cpu_ms(processes: list[psutil.Process]) -> float:
    times = [one.cpu_times() for one in processes]
    return 1000 * float(sum(one.user + one.system for one in times))


@pytest.fixture(scope="module")
def web() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="zhicha-bench-", dir=os.environ.get("ZHICHA_BENCH_DIR")) as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = EmbeddedPostgres(folder, durable=True)
        dsn, port = cluster.start(), free_port()
        asyncio.run(migrate(dsn))
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "web"],
            cwd=ROOT,
            env={
                **os.environ,
                "ZHICHA_DATABASE_URL": dsn,
                "ZHICHA_DATA_DIR": name,
                "ZHICHA_PORT": str(port),
            },
        )
        try:
            for _ in range(200):
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/api/health/ready").status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                asyncio.run(asyncio.sleep(0.1))
            assert cluster.pid is not None
            yield Running(dsn, port, process, folder, cluster.pid)
        finally:
            process.terminate()
            process.wait(15)
            cluster.stop()


async def prepare(web: Running, size: int, rounds: int) -> tuple[list[list[load.Request]], UUID, bytes]:
    """The requests of all phones: batches of signed statements, each followed by its photos in one request each."""
    await db.connect(web.dsn, min_size=1, max_size=2)
    phones: list[list[load.Request]] = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web.port}") as http:
        office = await Office.founded(http)
        team = [await office.person(f"p{new_id()}", Role.TM) for _ in range(PHONES)]
        for duty in ("planner", "approver"):
            office.people[duty] = await office.person(f"{duty}{new_id()}")  # logins are unique on an installation
        visit = await planned_visit(office, *team)
        logins = {person: login for login, person in office.people.items()}
        base = os.urandom(size)
        for person in team:
            signed = await http.post(
                "/api/session", json={"login": logins[person], "password": PASSWORD, "transport": "bearer"}
            )
            phone = await Phone.enrolled(Caller(person, signed.json()["token"], http))
            phones.append(_requests(phone, await phone.chain(visit), base, rounds + 1))
    await db.disconnect()
    return phones, office.org_id, base


def _requests(phone: Phone, chain: Chain, base: bytes, rounds: int) -> list[load.Request]:
    made: list[load.Request] = []
    for _ in range(rounds):
        taken = [chain.capture(new_id().bytes + base[16:]) for _ in range(BATCH)]
        body = {"device_id": str(phone.device_id), "operations": [one.operation for one in taken]}
        made.append(
            load.request(
                "POST",
                "/api/sync/push",
                phone.caller.token,
                json.dumps(body).encode(),
                200,
                Content_Type="application/json",
            )
        )
        made.extend(_upload(phone, one) for one in taken)
    return made


def _upload(phone: Phone, captured: Captured) -> load.Request:
    digest = base64.b64encode(hashlib.sha256(captured.photo).digest()).decode()
    return load.request(
        "POST",
        "/api/uploads",
        phone.caller.token,
        captured.photo,
        201,
        Content_Type="application/offset+octet-stream",
        Tus_Resumable="1.0.0",
        Upload_Length=str(len(captured.photo)),
        Upload_Metadata=phone.metadata(captured),
        Upload_Checksum=f"sha256 {digest}",
    )


@pytest.mark.parametrize("size", ROUNDS)
def test_captures_per_second(web: Running, size: int) -> None:
    label = f"{size // 1000} KB" if size < 1_000_000 else f"{size // 1_000_000} MB"
    rounds = ROUNDS[size]
    phones, org_id, base = asyncio.run(prepare(web, size, rounds))
    load.run(web.port, [requests[: BATCH + 1] for requests in phones])  # the first object of an office makes folders
    count = PHONES * BATCH * rounds
    bodies = [new_id().bytes + base[16:] for _ in range(count)]
    print()
    files = ceiling.hash_write_sync(web.folder, bodies, PHONES)
    before = ceiling.keep_and_insert(web.folder, web.dsn, bodies, PHONES)
    used = web.cpu_ms()
    outcome = load.run(web.port, [requests[BATCH + 1 :] for requests in phones])
    web_ms, postgres_ms = (now - then for now, then in zip(web.cpu_ms(), used, strict=True))
    after = ceiling.keep_and_insert(web.folder, web.dsn, bodies, PHONES)
    bare = bare_server(web, bodies)
    alone = ceiling.hash_write_sync(web.folder, bodies[: len(bodies) // 4], 1)
    asyncio.run(_all_are_received(web, org_id, count + PHONES * BATCH))
    rate, limit = count / outcome.seconds, (before + after) / 2
    figure(f"captures, {label} photo", rate, "/s", f"{PHONES} phones, batches of {BATCH}")
    figure(
        f"ceiling: SHA-256 + write + fsync + insert, {label}", limit, "/s", f"before {before:.0f}, after {after:.0f}"
    )
    figure(f"captures of the ceiling, {label}", 100 * rate / limit, "%", "aim: 60 %")
    figure(f"bare server: HTTP, file and folder synced, 10 rows, {label}", bare, "/s", "the comparable work")
    figure(f"captures of the bare server, {label}", 100 * rate / bare, "%")
    figure(f"files alone: SHA-256 + write + fsync, {label}", files, "/s", f"one thread {alone:.0f}")
    figure(f"request latency p50, {label}", 1000 * percentile(outcome.latencies, 0.5), "ms")
    figure(f"request latency p99, {label}", 1000 * percentile(outcome.latencies, 0.99), "ms")
    figure(f"web process, CPU for each capture, {label}", web_ms / count, "ms")
    figure(f"PostgreSQL, CPU for each capture, {label}", postgres_ms / count, "ms")
    figure("web process, peak memory", web.peak_mb(), "MB", "aim: 150 MB")


def bare_server(web: Running, bodies: list[bytes]) -> float:
    """Photos per second of a server that only takes, hashes, keeps and inserts (``tests.bench.bare``)."""
    port, folder = free_port(), web.folder / "bare"
    folder.mkdir()
    program = [sys.executable, "-m", "tests.bench.bare", str(port), web.dsn, str(folder)]
    process = subprocess.Popen(program, cwd=ROOT)
    photos = [load.request("POST", "/", "-", body, 201) for body in bodies]
    shares = [photos[number::PHONES] for number in range(PHONES)]
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            asyncio.run(asyncio.sleep(0.1))
        load.run(port, [share[:1] for share in shares])
        return (len(photos) - PHONES) / load.run(port, [share[1:] for share in shares]).seconds
    finally:
        process.terminate()
        process.wait(15)
        shutil.rmtree(folder, ignore_errors=True)


async def _all_are_received(web: Running, org_id: UUID, count: int) -> None:
    await db.connect(web.dsn, min_size=1, max_size=1)
    whole = await db.fetch_value(
        "SELECT count(*) FROM captures WHERE org_id = $1 AND originals_received = originals_total", org_id
    )
    await db.disconnect()
    assert whole == count


def test_row_insert_ceiling(web: Running) -> None:
    figure("ceiling: raw asyncpg insert of one 1 KB row", asyncio.run(ceiling.insert_rows(web.dsn, 4000, PHONES)), "/s")
