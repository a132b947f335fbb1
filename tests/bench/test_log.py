"""The log: statements verified and logged per second, and proofs over a million leaves. Nothing is asserted of time.

Two processes as in the product: one takes statements (ECDSA P-256, canonical form, commit), one sequences and signs.
A figure counts from the first statement until the last leaf stands under a signed checkpoint.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from server.evidence.signatures import envelope_sha256, signature_holds
from server.journal.leaves import leaf_hash, statement_leaf
from server.journal.work import unit_of_work
from server.kit import canonical, clock, db
from server.kit.ids import new_id
from server.kit.migrate import migrate
from server.kit.supervisor.postgres import EmbeddedPostgres
from server.tlog import queries, sequencer
from server.tlog.queries import proof_text
from server.tlog.tree import Frontier
from tests.bench.report import figure, percentile

COUNTS = {1: 3_000, 10: 15_000, 100: 40_000}
KEYS = 8
REQUESTS = 8  # at a time
MILLION = 1_000_000
ROOT = Path(__file__).parents[2]
SEQUENCE = (
    "import asyncio, sys\nfrom server.kit import db\nfrom server.tlog.sequencer import Sequencer\n"
    "async def main():\n    await db.connect(sys.argv[1], min_size=1, max_size=2)\n"
    "    await Sequencer(sys.argv[1]).run()\nasyncio.run(main())\n"
)


@dataclass(frozen=True)
class Author:
    """Whose statements they are."""

    org_id: UUID
    person_id: UUID | None


@dataclass(frozen=True)
class Made:
    """A statement with its signature and the key that is to have made it."""

    statement: bytes
    signature: bytes
    spki: bytes


@dataclass(frozen=True)
class Cluster:
    """A durable database of its own."""

    dsn: str
    pid: int


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="zhicha-bench-", dir=os.environ.get("ZHICHA_BENCH_DIR")) as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = EmbeddedPostgres(folder, durable=True)
        dsn = postgres.start()
        try:
            asyncio.run(migrate(dsn))
            pid = int(next(folder.rglob("postmaster.pid")).read_text().split()[0])
            yield Cluster(dsn, pid)
        finally:
            postgres.stop()


@asynccontextmanager
async def author(dsn: str) -> AsyncIterator[Author]:
    await db.connect(dsn, min_size=REQUESTS, max_size=REQUESTS)
    org_id = new_id()
    await db.execute("INSERT INTO organisations (id, name, created_at) VALUES ($1, 'x', $2)", org_id, clock.now())
    await db.execute("INSERT INTO feed_counters (org_id) VALUES ($1) ON CONFLICT DO NOTHING", org_id)
    try:
        yield Author(org_id, new_id())
    finally:
        await db.disconnect()


def statements(count: int) -> list[Made]:
    """Signed as the phone signs them: 64 bytes r ‖ s."""
    signers = [ec.generate_private_key(ec.SECP256R1()) for _ in range(KEYS)]
    public = [
        one.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        for one in signers
    ]
    made = []
    for n in range(count):
        statement = canonical.encode(_capture(n))
        r, s = decode_dss_signature(signers[n % KEYS].sign(statement, ec.ECDSA(hashes.SHA256())))
        made.append(Made(statement, r.to_bytes(32, "big") + s.to_bytes(32, "big"), public[n % KEYS]))
    return made


def _capture(n: int) -> dict[str, object]:
    digest = "A" * 43
    medium = {"role": "original", "sha256": digest, "bytes": 300_000, "type": "image/jpeg", "w": 4000, "h": 3000}
    return {
        "t": "capture/1",
        "id": str(new_id()),
        "dev": digest,
        "ses": str(new_id()),
        "seq": n + 1,
        "prev": digest,
        "visit": str(new_id()),
        "item": str(new_id()),
        "site": None,
        "media": [{**medium, "src": "camera"}],
        "clock": {"wall_ms": 1_795_312_800_000 + n, "mono_ms": n, "tz_min": 480},
        "anchor": {"cp": digest, "size": n, "srv_ms": 1_795_312_800_000, "mono_ms": n},
        "priv_h": digest,
        "net": "offline",
    }


def verified(batch: list[Made]) -> list[bytes]:
    """The leaves of a batch whose form and signatures hold."""
    received_ms = clock.now_ms()
    leaves = []
    for one in batch:
        canonical.decode(one.statement)
        assert signature_holds(one.spki, one.statement, one.signature)
        env = envelope_sha256(one.statement, one.signature)
        leaves.append(statement_leaf(env, hashlib.sha256(one.statement).digest(), received_ms))
    return leaves


async def _take(writer: Author, made: list[Made], size: int) -> None:
    """All statements in units of work of ``size``, several at a time."""
    loop, starts = asyncio.get_running_loop(), iter(range(0, len(made), size))
    with ThreadPoolExecutor(2) as threads:

        async def one_after_the_other() -> None:
            for start in starts:
                batch = made[start : start + size]
                # One alone is not worth the way to another thread.
                leaves = verified(batch) if size == 1 else await loop.run_in_executor(threads, verified, batch)
                async with unit_of_work(writer) as work:
                    for leaf in leaves:
                        work.log(leaf)

        await asyncio.gather(*(asyncio.create_task(one_after_the_other()) for _ in range(REQUESTS)))


async def _until_signed(count: int) -> None:
    newest = "SELECT coalesce(max(size), 0) FROM log_checkpoints"
    while (await db.fetch_value(newest)) < count:  # noqa: ASYNC110 (the worker is another process)
        await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Measured:
    """Seconds until all was committed and until all was signed; CPU of taker, sequencer and PostgreSQL in ms."""

    taken: float
    logged: float
    cpu_ms: tuple[float, float, float]


async def _measure(dsn: str, size: int, made: list[Made], worker: int, postgres: int) -> Measured:
    async with author(dsn) as writer:
        before = await db.fetch_value("SELECT coalesce(max(idx) + 1, 0) FROM log_leaves")
        used, begun = _cpu_ms(worker, postgres), time.perf_counter()
        await _take(writer, made, size)
        taken = time.perf_counter() - begun
        await _until_signed(before + len(made))
        logged = time.perf_counter() - begun
        a, b, c = (now - then for now, then in zip(_cpu_ms(worker, postgres), used, strict=True))
        return Measured(taken, logged, (a, b, c))


def _cpu_ms(worker: int, postgres: int) -> tuple[float, float, float]:
    """What each has used so far: it holds on a busy machine too."""
    cluster = psutil.Process(postgres)
    groups = [psutil.Process()], [psutil.Process(worker)], [cluster, *cluster.children(recursive=True)]
    mine, its, theirs = (1000 * sum(sum(one.cpu_times()[:2]) for one in group) for group in groups)
    return mine, its, theirs


@pytest.mark.parametrize("size", COUNTS)
def test_statements_per_second(cluster: Cluster, size: int) -> None:
    made = statements(COUNTS[size])
    worker = subprocess.Popen([sys.executable, "-c", SEQUENCE, cluster.dsn], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        asyncio.run(_measure(cluster.dsn, size, made[:1], worker.pid, cluster.pid))  # the worker is up
        done = asyncio.run(_measure(cluster.dsn, size, made[1:], worker.pid, cluster.pid))
    finally:
        worker.terminate()
        worker.wait()
    print()
    aim = "aim: 5,000/s" if size == 100 else ""
    web, sequencing, postgres = (1000 * each / len(made) for each in done.cpu_ms)
    parts = f"taking {web:.0f}, sequencing {sequencing:.0f}, PostgreSQL {postgres:.0f}"
    figure(f"statements verified and logged, batches of {size}", len(made) / done.logged, "/s", aim)
    figure(f"statements verified and committed, batches of {size}", len(made) / done.taken, "/s")
    figure(f"CPU of all for each statement, batches of {size}", web + sequencing + postgres, "µs CPU", parts)


def test_what_a_statement_costs() -> None:
    made = statements(2_000)
    print()
    begun = time.process_time()
    for one in made:
        canonical.decode(one.statement)
    figure("JCS form check of one statement", 1e6 * (time.process_time() - begun) / len(made), "µs CPU")
    begun = time.process_time()
    for one in made:
        signature_holds(one.spki, one.statement, one.signature)
    figure("ECDSA P-256 verification of one statement", 1e6 * (time.process_time() - begun) / len(made), "µs CPU")
    begun, half = time.perf_counter(), len(made) // 2
    verified(made)
    alone = time.perf_counter() - begun
    with ThreadPoolExecutor(2) as threads:
        begun = time.perf_counter()
        list(threads.map(verified, (made[:half], made[half:])))
        figure("verification, two threads against one", alone / (time.perf_counter() - begun), "times")


async def _grow_to(count: int) -> None:
    """Fill the log in bulk, past the sequencer, and sign once at the end."""
    async with db.transaction() as conn:
        size = await conn.fetchval("SELECT coalesce(max(idx) + 1, 0) FROM log_leaves")
        rows = await conn.fetch("SELECT leaf_hash FROM log_leaves ORDER BY idx")
        frontier = Frontier(0, {})
        frontier.append([row["leaf_hash"] for row in rows])
        now = clock.now()
        while size < count:
            digests = [hashlib.sha256(n.to_bytes(8, "big")).digest() for n in range(size, min(count, size + 50_000))]
            leaves = [statement_leaf(one, one, 1_795_312_800_000) for one in digests]
            hashed = [leaf_hash(leaf) for leaf in leaves]
            records = [(size + n, one, leaf, now) for n, (one, leaf) in enumerate(zip(hashed, leaves, strict=True))]
            await conn.copy_records_to_table("log_leaves", records=records)
            await conn.copy_records_to_table("log_nodes", records=frontier.append(hashed))
            size += len(leaves)
    await db.execute("ANALYZE log_leaves")
    await db.execute("ANALYZE log_nodes")
    await sequencer.sign_checkpoint()


async def _proofs(dsn: str) -> None:
    async with author(dsn):
        begun = time.perf_counter()
        await _grow_to(MILLION)
        figure("a log of a million leaves, built in bulk", time.perf_counter() - begun, "s")
        chance = random.Random(7)
        async with db.connection() as conn:
            checkpoint = await queries.latest_checkpoint(conn)
            assert checkpoint is not None
            wanted = [
                await conn.fetchval("SELECT leaf_hash FROM log_leaves WHERE idx = $1", chance.randrange(MILLION))
                for _ in range(500)
            ]
            times, sizes, texts = [], [], []
            for one in wanted[:300]:
                begun = time.perf_counter()
                proof = (await queries.inclusions(conn, [one], checkpoint.size))[one]
                times.append(1000 * (time.perf_counter() - begun))
                sizes.append(32 * len(proof.hashes))
                texts.append(len(proof_text(proof, checkpoint).encode()))
            begun = time.perf_counter()
            assert len(await queries.inclusions(conn, wanted[300:], checkpoint.size)) > 190
            together = 1000 * (time.perf_counter() - begun)
            growths = []
            for _ in range(200):
                begun = time.perf_counter()
                await queries.consistency(conn, chance.randrange(1, MILLION), MILLION)
                growths.append(1000 * (time.perf_counter() - begun))
    figure("inclusion proof at 1,000,000 leaves, p50", percentile(times, 0.5), "ms", "aim: 5 ms")
    figure("inclusion proof at 1,000,000 leaves, p99", percentile(times, 0.99), "ms")
    figure("inclusion proof at 1,000,000 leaves, hashes", max(sizes), "bytes", f"as tlog-proof {max(texts)}")
    figure("inclusion proofs for 200 leaves at once", together, "ms")
    figure("consistency proof to 1,000,000 leaves, p50", percentile(growths, 0.5), "ms")


def test_proofs_at_a_million_leaves(cluster: Cluster) -> None:
    print()
    asyncio.run(_proofs(cluster.dsn))
