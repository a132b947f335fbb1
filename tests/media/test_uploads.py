"""Uploads over bad lines: cut off, repeated, raced, truncated, swapped, and crashed at every step."""

import asyncio
import hashlib
import itertools
from collections.abc import AsyncIterable, AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from media.store import MediaStore
from media.uploads import Completed, Progress, Upload, append, create, errors, head, sweep_expired, terminate
from media.uploads.headers import Checksum
from tests.media.conftest import Node
from tests.media.ledger import Crash, MemoryLedger
from tests.media.test_store import JPEG, broken_after, content, in_chunks, key_of, noise

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 5, 25, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
_ids = itertools.count()


def upload_of(data: bytes, *, length: int | None = None) -> Upload:
    return Upload(
        id=f"u{next(_ids)}",
        key=key_of(data),
        length=len(data) if length is None else length,
        offset=0,
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=JPEG,
        expires_at=NOW + DAY,
        finished=False,
    )


def sha(data: bytes) -> Checksum:
    return Checksum("sha256", hashlib.sha256(data).digest())


class Client:
    """What the routes do, without HTTP."""

    def __init__(self, store: MediaStore, ledger: MemoryLedger | None = None) -> None:
        self.store = store
        self.ledger = ledger or MemoryLedger()

    async def create(
        self, upload: Upload, body: AsyncIterable[bytes] | None = None, size: int | None = None, **more: Checksum
    ) -> Progress | Completed:
        return await create(self.ledger, self.store, upload, now=NOW, lifetime=DAY, body=body, body_length=size, **more)

    async def patch(
        self, upload: Upload, offset: int, body: AsyncIterable[bytes], checksum: Checksum | None = None
    ) -> Progress | Completed:
        return await append(self.ledger, self.store, upload.id, offset, body, checksum=checksum, now=NOW, lifetime=DAY)

    async def head(self, upload: Upload, now: datetime = NOW) -> Progress | Completed:
        return await head(self.ledger, self.store, upload.id, now=now)

    def restarted(self, store: MediaStore) -> "Client":
        return Client(store, self.ledger)


@pytest.fixture
def client(store: MediaStore) -> Client:
    return Client(store)


@pytest.mark.parametrize("size", [5, 300_000, 3_000_000, 6_000_000])
async def test_a_whole_file_in_the_creating_request(client: Client, size: int) -> None:
    data = noise(size)
    upload = upload_of(data)
    done = await client.create(upload, in_chunks(data), size, checksum=sha(data))
    assert done == Completed(upload.sha256, size)
    assert client.ledger.receipts == [upload.sha256]
    assert await content(client.store, upload.key) == data


async def test_a_file_in_several_requests(client: Client) -> None:
    data = noise(1_000_000)
    upload = upload_of(data)
    begun = await client.create(upload, in_chunks(data[:1000]), 1000)
    assert begun == Progress(1000, len(data), NOW + DAY)
    going = await client.patch(upload, 1000, in_chunks(data[1000:600_000]), sha(data[1000:600_000]))
    assert going == await client.head(upload) == Progress(600_000, len(data), NOW + DAY)
    assert await client.patch(upload, 600_000, in_chunks(data[600_000:])) == Completed(upload.sha256, len(data))
    assert await client.head(upload) == Completed(upload.sha256, len(data))
    assert await content(client.store, upload.key) == data


async def test_a_cut_connection_keeps_what_had_come(client: Client) -> None:
    data = noise(1_000_000)
    upload = upload_of(data)
    await client.create(upload)
    with pytest.raises(errors.UploadCutOff):
        await client.patch(upload, 0, broken_after(data, 480_000))
    assert await client.head(upload) == Progress(480_000, len(data), NOW + DAY)
    assert isinstance(await client.patch(upload, 480_000, in_chunks(data[480_000:])), Completed)


async def test_a_cut_connection_under_a_checksum_keeps_nothing(client: Client) -> None:
    data = noise(1_000_000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data[:1000]), 1000)
    with pytest.raises(errors.UploadCutOff):
        await client.patch(upload, 1000, broken_after(data[1000:], 480_000), sha(data[1000:]))
    assert await client.head(upload) == Progress(1000, len(data), NOW + DAY)


async def test_a_wrong_checksum_goes_back(client: Client) -> None:
    data = noise(1_000_000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data[:1000]), 1000)
    with pytest.raises(errors.ChecksumMismatch):
        await client.patch(upload, 1000, in_chunks(noise(999_000, 4)), sha(data[1000:]))
    done = await client.patch(upload, 1000, in_chunks(data[1000:]), sha(data[1000:]))
    assert isinstance(done, Completed)
    assert await content(client.store, upload.key) == data


