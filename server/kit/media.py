"""The media store of this process, chosen by the composition root: the counterpart of ``server.kit.db``."""

from __future__ import annotations

from media.store import MediaStore

_held: MediaStore | None = None


def hold(store: MediaStore | None) -> None:
    """Make this the store of the process; ``None`` when the process ends."""
    global _held
    _held = store


def store() -> MediaStore:
    """The store of this process.

    Raises:
        RuntimeError: no composition root has chosen one.
    """
    if _held is None:
        raise RuntimeError("no media store; server.resources.open_resources chooses one")
    return _held
