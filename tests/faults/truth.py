"""Nothing lost, nothing doubled: what the phones signed against what lies in database and store."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from tests.factories.product import Product


def assert_all_here_once(product: Product, signed: Mapping[str, str]) -> None:
    """Every capture is recorded once, journalled once, and its original lies in the store byte for byte as signed."""
    ids = [UUID(one) for one in signed]
    captures = product.sql(
        "SELECT c.id::text, c.originals_received, encode(o.sha256, 'hex') AS sha256, o.received_at"
        " FROM captures c JOIN originals o ON o.capture_id = c.id WHERE c.id = ANY($1)",
        ids,
    )
    assert {row["id"]: row["sha256"] for row in captures} == dict(signed)
    assert len(captures) == len(signed)
    assert all(row["originals_received"] == 1 and row["received_at"] for row in captures)
    doubled = product.sql(
        "SELECT subject_id, kind, count(*) FROM journal_entries WHERE subject_id = ANY($1)"
        " AND kind IN ('capture.recorded', 'capture.original_received')"
        " GROUP BY subject_id, kind HAVING count(*) > 1",
        ids,
    )
    assert doubled == []
    chains = product.sql(
        "SELECT session_id, count(*) AS held, max(seq) AS highest, count(DISTINCT seq) AS numbers FROM statements"
        " WHERE session_id IN (SELECT session_id FROM captures WHERE id = ANY($1)) GROUP BY session_id",
        ids,
    )
    assert all(chain["held"] == chain["highest"] == chain["numbers"] for chain in chains)
    stored = product.stored_originals()
    assert {sha256: stored.get(sha256) for sha256 in signed.values()} == {one: one for one in signed.values()}
