"""The folder adapter under kill −9, crashes half-way and other processes writing to the same upload."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from media.digests import sha256_hex
from media.store import FolderStore, StagingBusy, StagingGap, durable
from tests.media.test_store import JPEG, content, in_chunks, key_of, noise

pytestmark = pytest.mark.anyio

DATA = noise(3_000_000)
KEY = key_of(DATA)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def store(root: Path) -> Iterator[FolderStore]:
    store = FolderStore(root)
    yield store
    store.close()


def objects(root: Path) -> list[Path]:
    return [path for folder in ("originals", "derived") for path in (root / folder).rglob("*") if path.is_file()]


def child(code: str, root: Path) -> subprocess.Popen[str]:
    """A process with a store of its own; it is ready once it has printed a line."""
    program = textwrap.dedent(
        """
        import asyncio, sys
        from pathlib import Path
        from media.store import FolderStore
        from tests.media.test_store import JPEG, in_chunks
        from tests.media.test_folder import DATA, KEY
        from media.digests import sha256_hex
        store = FolderStore(Path(sys.argv[1]))
        async def stalled():
            yield DATA[:2_000_000]
            print("written", flush=True)
            await asyncio.sleep(600)
        async def main():
        """
    ) + textwrap.indent(textwrap.dedent(code), "    ")
    process = subprocess.Popen(
        [sys.executable, "-c", program + "\nasyncio.run(main())", str(root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "written"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


async def test_killed_between_write_and_name_nothing_is_visible(store: FolderStore, root: Path) -> None:
    code = "await store.put_new(KEY, stalled(), sha256=sha256_hex(DATA), length=len(DATA), content_type=JPEG)"
    kill(await asyncio.to_thread(child, code, root))
    assert objects(root) == []
    assert not await store.exists(KEY)
    assert await store.sweep_abandoned(older_than_s=3600) == 0
    assert await store.sweep_abandoned(older_than_s=-5) == 1
    await store.put_whole(KEY, DATA, sha256_hex(DATA), content_type=JPEG)


async def test_killed_within_an_append_the_recorded_offset_still_holds(store: FolderStore, root: Path) -> None:
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, DATA[:500_000])
    code = """
        async with store.staging_hold("u1"):
            await store.staging_append("u1", 500_000, stalled())
    """
    process = await asyncio.to_thread(child, code, root)
    with pytest.raises(StagingBusy):
        async with store.staging_hold("u1"):
            pass
    kill(process)
    async with store.staging_hold("u1"):
        assert await store.staging_append("u1", 500_000, in_chunks(DATA[500_000:])) == len(DATA)
        await store.staging_commit("u1", KEY, sha256_hex(DATA), len(DATA), content_type=JPEG)
    assert await content(store, KEY) == DATA


async def test_a_crash_between_sealing_and_naming_is_made_good(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, DATA)
    for step in ("link", "unlink"):

        def crash(*_: object) -> None:
            raise RuntimeError

        with monkeypatch.context() as patched:
            patched.setattr(durable.os if step == "link" else Path, step, crash)
            with pytest.raises(RuntimeError):
                await store.staging_commit("u1", KEY, sha256_hex(DATA), len(DATA), content_type=JPEG)
        assert await store.exists(KEY) == (step == "unlink")
        # Whoever still believes in the upload finds nothing to write to: what was sealed stays as it is.
        with pytest.raises(StagingGap):
            async with store.staging_hold("u1"):
                await store.staging_append("u1", 1000, b"x" * 1000)
    again = FolderStore(root)
    await again.staging_commit("u1", KEY, sha256_hex(DATA), len(DATA), content_type=JPEG)
    again.close()
    assert await content(store, KEY) == DATA
    assert list((root / "staging").iterdir()) == []


async def test_no_append_reaches_an_object(store: FolderStore, root: Path) -> None:
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, DATA)
        await store.staging_commit("u1", KEY, sha256_hex(DATA), len(DATA), content_type=JPEG)
        with pytest.raises(KeyError):
            await store.staging_append("u1", 0, b"overwritten")
    (path,) = objects(root)
    assert path.stat().st_mode & 0o222 == 0
    assert path.stat().st_nlink == 1
    assert await content(store, KEY) == DATA


async def test_a_followed_hash_is_forgotten_when_others_wrote(store: FolderStore, root: Path) -> None:
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, DATA[:1_000_000])
    path = root / "staging" / "u1"
    with path.open("r+b") as file:
        file.write(b"another process was here")
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 1_000_000, DATA[1_000_000:])
        assert await store.staging_digest("u1", len(DATA)) == sha256_hex(path.read_bytes()) != sha256_hex(DATA)


async def test_looking_at_an_upload_leaves_no_trace(store: FolderStore, root: Path) -> None:
    async with store.staging_hold("u1"):
        pass
    assert list((root / "staging").iterdir()) == []


async def test_a_lock_dies_with_its_holder(store: FolderStore, root: Path) -> None:
    path = root / "staging" / "u1"
    path.write_bytes(b"x")
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StagingBusy):
            async with store.staging_hold("u1"):
                pass
    async with store.staging_hold("u1"):
        pass


async def test_bytes_are_synced_before_an_offset_is_told(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[str] = []
    for name in ("write_all", "sync_file", "sync_folder"):
        real = getattr(durable, name)
        monkeypatch.setattr(durable, name, lambda *a, _n=name, _r=real: (log.append(_n), _r(*a))[1])
    async with store.staging_hold("u1"):
        await store.staging_append("u1", 0, DATA[:1000])
        log.append("told")
        await store.staging_append("u1", 1000, DATA[1000:2000])
        log.append("told")
    assert log == ["write_all", "sync_file", "sync_folder", "told", "write_all", "sync_file", "told"]
    log.clear()
    await store.put_whole(KEY, DATA, sha256_hex(DATA), content_type=JPEG)
    assert log.index("write_all") < log.index("sync_file") < len(log) - 1
    assert log[-1] == "sync_folder"


async def test_a_cancelled_writer_leaves_nothing_and_closes_what_it_opened(store: FolderStore, root: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    started = asyncio.Event()

    async def stalled() -> AsyncIterator[bytes]:
        yield DATA[:2_000_000]
        started.set()
        await asyncio.sleep(600)

    async def append() -> None:
        async with store.staging_hold("u1"):
            await store.staging_append("u1", 0, stalled())

    put = store.put_new(KEY, stalled(), sha256=sha256_hex(DATA), length=len(DATA), content_type=JPEG)
    for work in (put, append()):
        started.clear()
        task = asyncio.create_task(work)
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert objects(root) == []
    assert await store.sweep_abandoned(older_than_s=-5) == 0
    assert len(os.listdir("/dev/fd")) == before


async def test_a_full_disk_is_said_and_leaves_nothing(
    store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "write_all", full)
    with pytest.raises(Exception, match="No space left"):
        await store.put_whole(KEY, DATA, sha256_hex(DATA), content_type=JPEG)
    assert not await store.healthy()
    assert objects(root) == []
    assert list((root / "incoming").iterdir()) == []
