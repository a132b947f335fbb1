"""A zip archive as a stream (APPNOTE 6.3): everything stored, nothing held in memory, zip64 where sizes demand it.

The length is known before the first byte, so that a download that breaks off is seen to be broken. What is read from
the store while it is sent has its checksum only afterwards; it follows the bytes (a data descriptor), as the central
directory says.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

Bytes = Callable[[], Awaitable[AsyncIterator[bytes]]]

LIMIT_32, LIMIT_16 = 0xFFFFFFFF, 0xFFFF
_UTF_8, _DESCRIPTOR = 0x0800, 0x0008
_PLAIN, _ZIP64 = 20, 45
_FILE_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive: its bytes, or how to read them and how many there are."""

    name: str
    length: int
    data: bytes | None = None
    read: Bytes | None = None


class LengthDiffers(Exception):
    """A file gave more or fewer bytes than were announced."""


def length_of(entries: Sequence[Entry]) -> int:
    """Bytes of the whole archive."""
    offset = central = 0
    for entry in entries:
        central += 46 + len(entry.name) + len(_central_extra(entry.length, offset))
        offset += 30 + len(entry.name) + len(_local_extra(entry)) + entry.length
        if entry.data is None:
            offset += 24 if _large(entry.length) else 16
    return offset + central + len(_end(len(entries), offset, central))


async def stream(entries: Sequence[Entry], at: datetime) -> AsyncIterator[bytes]:
    """The archive, piece by piece; ``at`` is the local time that every file carries.

    Raises:
        LengthDiffers: a file is not as long as announced; what was sent is no archive then.
    """
    stamp = _stamp(at)
    offset, directory = 0, []
    for entry in entries:
        name, large = entry.name.encode("ascii"), _large(entry.length)
        crc, flags = (zlib.crc32(entry.data), _UTF_8) if entry.data is not None else (0, _UTF_8 | _DESCRIPTOR)
        version = _ZIP64 if large else _PLAIN
        size = 0 if entry.data is None else entry.length
        told = _told(entry.length) if large else size
        extra = _local_extra(entry)
        start = offset
        yield (
            struct.pack("<IHHHIIIIHH", 0x04034B50, version, flags, 0, stamp, crc, told, told, len(name), len(extra))
            + name
            + extra
        )
        offset += 30 + len(name) + len(extra)
        if entry.data is not None:
            yield entry.data
        else:
            assert entry.read is not None
            count = 0
            async for piece in await entry.read():
                crc, count = zlib.crc32(piece, crc), count + len(piece)
                if count > entry.length:
                    raise LengthDiffers(entry.name)
                yield piece
            if count != entry.length:
                raise LengthDiffers(entry.name)
            yield struct.pack("<IIQQ" if large else "<IIII", 0x08074B50, crc, count, count)
            offset += 24 if large else 16
        offset += entry.length
        directory.append(_central(entry, name, version, flags, stamp, crc, start))
    central = b"".join(directory)
    yield central
    yield _end(len(entries), offset, len(central))


def _told(value: int) -> int:
    """As a 32-bit field tells it; the largest value says that the 64-bit field has it."""
    return min(value, LIMIT_32)


def _large(length: int) -> bool:
    return length >= LIMIT_32


def _local_extra(entry: Entry) -> bytes:
    if not _large(entry.length):
        return b""
    size = 0 if entry.data is None else entry.length
    return struct.pack("<HHQQ", 1, 16, size, size)


def _central_extra(length: int, start: int) -> bytes:
    fields = b""
    if _large(length):
        fields += struct.pack("<QQ", length, length)
    if start >= LIMIT_32:
        fields += struct.pack("<Q", start)
    return struct.pack("<HH", 1, len(fields)) + fields if fields else b""


def _central(entry: Entry, name: bytes, version: int, flags: int, stamp: int, crc: int, start: int) -> bytes:
    extra = _central_extra(entry.length, start)
    size = _told(entry.length)
    needed = _ZIP64 if extra else version
    return (
        struct.pack(
            "<IHHHHIIIIHHHHHII",
            0x02014B50,
            3 << 8 | _ZIP64,  # made as on Unix, so that the file mode counts
            needed,
            flags,
            0,
            stamp,
            crc,
            size,
            size,
            len(name),
            len(extra),
            0,
            0,
            0,
            _FILE_MODE,
            _told(start),
        )
        + name
        + extra
    )


def _end(count: int, offset: int, length: int) -> bytes:
    large = count >= LIMIT_16 or offset >= LIMIT_32 or length >= LIMIT_32
    end = b""
    if large:
        end = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 3 << 8 | _ZIP64, _ZIP64, 0, 0, count, count, length, offset)
        end += struct.pack("<IIQI", 0x07064B50, 0, offset + length, 1)
    few = min(count, LIMIT_16)
    return end + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, few, few, _told(length), _told(offset), 0)


def _stamp(at: datetime) -> int:
    """Time and date of MS-DOS as one number, in the order in which they are written."""
    day = (at.year - 1980) << 9 | at.month << 5 | at.day
    return day << 16 | at.hour << 11 | at.minute << 5 | at.second // 2
