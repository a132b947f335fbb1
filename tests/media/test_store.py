"""What every media store promises, asked of the folder and of a real S3 server."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from media import keys
from media.digests import sha256_hex
from media.store import (
    DigestMismatch,
    LengthMismatch,
    MediaStore,
    ObjectExists,
    ObjectMissing,
    OriginalIsKept,
    StagingGap,
)
from media.verify import Damage, verify
from tests.media.conftest import Node

pytestmark = pytest.mark.anyio

ORG = UUID(int=7)
JPEG = "image/jpeg"


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def key_of(data: bytes) -> str:
    return keys.original_key(ORG, sha256_hex(data))


async def in_chunks(data: bytes, size: int = 60_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]
        await asyncio.sleep(0)


async def broken_after(data: bytes, count: int) -> AsyncIterator[bytes]:
    async for chunk in in_chunks(data[:count]):
        yield chunk
    raise ConnectionResetError


async def content(store: MediaStore, key: str, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join([piece async for piece in await store.open(key, start, stop)])


async def put(store: MediaStore, data: bytes, key: str | None = None) -> str:
    key = key or key_of(data)
    await store.put_new(key, in_chunks(data), sha256=sha256_hex(data), length=len(data), content_type=JPEG)
    return key


@pytest.mark.parametrize("size", [1, 300_000, 3_000_000, 12_000_001])
async def test_what_goes_in_comes_out(store: MediaStore, size: int) -> None:
    data = noise(size)
    key = await put(store, data)
    assert (await store.stat(key)).length == size
    assert await content(store, key) == data


async def test_a_body_in_memory_is_stored_whole(store: MediaStore) -> None:
    data = noise(300_000)
    await store.put_whole(key_of(data), data, sha256_hex(data), content_type=JPEG)
    assert await content(store, key_of(data)) == data


@pytest.mark.parametrize("size", [1000, 6_000_000])
async def test_nothing_replaces_an_object(store: MediaStore, size: int) -> None:
    first, second = noise(size, 1), noise(size, 2)
    key = await put(store, first)
    with pytest.raises(ObjectExists):
        await put(store, second, key)
    with pytest.raises(ObjectExists):
        await store.put_whole(key, second, sha256_hex(second), content_type=JPEG)
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, second)
        with pytest.raises(ObjectExists):
            await store.staging_commit("u1", key, sha256_hex(second), size, content_type=JPEG)
    assert await content(store, key) == first


async def test_of_many_writers_one_wins(store: MediaStore) -> None:
    bodies = [noise(400_000, seed) for seed in range(6)]
    key = key_of(b"contested")
    results = await asyncio.gather(*(put(store, body, key) for body in bodies), return_exceptions=True)
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, ObjectExists) for result in results) == 5
    winner = next(i for i, result in enumerate(results) if isinstance(result, str))
    assert await content(store, key) == bodies[winner]


@pytest.mark.parametrize("size", [1000, 6_000_000])
async def test_a_wrong_body_leaves_nothing(store: MediaStore, size: int) -> None:
    data = noise(size)
    key, other = key_of(data), noise(size, 9)
    with pytest.raises(DigestMismatch):
        await store.put_new(key, in_chunks(other), sha256=sha256_hex(data), length=size, content_type=JPEG)
    with pytest.raises(DigestMismatch):
        await store.put_whole(key, other, sha256_hex(data), content_type=JPEG)
    with pytest.raises(LengthMismatch):
        await store.put_new(key, in_chunks(data[:-1]), sha256=sha256_hex(data), length=size, content_type=JPEG)
    with pytest.raises(LengthMismatch):
        await store.put_new(key, in_chunks(data + b"x"), sha256=sha256_hex(data), length=size, content_type=JPEG)
    with pytest.raises(ConnectionResetError):
        await store.put_new(key, broken_after(data, size // 2), sha256=sha256_hex(data), length=size, content_type=JPEG)
    assert not await store.exists(key)
    assert await store.sweep_abandoned(older_than_s=-5) == 0


async def test_ranges(store: MediaStore) -> None:
    data = noise(700_001)
    key = await put(store, data)
    assert await content(store, key, 0, 1) == data[:1]
    assert await content(store, key, 262_143, 262_145) == data[262_143:262_145]
    assert await content(store, key, 700_000) == data[-1:]
    assert await content(store, key, 1, 10_000_000) == data[1:]
    assert await content(store, key, 5, 5) == b""
    assert await content(store, key, 700_001) == b""
    with pytest.raises(ValueError, match="range"):
        await store.open(key, 5, 4)


async def test_an_abandoned_read_frees_what_it_held(store: MediaStore) -> None:
    key = await put(store, noise(3_000_000))
    for _ in range(40):
        reading = await store.open(key)
        await anext(reading)
        await reading.aclose()  # type: ignore[attr-defined]
    assert len(await content(store, key)) == 3_000_000


async def test_what_is_missing_is_said_to_be(store: MediaStore) -> None:
    key = key_of(b"never stored")
    assert not await store.exists(key)
    with pytest.raises(ObjectMissing):
        await store.stat(key)
    with pytest.raises(ObjectMissing):
        await store.open(key)


async def test_only_copies_are_deleted(store: MediaStore) -> None:
    data = noise(1000)
    original = await put(store, data)
    copy = await put(store, data, keys.derivative_key(ORG, sha256_hex(data), "thumb-1.webp"))
    with pytest.raises(OriginalIsKept):
        await store.delete_derivative(original)
    await store.delete_derivative(copy)
    await store.delete_derivative(copy)
    assert await store.exists(original)
    assert not await store.exists(copy)


@pytest.mark.parametrize("key", ["originals/../../etc/passwd", "/etc/passwd", "staging/u1", "originals/", "x"])
async def test_a_key_cannot_leave_its_place(store: MediaStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a media key"):
        await store.open(key)
    with pytest.raises(ValueError, match="not a media key"):
        await store.put_whole(key, b"x", sha256_hex(b"x"), content_type=JPEG)


async def test_a_healthy_store_says_so(store: MediaStore) -> None:
    assert await store.healthy()


async def test_an_upload_grows_and_becomes_an_object(store: MediaStore) -> None:
    data = noise(7_000_000)
    offset = 0
    for size in (1, 256_000, 5_500_000, 10**9):
        async with store.staging_hold("u1"):
            piece = data[offset : offset + size]
            offset = await store.staging_append("u1", offset, in_chunks(piece))
    assert offset == len(data)
    assert await store.staging_digest("u1", offset) == sha256_hex(data)
    await store.staging_commit("u1", key_of(data), sha256_hex(data), offset, content_type=JPEG)
    assert await content(store, key_of(data)) == data
    assert await store.sweep_abandoned(older_than_s=-5) == 0


async def test_another_process_goes_on_where_the_first_was_killed(node: Node) -> None:
    data = noise(6_000_000)
    first = await node.start()
    async with first.staging_hold("u1"):
        await first.staging_append("u1", 0, data[:2_000_000])
    # Durable, but the process dies before the offset is recorded: the client will send it again.
    async with first.staging_hold("u1"):
        await first.staging_append("u1", 2_000_000, data[2_000_000:3_000_000])
    second = await node.start()
    async with second.staging_hold("u1"):
        assert await second.staging_append("u1", 2_000_000, data[2_000_000:]) == len(data)
        await second.staging_commit("u1", key_of(data), sha256_hex(data), len(data), content_type=JPEG)
    assert await content(second, key_of(data)) == data


async def test_a_failed_append_is_as_if_it_had_not_been(store: MediaStore) -> None:
    data = noise(8_000_000)
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, data[:1_000_000])
    with pytest.raises(ConnectionResetError):
        async with store.staging_hold("u1"):
            await store.staging_append("u1", 1_000_000, broken_after(noise(7_000_000, 5), 6_500_000))
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 1_000_000, data[1_000_000:])
        await store.staging_commit("u1", key_of(data), sha256_hex(data), len(data), content_type=JPEG)
    assert await content(store, key_of(data)) == data


async def test_truncating_goes_back(store: MediaStore) -> None:
    data = noise(1_000_000)
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, data[:400_000])
        await store.staging_append("u1", 400_000, noise(600_000, 3))
        await store.staging_truncate("u1", 400_000)
        await store.staging_append("u1", 400_000, data[400_000:])
        assert await store.staging_digest("u1", len(data)) == sha256_hex(data)


async def test_a_wrong_file_is_not_committed(store: MediaStore) -> None:
    data = noise(500_000)
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, noise(500_000, 2))
        with pytest.raises(DigestMismatch):
            await store.staging_commit("u1", key_of(data), sha256_hex(data), len(data), content_type=JPEG)
    await store.staging_discard("u1")
    await store.staging_discard("u1")
    assert not await store.exists(key_of(data))
    assert await store.sweep_abandoned(older_than_s=-5) == 0


async def test_bytes_that_are_gone_are_missed(node: Node) -> None:
    first = await node.start()
    async with first.staging_hold("u1"):
        await first.staging_append("u1", 0, noise(1000))
    second = await node.start()
    with pytest.raises(StagingGap):
        await second.staging_digest("u1", 2000)
    with pytest.raises(StagingGap):
        await second.staging_digest("u2", 1)


async def test_abandoned_uploads_are_swept_by_age(store: MediaStore) -> None:
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, noise(1000))
    assert await store.sweep_abandoned(older_than_s=3600) == 0
    assert await store.sweep_abandoned(older_than_s=-5) == 1
    with pytest.raises(StagingGap):
        await store.staging_digest("u1", 1000)


async def test_verifying_finds_the_missing_and_says_when_all_is_well(store: MediaStore) -> None:
    present, absent, foreign = noise(1000, 1), noise(1000, 2), noise(1000, 3)
    await put(store, present)
    swapped = key_of(b"what was meant to be here")
    await put(store, foreign, swapped)
    expected = [
        (key_of(present), sha256_hex(present), 1000),
        (key_of(absent), sha256_hex(absent), 1000),
        (swapped, sha256_hex(b"what was meant to be here"), 1000),
    ]
    found = [damage async for damage in verify(store, expected)]
    assert found == [
        Damage(key_of(absent), "missing", sha256_hex(absent), None),
        Damage(swapped, "mismatch", sha256_hex(b"what was meant to be here"), sha256_hex(foreign)),
    ]


async def test_many_at_once_stay_apart(store: MediaStore) -> None:
    bodies = [noise(200_000, seed) for seed in range(20)]
    made = await asyncio.gather(*(put(store, body) for body in bodies))
    for key, body in zip(made, bodies, strict=True):
        assert await content(store, key) == body
