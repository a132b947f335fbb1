"""The bytes that enter the transparency log: of statements, journal entries, tallies of these, the log's own keys.

Everything is RFC 8785 (JCS). A leaf of an entry carries only the digest of the entry's bytes, and all statements are of
one kind, so that a reader of the log learns no act. The bytes can be made again from the rows at any time; whoever
changes a row can no longer make the leaf that the log holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from server.kit import canonical
from server.kit.b64u import encode as b64u

__all__ = [
    "ENTRY_COLUMNS",
    "LONGEST_LEAF",
    "b64u",
    "entry_bytes",
    "entry_leaf",
    "key_leaf",
    "leaf_hash",
    "row_bytes",
    "statement_leaf",
    "tally_leaf",
]

LONGEST_LEAF: Final = 2**16 - 1
"""C2SP tlog-tiles tell the length of an entry in two bytes."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# The columns of ``journal_entries`` that ``row_bytes`` needs.
ENTRY_COLUMNS: Final = "id, org_id, kind, subject_kind, subject_id, actor_id, command_id, at, data"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf in the tree (RFC 6962, 2.1): SHA-256 of 0x00 ‖ leaf."""
    return hashlib.sha256(b"\0" + leaf).digest()


def statement_leaf(env: bytes, stmt: bytes, recv_ms: int) -> bytes:
    """The leaf of a signed statement.

    Args:
        env: SHA-256 of statement ‖ signature.
        stmt: SHA-256 of the statement.
        recv_ms: when the server took it, milliseconds since the epoch.
    """
    return f'{{"env":"{b64u(env)}","k":"statement","recv_ms":{recv_ms},"stmt":"{b64u(stmt)}","t":"leaf/1"}}'.encode()


def entry_leaf(entry: bytes) -> bytes:
    """The leaf of a journal entry, made of the entry's bytes."""
    return f'{{"k":"entry","sha256":"{b64u(hashlib.sha256(entry).digest())}","t":"leaf/1"}}'.encode()


def key_leaf(vkey: str) -> bytes:
    """The leaf that introduces the log's next key, as a C2SP verifier key."""
    return canonical.encode({"t": "leaf/1", "k": "log-key", "vkey": vkey})


def tally_leaf(org_id: UUID, first: int, last: int, hashes: Sequence[bytes]) -> bytes:
    """The leaf that says which acts the leaves before it are: of one organisation, numbered ``first`` to ``last``.

    Which organisation and which numbers is hidden in a digest: who may read leaves would otherwise count the acts of
    each. Whoever knows the organisation's id can make it again.

    Args:
        hashes: of the leaves before it that it is about, in their order.
    """
    told = b"zhicha/tally/1\n" + org_id.bytes + first.to_bytes(8, "big") + last.to_bytes(8, "big") + b"".join(hashes)
    return f'{{"k":"tally","m":{len(hashes)},"of":"{b64u(hashlib.sha256(told).digest())}","t":"leaf/1"}}'.encode()


def entry_bytes(
    *,
    id: UUID,  # noqa: A002 (named as the column)
    org_id: UUID,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    actor_id: UUID | None,
    command_id: UUID | None,
    at: datetime,
    data: Mapping[str, Any] | bytes,
) -> bytes:
    """The canonical bytes of a journal entry (``entry/1``); ``data`` is the event's own fields, or their JCS.

    Raises:
        canonical.NotCanonical: the data hold a float, or an integer beyond 2^53 - 1.
    """
    told = data if isinstance(data, bytes) else canonical.encode(dict(data))
    # Keys in their canonical order. Identifiers and kinds need no escaping, so nothing is parsed or sorted here:
    # every act passes this way.
    return (
        f'{{"actor":{_quoted(actor_id)},"at_us":{(at - _EPOCH) // _MICROSECOND},"command":{_quoted(command_id)},'
        f'"data":{told.decode()},"id":"{id}","kind":"{kind}","org":"{org_id}","subject":"{subject_id}",'
        f'"subject_kind":"{subject_kind}","t":"entry/1"}}'
    ).encode()


def row_bytes(row: Mapping[str, Any]) -> bytes:
    """The bytes of an entry, from its row with ``ENTRY_COLUMNS``; ``data`` is JSON text as the driver gives it."""
    fields = {name: row[name] for name in ENTRY_COLUMNS.split(", ")}
    return entry_bytes(**{**fields, "data": json.loads(fields["data"])})


def _quoted(value: UUID | None) -> str:
    return "null" if value is None else f'"{value}"'
