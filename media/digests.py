"""SHA-256 over bytes and streams; every digest in this package is lower-case hex unless it
says otherwise.
"""

import hashlib
from collections.abc import AsyncIterable


def sha256_hex(data: bytes | bytearray | memoryview) -> str:
    """Digest of bytes in memory."""
    return hashlib.sha256(data).hexdigest()


async def sha256_stream(chunks: AsyncIterable[bytes]) -> tuple[str, int]:
    """Digest and length in bytes of everything the stream gives."""
    hasher, length = hashlib.sha256(), 0
    async for chunk in chunks:
        hasher.update(chunk)
        length += len(chunk)
    return hasher.hexdigest(), length
