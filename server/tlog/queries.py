"""Reading the log: checkpoints, and the proofs that anybody can check without us."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from server.journal.leaves import entry_bytes, entry_leaf, leaf_hash, statement_leaf
from server.kit import db

__all__ = [
    "Checkpoint",
    "Inclusion",
    "checkpoint_at",
    "consistency",
    "entry_bytes",
    "entry_leaf",
    "inclusions",
    "latest_checkpoint",
    "leaf_hash",
    "proof_text",
    "published_checkpoint",
    "statement_leaf",
]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed state of the log; ``note`` is the C2SP signed note with the log's own signature(s)."""

    size: int
    root: bytes
    note: str

    @property
    def body(self) -> str:
        """What is signed: origin, size and root, each on a line."""
        return self.note[: self.note.rindex("\n\n") + 1]

    @property
    def sha256(self) -> bytes:
        """SHA-256 of the body, as captures carry it (``anchor.cp``)."""
        return hashlib.sha256(self.body.encode()).digest()


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That a leaf has this index in the tree of this size; ``hashes`` lead from its sibling to the root's child."""

    index: int
    size: int
    hashes: tuple[bytes, ...]


async def latest_checkpoint(conn: db.Connection) -> Checkpoint | None:
    """The newest checkpoint; ``None`` while nothing was ever logged."""
    raise NotImplementedError


async def checkpoint_at(conn: db.Connection, size: int) -> Checkpoint | None:
    """The checkpoint of exactly that size, if one was signed."""
    raise NotImplementedError


async def published_checkpoint(conn: db.Connection) -> Checkpoint | None:
    """The newest checkpoint that everybody may see."""
    raise NotImplementedError


async def inclusions(conn: db.Connection, leaf_hashes: Sequence[bytes], size: int) -> dict[bytes, Inclusion]:
    """Proofs that the leaves are in the tree of ``size``; those that are not (yet) are left out."""
    raise NotImplementedError


async def consistency(conn: db.Connection, old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of ``new`` leaves begins with the tree of ``old`` leaves.

    Raises:
        ValueError: ``old`` is 0 (which would prove nothing) or beyond ``new``, or ``new`` beyond the log.
    """
    raise NotImplementedError


def proof_text(inclusion: Inclusion, checkpoint: Checkpoint, extra: bytes | None = None) -> str:
    """The proof as C2SP ``tlog-proof@v1``, to be kept in a file that ends in ``.tlog-proof``."""
    lines = ["c2sp.org/tlog-proof@v1"]
    if extra is not None:
        lines.append(f"extra {_b64(extra)}")
    lines.append(f"index {inclusion.index}")
    lines.extend(_b64(one) for one in inclusion.hashes)
    return "\n".join([*lines, "", checkpoint.note])


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
