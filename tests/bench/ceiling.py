"""What this machine can do at all, measured in the same run as the product: bytes made durable, rows inserted."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import uvloop


def hash_write_sync(folder: Path, bodies: list[bytes], concurrency: int) -> float:
    """Files per second: SHA-256, write and fsync of each body, by ``concurrency`` threads."""

    def one(number: int) -> None:
        _keep(folder / f"ceiling-{number}", bodies[number])

    started = time.perf_counter()
    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(one, range(len(bodies))))
    seconds = time.perf_counter() - started
    for number in range(len(bodies)):
        (folder / f"ceiling-{number}").unlink()
    return len(bodies) / seconds


def keep_and_insert(folder: Path, dsn: str, bodies: list[bytes], concurrency: int) -> float:
    """Captures per second of the least that could be called one: the file durable, then a row of 1 KB committed.

    One process and one event loop, as the product has: each of ``concurrency`` phones hashes, writes and syncs in a
    thread, then inserts over a raw asyncpg connection of its own. No HTTP, no lasting name, no checks.
    """
    return uvloop.run(_keep_and_insert(folder, dsn, bodies, concurrency))


async def _keep_and_insert(folder: Path, dsn: str, bodies: list[bytes], concurrency: int) -> float:
    lines = [await asyncpg.connect(dsn) for _ in range(concurrency)]
    await lines[0].execute("CREATE TABLE bench_captures (id bigserial PRIMARY KEY, body bytea NOT NULL)")
    row = os.urandom(1024)
    left = iter(range(len(bodies)))
    loop = asyncio.get_running_loop()

    async def phone(line: Any) -> None:
        for number in left:
            await loop.run_in_executor(pool, _keep, folder / f"ceiling-{number}", bodies[number])
            await line.execute("INSERT INTO bench_captures (body) VALUES ($1)", row)

    with ThreadPoolExecutor(concurrency) as pool:
        started = time.perf_counter()
        await asyncio.gather(*(phone(line) for line in lines))
        seconds = time.perf_counter() - started
    await lines[0].execute("DROP TABLE bench_captures")
    for line in lines:
        await line.close()
    for number in range(len(bodies)):
        (folder / f"ceiling-{number}").unlink()
    return len(bodies) / seconds


def _keep(path: Path, body: bytes) -> None:
    hashlib.sha256(body).digest()
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(handle, body)
        os.fsync(handle)
    finally:
        os.close(handle)


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
