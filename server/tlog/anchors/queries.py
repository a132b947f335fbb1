"""What outside bodies vouch for: the time stamps up to a size, and checkpoints with their witnesses' lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.kit import db
from server.tlog import queries as log
from server.tlog.queries import Checkpoint

_ANCHOR = (
    "SELECT a.id, a.size, c.body || E'\\n' || c.signatures AS note, a.token, a.gen_time, a.tsa, a.imprint,"
    " a.requested_for, a.certificate_until, a.at FROM log_anchors a JOIN log_checkpoints c ON c.size = a.size"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint's time stamp.

    ``token`` is the authority's raw answer (``TimeStampResp``, DER); it stamps ``imprint``, which is SHA-256 of
    ``note`` as UTF-8: the signed note with the log's own signatures and without cosignatures.
    """

    id: UUID
    size: int
    note: str
    token: bytes
    gen_time: datetime
    tsa: str
    imprint: bytes
    requested_for: tuple[str, ...]
    certificate_until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Renewal:
    """A newer token over an older one, as the package's docstring says; ``path`` leads from the leaf to ``root``."""

    id: UUID
    index: int
    count: int
    path: tuple[bytes, ...]
    root: bytes
    token: bytes
    gen_time: datetime
    tsa: str


async def anchors_upto(conn: db.Connection, size: int) -> list[Anchor]:
    """All time stamps of checkpoints of at most ``size`` leaves, smallest first, of one size the earliest first."""
    rows = await conn.fetch(f"{_ANCHOR} WHERE a.size <= $1 ORDER BY a.size, a.gen_time, a.id", size)
    return [_anchor(row) for row in rows]


async def earliest_covering(conn: db.Connection, index: int) -> Anchor | None:
    """The earliest time stamp that shows that the leaf of this index existed; ``None`` while there is none."""
    row = await conn.fetchrow(f"{_ANCHOR} WHERE a.size > $1 ORDER BY a.gen_time, a.size LIMIT 1", index)
    return None if row is None else _anchor(row)


async def cosigned_checkpoint(conn: db.Connection, size: int) -> str | None:
    """The note of the checkpoint of exactly this size with the witnesses' lines below the log's own; none: ``None``."""
    checkpoint = await log.checkpoint_at(conn, size)
    if checkpoint is None:
        return None
    rows = await conn.fetch("SELECT line FROM log_cosignatures WHERE size = $1 ORDER BY witness, key_id", size)
    return checkpoint.note + "".join(f"{row['line']}\n" for row in rows)


async def latest_cosigned(conn: db.Connection) -> Checkpoint | None:
    """The newest checkpoint that some witness cosigned, its note without the witnesses' lines."""
    size = await conn.fetchval("SELECT max(size) FROM log_cosignatures")
    return None if size is None else await log.checkpoint_at(conn, size)


async def latest_cosigned_size(conn: db.Connection, size: int, *, but: Collection[int]) -> int | None:
    """Size of the newest checkpoint of at most ``size`` leaves that some witness cosigned, ``but`` none of these."""
    found: int | None = await conn.fetchval(
        "SELECT max(size) FROM log_cosignatures WHERE size <= $1 AND size <> ALL($2::bigint[])", size, list(but)
    )
    return found


def _anchor(row: db.Record) -> Anchor:
    return Anchor(
        id=row["id"],
        size=row["size"],
        note=row["note"],
        token=bytes(row["token"]),
        gen_time=row["gen_time"],
        tsa=row["tsa"],
        imprint=bytes(row["imprint"]),
        requested_for=tuple(row["requested_for"]),
        certificate_until=row["certificate_until"],
        at=row["at"],
    )
