"""What must be true of this machine before the product can run on it, each as a sentence with its answer."""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg

_LEAST_FREE = 2 * 1024**3
_OLDEST_POSTGRES = 150000


@dataclass(frozen=True, slots=True)
class Finding:
    good: bool
    zh: str
    en: str


def machine(data_dir: Path, built: Path) -> Iterator[Finding]:
    """Python, the data folder and the built front end."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        sys.version_info >= (3, 11), f"Python {version}（需要 3.11 以上）", f"Python {version} (3.11 or newer)"
    )
    nearest = next(part for part in (data_dir, *data_dir.parents) if part.exists())
    writable = os.access(nearest, os.W_OK)
    yield Finding(writable, f"数据目录可写：{data_dir}", f"data folder is writable: {data_dir}")
    free = shutil.disk_usage(nearest).free
    room = f"{free / 1024**3:.1f} GiB"
    yield Finding(free > _LEAST_FREE, f"剩余空间 {room}（至少 2 GiB）", f"free space {room} (at least 2 GiB)")
    there = (built / "field" / "index.html").is_file() and (built / "desk" / "index.html").is_file()
    yield Finding(there, f"前端已构建：{built}", f"front end is built: {built}")


def database(dsn: str) -> Finding:
    """Whether the database answers, and is recent enough."""
    try:
        number, encoding = asyncio.run(_ask(dsn))
    except (OSError, asyncpg.PostgresError, TimeoutError, ValueError) as error:
        return Finding(False, f"数据库无法连接：{error}", f"the database does not answer: {error}")
    good = number >= _OLDEST_POSTGRES and encoding == "UTF8"
    told = f"PostgreSQL {number // 10000}, {encoding}"
    return Finding(good, f"数据库：{told}（需要 15 以上、UTF8）", f"database: {told} (15 or newer, UTF8)")


async def _ask(dsn: str) -> tuple[int, str]:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        number = await connection.fetchval("SELECT current_setting('server_version_num')::int")
        encoding = await connection.fetchval("SELECT current_setting('server_encoding')")
        return int(number), str(encoding)
    finally:
        await connection.close()
