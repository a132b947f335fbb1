"""Reading stored objects again, to know that they still are what was received."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Literal

from media.digests import sha256_stream
from media.store.errors import ObjectMissing
from media.store.protocol import MediaStore


@dataclass(frozen=True, slots=True)
class Damage:
    """An object that is gone or no longer hashes to its digest (`actual` is None when it is gone)."""

    key: str
    kind: Literal["missing", "mismatch"]
    expected: str
    actual: str | None


async def verify(store: MediaStore, expected: Iterable[tuple[str, str, int]]) -> AsyncIterator[Damage]:
    """Re-hash objects one after another and give those that are damaged.

    `expected` are key, SHA-256 in hex and length in bytes, as the database has them. Raises
    StoreUnavailable when the store cannot be asked, which is not damage.
    """
    for key, sha256, length in expected:
        try:
            actual, size = await sha256_stream(await store.open(key))
        except ObjectMissing:
            yield Damage(key, "missing", sha256, None)
            continue
        if (actual, size) != (sha256, length):
            yield Damage(key, "mismatch", sha256, actual)
