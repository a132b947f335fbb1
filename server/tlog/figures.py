"""Figures of the log for monitoring: an age that grows means that the sequencer or its signer stands still."""

from __future__ import annotations

from server.kit import clock, db


async def figures() -> list[str]:
    """Lines of the Prometheus text format."""
    row = await db.fetch_one(
        "SELECT (SELECT coalesce(max(idx) + 1, 0) FROM log_leaves) AS size,"
        " (SELECT count(*) FROM log_pending) AS pending, (SELECT min(at) FROM log_pending) AS since,"
        " c.size AS signed, c.at AS signed_at, (SELECT coalesce(max(size), 0) FROM log_publications) AS published"
        " FROM (SELECT 1) AS one LEFT JOIN (SELECT size, at FROM log_checkpoints ORDER BY size DESC LIMIT 1) c ON true"
    )
    assert row is not None  # a query without tables to be empty
    age = (clock.now() - row["since"]).total_seconds() if row["since"] else 0
    signed_at = row["signed_at"].timestamp() if row["signed_at"] else 0
    gauges = {
        "zhicha_log_size": row["size"],
        "zhicha_log_pending": row["pending"],
        "zhicha_log_pending_oldest_seconds": max(0, age),
        "zhicha_log_checkpoint_size": row["signed"] or 0,
        "zhicha_log_checkpoint_timestamp_seconds": signed_at,
        "zhicha_log_published_size": row["published"],
    }
    return [line for name, value in gauges.items() for line in (f"# TYPE {name} gauge", f"{name} {value}")]
