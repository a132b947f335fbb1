"""What this machine can do at all, measured in the same run as the product: bytes made durable, rows inserted."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg


def hash_write_sync(folder: Path, bodies: list[bytes], concurrency: int) -> float:
    """Files per second: SHA-256, write and fsync of each body, by ``concurrency`` threads."""

    def one(number: int) -> None:
        body = bodies[number]
        hashlib.sha256(body).digest()
        handle = os.open(folder / f"ceiling-{number}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(handle, body)
            os.fsync(handle)
        finally:
            os.close(handle)

    started = time.perf_counter()
    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(one, range(len(bodies))))
    seconds = time.perf_counter() - started
    for number in range(len(bodies)):
        (folder / f"ceiling-{number}").unlink()
    return len(bodies) / seconds


async def insert_rows(dsn: str, rows: int, concurrency: int) -> float:
    """Transactions per second of one 1 KB row each, over ``concurrency`` raw asyncpg connections."""
    pool = await asyncpg.create_pool(dsn, min_size=concurrency, max_size=concurrency)
    await pool.execute("CREATE TABLE bench_ceiling (id bigserial PRIMARY KEY, body bytea NOT NULL)")
    body = os.urandom(1024)
    left = iter(range(rows))

    async def insert() -> None:
        for _ in left:
            await pool.execute("INSERT INTO bench_ceiling (body) VALUES ($1)", body)

    started = time.perf_counter()
    await asyncio.gather(*(insert() for _ in range(concurrency)))
    seconds = time.perf_counter() - started
    await pool.execute("DROP TABLE bench_ceiling")
    await pool.close()
    return rows / seconds
