"""Enough of the MP4 container (ISO/IEC 14496-12) to know that a recording is whole; nothing is decoded."""

from collections.abc import Iterator
from typing import BinaryIO

from media.images.errors import Unreadable
from media.images.facts import VideoFacts

_MOST_BOXES = 10_000
_MOST_MOOV = 64 << 20

Box = tuple[bytes, int, int]
"""Kind, where its content begins, where the box ends."""


def inspect_mp4(file: BinaryIO, media_type: str) -> VideoFacts:
    """Duration and picture size from the movie header. Raises Unreadable: truncated or broken."""
    length = file.seek(0, 2)
    top: dict[bytes, Box] = {}
    for box in _boxes(file, 0, length):
        top.setdefault(box[0], box)
    if b"moov" not in top:
        raise Unreadable("truncated", "no movie header: the recording was not closed")
    if b"mdat" not in top and b"moof" not in top:
        raise Unreadable("broken", "no recorded data")
    _, begin, end = top[b"moov"]
    if end - begin > _MOST_MOOV:
        raise Unreadable("broken", "the movie header is absurdly large")
    duration, width, height = 0, 0, 0
    for kind, inner, stop in _boxes(file, begin, end):
        if kind == b"mvhd":
            duration = _duration_ms(_read(file, inner, stop))
        elif kind == b"trak":
            for sub, at, until in _boxes(file, inner, stop):
                if sub == b"tkhd":
                    w, h = _size(_read(file, at, until))
                    if w * h > width * height:
                        width, height = w, h
    return VideoFacts(media_type, width, height, duration)


def _boxes(file: BinaryIO, begin: int, end: int) -> Iterator[Box]:
    at = begin
    for _ in range(_MOST_BOXES):
        if at == end:
            return
        if end - at < 8:
            raise Unreadable("truncated", "the file ends within a box header")
        file.seek(at)
        head = file.read(16)
        size, kind, content = int.from_bytes(head[:4], "big"), head[4:8], at + 8
        if size == 1 and len(head) == 16:
            size, content = int.from_bytes(head[8:16], "big"), at + 16
        elif size == 0:
            size = end - at
        if size < content - at:
            raise Unreadable("broken", f"box {kind!r} is smaller than its header")
        if at + size > end:
            raise Unreadable("truncated", f"box {kind!r} goes {at + size - end} bytes past the end")
        yield kind, content, at + size
        at += size
    raise Unreadable("broken", "too many boxes")


def _read(file: BinaryIO, begin: int, end: int) -> bytes:
    file.seek(begin)
    return file.read(min(end - begin, 256))


def _duration_ms(body: bytes) -> int:
    wide = body[:1] == b"\x01"
    scale_at, size = (20, 8) if wide else (12, 4)
    if len(body) < scale_at + 4 + size:
        raise Unreadable("broken", "movie header too short")
    scale = int.from_bytes(body[scale_at : scale_at + 4], "big")
    units = int.from_bytes(body[scale_at + 4 : scale_at + 4 + size], "big")
    return units * 1000 // scale if scale else 0


def _size(body: bytes) -> tuple[int, int]:
    at = 88 if body[:1] == b"\x01" else 76
    if len(body) < at + 8:
        raise Unreadable("broken", "track header too short")
    return int.from_bytes(body[at : at + 2], "big"), int.from_bytes(body[at + 4 : at + 6], "big")
