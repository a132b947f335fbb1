"""Taking note that media are durable. Many arrivals share one transaction; each has its own entry and receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import asyncpg

from server.access.actor import Actor
from server.evidence.events import OriginalReceived, PreviewReceived
from server.evidence.receiving import Awaited, Receipt
from server.journal.work import UnitOfWork, unit_of_work, with_causes
from server.kit import db
from server.kit.coalesce import Coalescer
from server.kit.errors import NotFound
from server.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file whose bytes are durable and whose SHA-256 is what was announced."""

    media: Awaited
    length: int
    media_type: str

    @property
    def actor(self) -> Actor:
        """Who sent it."""
        return self.media.actor


async def _receive(batch: Sequence[Arrived]) -> Sequence[Receipt | Exception]:
    """Record the arrivals, one transaction for each organisation; a file that was received before gets that receipt."""
    receipts: dict[int, Receipt] = {}
    by_org = sorted(batch, key=lambda one: (one.actor.org_id, one.media.capture_id))
    for _, group in groupby(by_org, key=lambda one: one.actor.org_id):
        arrivals = list(group)
        if (quickly := await _at_once(arrivals)) is not None:
            receipts.update(quickly)
            continue
        async with unit_of_work(arrivals[0].actor) as work:
            for arrival, receipt in zip(arrivals, await _originals(work, arrivals), strict=True):
                found = receipt or (await _preview(work, arrival) if arrival.media.role == "preview" else None)
                if found is not None:
                    receipts[id(arrival)] = found
    return [receipts.get(id(arrival)) or NotFound() for arrival in batch]


async def _at_once(arrivals: Sequence[Arrived]) -> dict[int, Receipt] | None:
    """Record arrivals in one round trip, if all are originals that are still awaited; otherwise do nothing."""
    if any(one.media.role != "original" for one in arrivals):
        return None
    async with db.connection() as conn:
        work = UnitOfWork(arrivals[0].actor, conn, None)
        receipts: dict[int, Receipt] = {}
        for one in arrivals:
            capture_id, sha256 = one.media.capture_id, one.media.sha256
            receipts[id(one)] = Receipt(capture_id, "original", sha256, one.length, work.at)
            work.record(
                OriginalReceived(subject_id=capture_id, visit_id=one.media.visit_id, sha256=sha256, bytes=one.length),
                by=one.actor,
            )
        try:
            await work.flush_with(
                _ARRIVED,
                [one.media.capture_id for one in arrivals],
                [bytes.fromhex(one.media.sha256) for one in arrivals],
                [one.length for one in arrivals],
            )
        except asyncpg.NoDataFoundError:
            return None
    return receipts


# The arrays are hidden from the planner in sub-selects: knowing their length it would plan anew for each batch.
_ARRIVED: Final = with_causes(
    "fresh AS (UPDATE originals o SET received_at = $3"
    " FROM unnest((SELECT $20::uuid[]), (SELECT $21::bytea[]), (SELECT $22::bigint[])) AS q (capture_id, sha256, bytes)"
    " WHERE o.capture_id = q.capture_id AND o.sha256 = q.sha256 AND o.bytes = q.bytes AND o.received_at IS NULL"
    " RETURNING o.capture_id),"
    " counted AS (UPDATE captures c SET originals_received = c.originals_received + n.count"
    " FROM (SELECT capture_id, count(*) FROM fresh GROUP BY 1) n WHERE c.id = n.capture_id RETURNING c.id),"
    " causes AS (SELECT zhicha_demand((SELECT count(*) FROM fresh) = cardinality($20::uuid[])"
    " AND (SELECT count(*) FROM counted) > 0))"
)


receive: Coalescer[Arrived, Receipt] = Coalescer(_receive, most=64, pause=0.004)
"""Record one arrival and return its receipt; group commit with those that arrive at the same time."""


async def _originals(work: UnitOfWork, arrivals: Sequence[Arrived]) -> list[Receipt | None]:
    originals = [one for one in arrivals if one.media.role == "original"]
    if not originals:
        return [None] * len(arrivals)
    captures = [one.media.capture_id for one in originals]
    digests = [bytes.fromhex(one.media.sha256) for one in originals]
    fresh = await work.conn.fetch(
        "WITH q AS (SELECT DISTINCT * FROM unnest($1::uuid[], $2::bytea[]) AS t (capture_id, sha256)),"
        " fresh AS (UPDATE originals o SET received_at = $3 FROM q WHERE o.capture_id = q.capture_id"
        "  AND o.sha256 = q.sha256 AND o.received_at IS NULL RETURNING o.capture_id, o.sha256, o.bytes),"
        " counted AS (UPDATE captures c SET originals_received = c.originals_received + n.count"
        "  FROM (SELECT capture_id, count(*) FROM fresh GROUP BY 1) n WHERE c.id = n.capture_id)"
        " SELECT capture_id, sha256, bytes, $3 AS received_at FROM fresh",
        captures,
        digests,
        work.at,
    )
    known = {(row["capture_id"], bytes(row["sha256"]).hex()): row for row in fresh}
    untold = set(known)
    if len(known) < len(originals):
        # A statement of its own: it also sees what another process received while the update waited for it.
        for row in await work.conn.fetch(
            "SELECT o.capture_id, o.sha256, o.bytes, o.received_at FROM unnest($1::uuid[], $2::bytea[])"
            " AS q (capture_id, sha256) JOIN originals o USING (capture_id, sha256)",
            captures,
            digests,
        ):
            known.setdefault((row["capture_id"], bytes(row["sha256"]).hex()), row)
    receipts: list[Receipt | None] = []
    for one in arrivals:
        place = (one.media.capture_id, one.media.sha256)
        row = known.get(place) if one.media.role == "original" else None
        if row is None:
            receipts.append(None)
            continue
        receipts.append(Receipt(place[0], "original", place[1], row["bytes"], row["received_at"]))
        if place in untold:
            untold.discard(place)
            work.record(
                OriginalReceived(subject_id=place[0], visit_id=one.media.visit_id, sha256=place[1], bytes=row["bytes"]),
                by=one.actor,
            )
    return receipts


async def _preview(work: UnitOfWork, one: Arrived) -> Receipt | None:
    made = await work.conn.fetchval(
        "INSERT INTO derivatives (id, org_id, capture_id, kind, sha256, bytes, media_type, store_key, created_at)"
        " VALUES ($1, $2, $3, 'preview', $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id",
        new_id(),
        one.actor.org_id,
        one.media.capture_id,
        bytes.fromhex(one.media.sha256),
        one.length,
        one.media_type,
        one.media.store_key,
        work.at,
    )
    if made is not None:
        work.record(
            PreviewReceived(
                subject_id=one.media.capture_id,
                visit_id=one.media.visit_id,
                sha256=one.media.sha256,
                bytes=one.length,
            ),
            by=one.actor,
        )
    row = await work.conn.fetchrow(
        "SELECT sha256, bytes, created_at FROM derivatives"
        " WHERE capture_id = $1 AND kind = 'preview' AND source_sha256 IS NULL",
        one.media.capture_id,
    )
    return Receipt(one.media.capture_id, "preview", bytes(row["sha256"]).hex(), row["bytes"], row["created_at"])