async def test_a_restarted_server_goes_on_from_the_durable_offset(node: Node) -> None:
    data = noise(2_000_000)
    upload = upload_of(data)
    first = Client(await node.start())
    await first.create(upload, in_chunks(data[:700_000]), 700_000)
    second = first.restarted(await node.start())
    assert await second.head(upload) == Progress(700_000, len(data), NOW + DAY)
    assert isinstance(await second.patch(upload, 700_000, in_chunks(data[700_000:])), Completed)
    assert await content(second.store, upload.key) == data


@pytest.mark.parametrize("step", ["advance", "finish"])
async def test_a_crash_between_bytes_and_ledger_is_made_good(node: Node, step: str) -> None:
    data = noise(1_500_000)
    upload = upload_of(data)
    first = Client(await node.start())
    await first.create(upload, in_chunks(data[:500_000]), 500_000)
    first.ledger.crashes.add(step)
    with pytest.raises(Crash):
        await first.patch(upload, 500_000, in_chunks(data[500_000:]))
    second = first.restarted(await node.start())
    stands = await second.head(upload)
    if isinstance(stands, Progress):
        assert stands.offset == 500_000
        stands = await second.patch(upload, 500_000, in_chunks(data[500_000:]))
    assert stands == Completed(upload.sha256, len(data))
    assert second.ledger.receipts == [upload.sha256]
    assert await content(second.store, upload.key) == data
    assert await second.store.sweep_abandoned(older_than_s=-5) == 0


async def test_an_empty_request_at_the_end_completes_what_a_crash_left(node: Node) -> None:
    data = noise(1_500_000)
    upload = upload_of(data)
    first = Client(await node.start(), MemoryLedger(crashes={"finish"}))
    await first.create(upload, in_chunks(data[:500_000]), 500_000)
    with pytest.raises(Crash):
        await first.patch(upload, 500_000, in_chunks(data[500_000:]))
    second = first.restarted(await node.start())
    assert await second.patch(upload, len(data), in_chunks(b"")) == Completed(upload.sha256, len(data))
    assert await content(second.store, upload.key) == data


async def test_a_crash_before_the_receipt_of_a_whole_file(node: Node) -> None:
    data = noise(300_000)
    first = Client(await node.start(), MemoryLedger(crashes={"finish"}))
    with pytest.raises(Crash):
        await first.create(upload_of(data), in_chunks(data), len(data))
    second = first.restarted(await node.start())
    assert isinstance(await second.create(upload_of(data), in_chunks(data), len(data)), Completed)


async def test_of_two_equal_requests_one_wins(client: Client) -> None:
    data = noise(900_000)
    upload = upload_of(data)
    await client.create(upload)
    both = (client.patch(upload, 0, in_chunks(data[:400_000])) for _ in range(2))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(result, Progress) for result in results) == 1
    assert sum(isinstance(result, errors.UploadBusy | errors.WrongOffset) for result in results) == 1
    assert isinstance(await client.patch(upload, 400_000, in_chunks(data[400_000:])), Completed)
    assert await content(client.store, upload.key) == data


async def test_two_processes_writing_at_once(node: Node) -> None:
    data = noise(900_000)
    upload = upload_of(data)
    one = Client(await node.start())
    other = one.restarted(await node.start())
    await one.create(upload)
    results = await asyncio.gather(*(c.patch(upload, 0, in_chunks(data)) for c in (one, other)), return_exceptions=True)
    refusals = (errors.UploadBusy, errors.WrongOffset)
    assert sum(isinstance(result, Completed) for result in results) >= 1
    assert all(isinstance(result, (Completed, *refusals)) for result in results)
    assert await content(one.store, upload.key) == data


async def test_a_wrong_offset_says_the_right_one(client: Client) -> None:
    data = noise(1000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data[:100]), 100)
    for wrong in (0, 99, 101, 10_000):
        with pytest.raises(errors.WrongOffset) as refused:
            await client.patch(upload, wrong, in_chunks(b"x"))
        assert refused.value.offset == 100


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("size", [1000, 3_000_000])
async def test_a_swapped_file_is_refused_and_gone(client: Client, size: int, whole: bool) -> None:
    data, other = noise(size), noise(size, 2)
    upload = upload_of(data)
    with pytest.raises(errors.UploadDigestMismatch):
        if whole:
            await client.create(upload, in_chunks(other), size)
        else:
            await client.create(upload, in_chunks(other[:500]), 500)
            await client.patch(upload, 500, in_chunks(other[500:]))
    assert not await client.store.exists(upload.key)
    assert client.ledger.uploads == {}
    assert client.ledger.receipts == []
    assert await client.store.sweep_abandoned(older_than_s=-5) == 0
    with pytest.raises(errors.UploadUnknown):
        await client.head(upload)


