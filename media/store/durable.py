"""The few system calls on which "durable" rests. Everything here blocks and belongs in a thread."""

import fcntl
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

_FULL_FSYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)

OBJECT_MODE = 0o440
"""A stored object is not writable even by its owner; deleting a derivative needs only its folder."""


def write_all(fd: int, chunks: Sequence[bytes | memoryview]) -> int:
    """Write the chunks at the file's position, however few bytes the system takes at a time.
    Returns their length.
    """
    views = [memoryview(chunk) for chunk in chunks if chunk]
    total = 0
    while views:
        count = os.writev(fd, views)
        total += count
        while views and count >= len(views[0]):
            count -= len(views.pop(0))
        if count:
            views[0] = views[0][count:]
    return total


def sync_file(fd: int) -> None:
    """Return when the file's bytes and length are on the medium (macOS needs F_FULLFSYNC for that)."""
    if _FULL_FSYNC is not None:
        fcntl.fcntl(fd, _FULL_FSYNC)
    else:
        os.fdatasync(fd)


def sync_folder(path: Path) -> None:
    """Return when the names in this folder are on the medium."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(path: Path) -> None:
    """Make the folder and its parents, each name durable in its parent before anything is put inside."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=0o750, exist_ok=True)
    sync_folder(path.parent)


def make_shards(root: Path, target: Path) -> None:
    """Make the folder of `target`; for a new organisation all its 256 shards at once.

    One sync for all of them, where making each with its first object would cost every one a sync.
    """
    if target.parent.is_dir():
        return
    prefix, org, *_ = target.relative_to(root).parts
    folder = root / prefix / org
    if not folder.is_dir():
        make_folder(folder)
        for number in range(256):
            (folder / f"{number:02x}").mkdir(mode=0o750, exist_ok=True)
        sync_folder(folder)
    make_folder(target.parent)


def publish(temporary: Path, target: Path) -> None:
    """Give a synced file its final name, durably, and take the temporary one away.

    The target's folder must be there. Raises FileExistsError when the name is taken: `link`
    never replaces, unlike `rename`.
    """
    os.link(temporary, target)
    sync_folder(target.parent)
    temporary.unlink()


def fresh_name() -> str:
    """A name no other writer has."""
    return secrets.token_hex(16)
