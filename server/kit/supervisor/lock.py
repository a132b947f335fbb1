"""One owner per folder: a lock that the kernel releases when its holder dies, with a note of who holds it."""

import contextlib
import fcntl
import json
import os
from pathlib import Path
from typing import Any


class Taken(RuntimeError):
    """Somebody else holds the lock; `note` is what they wrote into it."""

    def __init__(self, note: dict[str, Any]) -> None:
        super().__init__(f"held by process {note.get('pid', '?')}")
        self.note = note


class FolderLock:
    """An exclusive lock on `path`. Children do not inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def take(self, **note: Any) -> None:
        """Take the lock and leave a note beside our process id.

        Raises:
            Taken: another process holds it.
        """
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise Taken(read_note(self.path)) from None
        self._fd = fd
        self.write(**note)

    def write(self, **note: Any) -> None:
        """Replace the note; only for the holder."""
        if self._fd is None:
            raise RuntimeError("the lock is not held")
        text = json.dumps({"pid": os.getpid(), **note}).encode()
        os.pwrite(self._fd, text, 0)
        os.ftruncate(self._fd, len(text))

    def release(self) -> None:
        """Let go; the file stays, because removing it would race with the next holder."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = None


def read_note(path: Path) -> dict[str, Any]:
    """The holder's note, or an empty one."""
    with contextlib.suppress(OSError, ValueError):
        note = json.loads(path.read_text())
        if isinstance(note, dict):
            return note
    return {}


def holder(path: Path) -> dict[str, Any] | None:
    """The note of whoever holds the lock now, or `None` when it is free."""
    try:
        fd = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_note(path)
    finally:
        os.close(fd)
    return None
