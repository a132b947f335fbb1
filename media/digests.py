"""SHA-256 over bytes, files and streams; every digest in this package is lower-case hex unless it
says otherwise.
"""

import hashlib
from collections.abc import AsyncIterable
from pathlib import Path

PIECE = 1 << 20


def sha256_hex(data: bytes | bytearray | memoryview) -> str:
    """Digest of bytes in memory."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> tuple[str, int]:
    """Digest and length in bytes of a file, read in pieces of 1 MiB. Blocks: call it from a thread."""
    hasher, length = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        view = memoryview(bytearray(PIECE))
        while count := file.readinto(view):
            hasher.update(view[:count])
            length += count
    return hasher.hexdigest(), length


async def sha256_stream(chunks: AsyncIterable[bytes]) -> tuple[str, int]:
    """Digest and length in bytes of everything the stream gives."""
    hasher, length = hashlib.sha256(), 0
    async for chunk in chunks:
        hasher.update(chunk)
        length += len(chunk)
    return hasher.hexdigest(), length
