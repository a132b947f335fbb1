"""The archive as a stream: any program reads it, its length is known before, zip64 where sizes demand it."""

from __future__ import annotations

import asyncio
import io
import subprocess
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from server.bundles import zipping
from server.bundles.zipping import Entry, LengthDiffers

pytestmark = pytest.mark.anyio
AT = datetime(2026, 5, 25, 17, 30, 8)


def stored(name: str, data: bytes, *, announced: int | None = None) -> Entry:
    """An entry that is read while it is sent, in pieces."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 700):
            yield data[start : start + 700]

    async def read() -> AsyncIterator[bytes]:
        return pieces()

    return Entry(name, len(data) if announced is None else announced, read=read)


async def sent(*entries: Entry) -> bytes:
    return b"".join([piece async for piece in zipping.stream(entries, AT)])


FILES = {"a/bagit.txt": b"BagIt", "a/empty": b"", "a/data/one.jpg": bytes(range(256)) * 9, "a/data/two": b"2" * 4096}


def entries() -> list[Entry]:
    """Small files as bytes, the others read while they are sent."""
    return [
        Entry(name, len(data), data=data) if len(data) < 100 else stored(name, data) for name, data in FILES.items()
    ]


def read_back(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        assert all(one.compress_type == zipfile.ZIP_STORED for one in opened.infolist())
        assert all(one.date_time == (2026, 5, 25, 17, 30, 8) for one in opened.infolist())
        return {name: opened.read(name) for name in opened.namelist()}


async def test_everything_comes_back_and_the_length_was_known() -> None:
    archive = await sent(*entries())
    assert read_back(archive) == FILES
    assert len(archive) == zipping.length_of(entries())


@pytest.mark.parametrize("limit", [100, 2000, 4000])
async def test_large_archives_use_zip64(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the limit lowered, sizes and offsets beyond it go into the 64-bit fields, and the 32-bit ones say so."""
    genuine = zipping.LIMIT_32
    plain = await sent(*entries())
    monkeypatch.setattr(zipping, "LIMIT_32", limit)
    # A reader knows 0xFFFFFFFF, not our lowered limit, as the sign to look further.
    monkeypatch.setattr(zipping, "_told", lambda value: value if value < limit else genuine)
    archive = await sent(*entries())
    assert len(archive) == zipping.length_of(entries()) > len(plain)
    assert b"PK\x06\x06" in archive  # the zip64 end of the central directory
    assert read_back(archive) == FILES


async def test_many_files_use_zip64() -> None:
    many = [Entry(f"a/{number}", 0, data=b"") for number in range(65_536)]
    archive = await sent(*many)
    assert len(archive) == zipping.length_of(many)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert len(opened.namelist()) == 65_536


def test_the_command_line_tools_read_it(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(asyncio.run(sent(*entries())))
    subprocess.run(["unzip", "-t", "a.zip"], cwd=tmp_path, check=True, capture_output=True)


@pytest.mark.parametrize("announced", [2303, 2305])
async def test_a_file_of_another_length_is_no_archive(announced: int) -> None:
    with pytest.raises(LengthDiffers):
        await sent(stored("a/one.jpg", FILES["a/data/one.jpg"], announced=announced))