async def test_a_truncated_file_is_never_complete(client: Client) -> None:
    data = noise(300_000)
    with pytest.raises(errors.UploadCutOff):
        await client.create(upload_of(data), in_chunks(data[:-1]), len(data))
    short = upload_of(data, length=len(data) - 1)
    with pytest.raises(errors.UploadDigestMismatch):
        await client.create(short, in_chunks(data[:-1]), len(data) - 1)
    assert not await client.store.exists(key_of(data))


async def test_more_than_announced_is_refused(client: Client) -> None:
    data = noise(1000)
    upload = upload_of(data)
    with pytest.raises(errors.TooLarge):
        await client.create(upload, in_chunks(data + b"x"), 1001)
    await client.create(upload)
    with pytest.raises(errors.TooLarge):
        await client.patch(upload, 0, in_chunks(data + b"x"))
    assert await client.head(upload) == Progress(0, 1000, NOW + DAY)


async def test_an_empty_file_is_refused(client: Client) -> None:
    with pytest.raises(errors.EmptyUpload):
        await client.create(upload_of(b""))


async def test_the_same_photo_twice_is_stored_once_but_must_be_shown_again(client: Client) -> None:
    data = noise(3_000_000)
    for _ in range(2):
        assert isinstance(await client.create(upload_of(data), in_chunks(data), len(data)), Completed)
    again = upload_of(data)
    await client.create(again, in_chunks(data[:10]), 10)
    assert isinstance(await client.patch(again, 10, in_chunks(data[10:])), Completed)
    pretended = upload_of(data)
    with pytest.raises(errors.UploadDigestMismatch):
        await client.create(pretended, in_chunks(noise(3_000_000, 7)), len(data))
    assert await content(client.store, key_of(data)) == data


async def test_terminated_and_unknown_uploads_are_gone(client: Client) -> None:
    data = noise(1000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data[:100]), 100)
    await terminate(client.ledger, client.store, upload.id)
    with pytest.raises(errors.UploadUnknown):
        await client.head(upload)
    with pytest.raises(errors.UploadUnknown):
        await terminate(client.ledger, client.store, upload.id)
    with pytest.raises(errors.UploadUnknown):
        await client.patch(upload, 0, in_chunks(data))
    assert await client.store.sweep_abandoned(older_than_s=-5) == 0


async def test_a_finished_upload_cannot_be_terminated(client: Client) -> None:
    data = noise(1000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data), 1000)
    with pytest.raises(errors.UploadUnknown):
        await terminate(client.ledger, client.store, upload.id)
    assert await client.store.exists(upload.key)


async def test_an_expired_upload_says_so_and_is_swept(client: Client) -> None:
    data = noise(1000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data[:100]), 100)
    late = NOW + DAY
    with pytest.raises(errors.UploadExpired):
        await client.head(upload, late)
    assert await sweep_expired(client.ledger, client.store, now=NOW) == 0
    assert await sweep_expired(client.ledger, client.store, now=late) == 1
    with pytest.raises(errors.UploadUnknown):
        await client.head(upload, late)


async def test_staged_bytes_that_vanished_begin_again(client: Client) -> None:
    data = noise(400_000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data[:100_000]), 100_000)
    await client.store.staging_discard(upload.id)
    with pytest.raises(errors.UploadUnknown):
        await client.patch(upload, 100_000, in_chunks(data[100_000:]))
    assert client.ledger.uploads == {}


async def test_a_busy_upload_is_left_alone_by_the_sweep(store: MediaStore, tmp_path: object) -> None:
    client = Client(store)
    data = noise(1000)
    upload = upload_of(data)
    await client.create(upload, in_chunks(data[:100]), 100)
    arrived = asyncio.Event()
    go_on = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield data[100:200]
        arrived.set()
        await go_on.wait()
        yield data[200:]

    running = asyncio.create_task(client.patch(upload, 100, slow()))
    await arrived.wait()
    if hasattr(store, "_held"):  # only the folder excludes writers
        assert await sweep_expired(client.ledger, client.store, now=NOW + DAY) == 0
        with pytest.raises(errors.UploadBusy):
            await terminate(client.ledger, client.store, upload.id)
    go_on.set()
    assert isinstance(await running, Completed)
