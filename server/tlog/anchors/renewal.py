"""Stamps old tokens again before they can no longer be checked (the package's docstring says how)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from server.kit import clock, db
from server.kit.ids import new_id
from server.tlog.anchors import trees
from server.tlog.anchors.failures import failed
from server.tlog.anchors.outside import Authority, outside
from server.tlog.anchors.queries import Renewal
from server.tlog.anchors.stamping import NotStamped, Stamp, obtain

logger = structlog.get_logger(__name__)

YEARLY: Final = timedelta(days=365)
BEFORE_THE_END: Final = timedelta(days=60)  # of the certificate: time for an operator to see that it fails
_NOT_AGAIN: Final = timedelta(days=30)  # a renewal by a certificate that itself ends soon is not renewed every day
# Unless it ends within days: then each night is one more in which an authority may have a certificate that lasts.
_LAST_DAYS: Final = timedelta(days=14)
_NOT_AGAIN_AT_LAST: Final = timedelta(hours=20)
_AT_ONCE: Final = 4096


def _chosen(row: str) -> str:
    """That a token must be stamped again: it ends soon, or within days, and was not just tried; or is a year old."""
    return (
        f"(({row}.certificate_until < $1 AND {row}.at < $2)"
        f" OR ({row}.certificate_until BETWEEN $4 AND $5 AND {row}.at < $6) OR {row}.gen_time < $3)"
    )


# Renewals first: a token that carries thousands of others is worth more than one of them.
_DUE: Final = (
    "(SELECT NULL::uuid AS anchor_id, n.id AS older_id, n.token, n.root AS message, n.gen_time FROM log_renewals n"
    f" WHERE {_chosen('n')} AND NOT EXISTS (SELECT 1 FROM log_renewed d WHERE d.older_id = n.id))"
    " UNION ALL"
    " (SELECT a.id, NULL, a.token, convert_to(c.body || E'\\n' || c.signatures, 'UTF8'), a.gen_time"
    " FROM log_anchors a JOIN log_checkpoints c ON c.size = a.size"
    f" WHERE {_chosen('a')} AND NOT EXISTS (SELECT 1 FROM log_renewed d WHERE d.anchor_id = a.id))"
    " ORDER BY older_id NULLS LAST, gen_time, anchor_id"
)


async def renew() -> None:
    """Stamp every token that needs it, thousands under one new token; the next authority is tried when one fails."""
    limits = _limits()  # held, so that a run never renews what it has just made
    while outside().authorities:
        async with db.connection() as conn:
            rows = await conn.fetch(f"{_DUE} LIMIT {_AT_ONCE}", *limits)
        if not rows:
            return
        leaves = [trees.leaf(bytes(row["token"]), bytes(row["message"])) for row in rows]
        root = trees.root(leaves)
        found = await _stamped(root)
        if found is None:
            return
        await _keep(rows, leaves, root, *found)


async def due(conn: db.Connection) -> int:
    """How many tokens wait for a renewal."""
    count: int = await conn.fetchval(f"SELECT count(*) FROM ({_DUE}) AS due", *_limits())
    return count


async def renewals_of(conn: db.Connection, anchor_id: UUID) -> tuple[Renewal, ...]:
    """The chain of newer tokens over an anchor's, oldest first."""
    chain: list[Renewal] = []
    row = await conn.fetchrow("SELECT renewal_id, idx FROM log_renewed WHERE anchor_id = $1", anchor_id)
    while row is not None:
        renewal = await conn.fetchrow("SELECT * FROM log_renewals WHERE id = $1", row["renewal_id"])
        members = await conn.fetch("SELECT leaf FROM log_renewed WHERE renewal_id = $1 ORDER BY idx", row["renewal_id"])
        leaves = [bytes(one["leaf"]) for one in members]
        chain.append(
            Renewal(
                id=renewal["id"],
                index=row["idx"],
                count=len(leaves),
                path=trees.path(row["idx"], leaves),
                root=bytes(renewal["root"]),
                token=bytes(renewal["token"]),
                gen_time=renewal["gen_time"],
                tsa=renewal["tsa"],
            )
        )
        row = await conn.fetchrow("SELECT renewal_id, idx FROM log_renewed WHERE older_id = $1", renewal["id"])
    return tuple(chain)


def _limits() -> tuple[object, ...]:
    now = clock.now()
    last = (now, now + _LAST_DAYS, now - _NOT_AGAIN_AT_LAST)
    return now + BEFORE_THE_END, now - _NOT_AGAIN, now - YEARLY, *last


async def _stamped(root: bytes) -> tuple[Authority, Stamp] | None:
    for authority in outside().authorities:
        try:
            return authority, await asyncio.to_thread(obtain, authority.url, outside().roots, root)
        except NotStamped as refused:
            logger.warning("not_renewed", tsa=authority.name, code=refused.code, detail=refused.detail)
            async with db.connection() as conn:
                await failed(conn, "tsa", authority.name, refused.code, refused.detail)
    return None


async def _keep(
    rows: Sequence[db.Record], leaves: list[bytes], root: bytes, authority: Authority, stamp: Stamp
) -> None:
    renewal_id = new_id()
    async with db.transaction() as conn:
        await conn.execute(
            "INSERT INTO log_renewals (id, tsa, root, imprint, token, gen_time, certificate_sha256, certificate_until,"
            " at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            renewal_id,
            authority.name,
            root,
            stamp.imprint,
            stamp.token,
            stamp.gen_time,
            stamp.certificate_sha256,
            stamp.certificate_until,
            clock.now(),
        )
        await conn.execute(
            "INSERT INTO log_renewed (renewal_id, idx, anchor_id, older_id, leaf)"
            " SELECT $1, o - 1, a, n, l FROM unnest($2::uuid[], $3::uuid[], $4::bytea[])"
            " WITH ORDINALITY AS t (a, n, l, o)",
            renewal_id,
            [row["anchor_id"] for row in rows],
            [row["older_id"] for row in rows],
            leaves,
        )
