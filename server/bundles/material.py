"""The rows that a bundle is made of, as they were received: exact bytes, never written anew."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from media import keys
from server.journal.leaves import b64u, statement_leaf
from server.kit import canonical, clock, db


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement as it was received, with the leaf that the log has for it."""

    id: UUID
    session_id: UUID
    kind: str
    seq: int
    statement: bytes
    signature: bytes
    private: bytes | None
    passkey: bytes | None
    sha256: bytes
    leaf: bytes
    received_ms: int
    intact: bool
    """Whether the bytes are still those that were digested when they came."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the media store that goes into a bundle."""

    key: str
    sha256: bytes
    length: int
    media_type: str
    kind: str
    position: int
    received: bool


@dataclass(frozen=True, slots=True)
class Material:
    """Everything of some chains; originals and copies by capture."""

    statements: tuple[Signed, ...]
    originals: dict[UUID, list[StoredObject]]
    copies: dict[UUID, list[StoredObject]]

    def of_session(self, session_id: UUID) -> list[Signed]:
        """The chain of a session, its opening first."""
        return [one for one in self.statements if one.session_id == session_id]


_CHAINS = (
    "WITH wanted AS (SELECT * FROM unnest($1::uuid[], $2::int[]) AS w (session_id, most)), chain AS ("
    " SELECT id, id AS session_id, 'session/1' AS kind, 0 AS seq, statement, signature, NULL::bytea AS private,"
    "  statement_sha256, env_sha256, received_at FROM capture_sessions WHERE id IN (SELECT session_id FROM wanted)"
    " UNION ALL SELECT s.id, s.session_id, kind, seq, statement, signature, private, statement_sha256, env_sha256,"
    "  received_at FROM statements s JOIN wanted USING (session_id) WHERE most IS NULL OR seq <= most)"
    " SELECT chain.*, p.credential_id, p.authenticator_data, p.client_data_json, p.signature AS assertion FROM chain"
    " LEFT JOIN passkey_assertions p ON p.id = chain.id AND p.problem = ''"
    " ORDER BY session_id, seq"
)


async def gather(org_id: UUID, sessions: Mapping[UUID, int | None], copies: Sequence[bytes] | None = None) -> Material:
    """Read the chains of these sessions (whole, or as many statements after the opening), and what hangs on them.

    Args:
        copies: the digests of the copies that were chosen before; without, the newest are taken.
    """
    rows = await db.fetch(_CHAINS, list(sessions), list(sessions.values()))
    captures = [row["id"] for row in rows if row["kind"] == "capture/1"]
    return Material(
        tuple(_signed(row) for row in rows), await _originals(org_id, captures), await _copies(captures, copies)
    )


def _signed(row: Any) -> Signed:
    statement, signature = bytes(row["statement"]), bytes(row["signature"])
    sha256, env = hashlib.sha256(statement).digest(), hashlib.sha256(statement + signature).digest()
    received_ms = clock.to_ms(row["received_at"])
    return Signed(
        row["id"],
        row["session_id"],
        row["kind"],
        row["seq"],
        statement,
        signature,
        None if row["private"] is None else bytes(row["private"]),
        _passkey(row),
        sha256,
        statement_leaf(env, sha256, received_ms),
        received_ms,
        (sha256, env) == (bytes(row["statement_sha256"]), bytes(row["env_sha256"])),
    )


def _passkey(row: Any) -> bytes | None:
    """What stood beside the statement, if it held when it came."""
    if row["credential_id"] is None:
        return None
    columns = {"signature": "assertion"}
    names = ("credential_id", "authenticator_data", "client_data_json", "signature")
    return canonical.encode({name: b64u(bytes(row[columns.get(name, name)])) for name in names})


async def _originals(org_id: UUID, captures: Sequence[UUID]) -> dict[UUID, list[StoredObject]]:
    found: defaultdict[UUID, list[StoredObject]] = defaultdict(list)
    for row in await db.fetch(
        "SELECT capture_id, position, sha256, bytes, media_type, received_at FROM originals"
        " WHERE capture_id = ANY($1::uuid[]) ORDER BY capture_id, position",
        list(captures),
    ):
        sha256 = bytes(row["sha256"])
        found[row["capture_id"]].append(
            StoredObject(
                keys.original_key(org_id, sha256.hex()),
                sha256,
                row["bytes"],
                row["media_type"],
                "original",
                row["position"],
                row["received_at"] is not None,
            )
        )
    return found


async def _copies(captures: Sequence[UUID], chosen: Sequence[bytes] | None) -> dict[UUID, list[StoredObject]]:
    """The newest copy of each kind of each original; thumbnails say nothing that a preview does not."""
    found: defaultdict[UUID, list[StoredObject]] = defaultdict(list)
    for row in await db.fetch(
        "SELECT DISTINCT ON (d.capture_id, position, d.kind) d.capture_id, coalesce(o.position, 0) AS position,"
        " d.kind, d.sha256, d.bytes, d.media_type, d.store_key FROM derivatives d"
        " LEFT JOIN originals o ON o.capture_id = d.capture_id AND o.sha256 = d.source_sha256"
        " WHERE d.capture_id = ANY($1::uuid[]) AND d.kind <> 'thumb' AND ($2::bytea[] IS NULL OR d.sha256 = ANY($2))"
        " ORDER BY d.capture_id, position, d.kind, d.source_sha256 IS NULL, d.created_at DESC",
        list(captures),
        None if chosen is None else list(chosen),
    ):
        found[row["capture_id"]].append(
            StoredObject(
                row["store_key"],
                bytes(row["sha256"]),
                row["bytes"],
                row["media_type"],
                row["kind"],
                row["position"],
                True,
            )
        )
    return found
