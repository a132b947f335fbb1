"""Reading the log: checkpoints, and the proofs that anybody can check without us."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.journal.leaves import entry_bytes, entry_leaf, key_leaf, leaf_hash, statement_leaf
from server.kit import db
from server.tlog import keys, store
from server.tlog.tree import Node, Span, consistency_spans, inclusion_spans, needed, span_hash

__all__ = [
    "Checkpoint",
    "Inclusion",
    "KeyChange",
    "checkpoint_at",
    "consistency",
    "entry_bytes",
    "entry_leaf",
    "inclusions",
    "key_changes",
    "latest_checkpoint",
    "leaf_hash",
    "proof_text",
    "published_checkpoint",
    "statement_leaf",
]


_CHECKPOINTS: Final = "SELECT c.size, c.root, c.body, c.signatures FROM log_checkpoints c"


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


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A new key of the log, and the checkpoint that both the key before and this one signed."""

    vkey: str
    checkpoint: Checkpoint
    inclusion: Inclusion

    @property
    def leaf(self) -> bytes:
        """The leaf that introduces the key, which the checkpoint contains."""
        return key_leaf(self.vkey)


async def latest_checkpoint(conn: db.Connection) -> Checkpoint | None:
    """The newest checkpoint; ``None`` while nothing was ever logged."""
    return _checkpoint(await conn.fetchrow(f"{_CHECKPOINTS} ORDER BY c.size DESC LIMIT 1"))


async def checkpoint_at(conn: db.Connection, size: int) -> Checkpoint | None:
    """The checkpoint of exactly that size, if one was signed."""
    return _checkpoint(await conn.fetchrow(f"{_CHECKPOINTS} WHERE c.size = $1", size))


async def published_checkpoint(conn: db.Connection) -> Checkpoint | None:
    """The newest checkpoint that everybody may see."""
    return _checkpoint(
        await conn.fetchrow(f"{_CHECKPOINTS} JOIN log_publications p USING (size) ORDER BY c.size DESC LIMIT 1")
    )


async def inclusions(conn: db.Connection, leaf_hashes: Sequence[bytes], size: int) -> dict[bytes, Inclusion]:
    """Proofs that the leaves are in the tree of ``size``; those that are not (yet) are left out.

    Raises:
        LogBroken: parts of the tree are gone.
    """
    found = await conn.fetch(
        "SELECT leaf_hash, idx FROM log_leaves WHERE leaf_hash = ANY($1::bytea[]) AND idx < $2",
        list(leaf_hashes),
        size,
    )
    spans = {row["leaf_hash"]: inclusion_spans(row["idx"], size) for row in found}
    kept = await store.hashes(conn, needed(span for one in spans.values() for span in one))
    known: dict[Span, bytes] = {}  # leaves near each other share most of their paths
    return {
        row["leaf_hash"]: Inclusion(
            row["idx"], size, tuple(_hash(span, kept, known) for span in spans[row["leaf_hash"]])
        )
        for row in found
    }


async def consistency(conn: db.Connection, old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of ``new`` leaves begins with the tree of ``old`` leaves.

    Raises:
        ValueError: ``old`` is 0 (which would prove nothing) or beyond ``new``, or ``new`` beyond the log.
        LogBroken: parts of the tree are gone.
    """
    spans = consistency_spans(old, new)
    if new > await store.size(conn):
        raise ValueError(f"the log has fewer than {new} leaves")
    kept = await store.hashes(conn, needed(spans))
    return tuple(span_hash(span, kept) for span in spans)


async def key_changes(conn: db.Connection, size: int) -> list[KeyChange]:
    """Each change of key that a checkpoint of at most ``size`` leaves announces, oldest first."""
    made: list[KeyChange] = []
    for vkey in (await keys.vkeys(conn))[1:]:
        leaf = leaf_hash(key_leaf(vkey))
        signed = await conn.fetchval(
            "SELECT min(c.size) FROM log_checkpoints c JOIN log_leaves l ON c.size > l.idx"
            " WHERE l.leaf_hash = $1 AND c.size <= $2",
            leaf,
            size,
        )
        checkpoint = await checkpoint_at(conn, signed) if signed else None
        if checkpoint is None:
            break
        made.append(KeyChange(vkey, checkpoint, (await inclusions(conn, [leaf], checkpoint.size))[leaf]))
    return made


def proof_text(inclusion: Inclusion, checkpoint: Checkpoint, extra: bytes | None = None) -> str:
    """The proof as C2SP ``tlog-proof@v1``, to be kept in a file that ends in ``.tlog-proof``."""
    lines = ["c2sp.org/tlog-proof@v1"]
    if extra is not None:
        lines.append(f"extra {_b64(extra)}")
    lines.append(f"index {inclusion.index}")
    lines.extend(_b64(one) for one in inclusion.hashes)
    return "\n".join([*lines, "", checkpoint.note])


def _checkpoint(row: db.Record | None) -> Checkpoint | None:
    return None if row is None else Checkpoint(row["size"], row["root"], f"{row['body']}\n{row['signatures']}")


def _hash(span: Span, kept: dict[Node, bytes], known: dict[Span, bytes]) -> bytes:
    if span not in known:
        known[span] = span_hash(span, kept)
    return known[span]


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
