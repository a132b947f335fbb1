"""Reading evidence. A capture exists for the actor exactly when its visit does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import Role
from server.evidence import links, views
from server.evidence.schemas import Completeness, EvidenceList, EvidenceView, Standing
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import cursor_after, read_cursor
from server.kit.like import containing
from server.visits.scope import inside, visible_to

_ROWS = (
    "SELECT c.*, v.title AS visit_title, v.state AS visit_state, i.register_year, i.register_seq,"
    " i.title AS item_title, p.name AS author_name, s.id AS known_site_id, s.name AS site_name,"
    " s.address, s.lat_e7 AS site_lat, s.lon_e7 AS site_lon, s.radius_m, cs.sealed_at,"
    " d.confirmed_at AS device_confirmed_at, d.enrolled_at AS device_enrolled_at"
    " FROM captures c JOIN visits v ON v.id = c.visit_id"
    " JOIN items i ON i.id = c.item_id JOIN people p ON p.id = c.person_id"
    " JOIN capture_sessions cs ON cs.id = c.session_id JOIN devices d ON d.id = c.device_id"
    # A site of another visit of which nobody is to know yet is no more shown here than anywhere else (R81).
    " LEFT JOIN sites s ON s.id = c.site_id AND (NOT s.embargoed OR s.id = v.site_id)"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to."""

    visit_id: UUID | None = None
    item_id: UUID | None = None
    standing: Standing | None = None
    received: Completeness | None = None
    words: str | None = None


async def evidence(actor: Actor, wanted: Wanted, cursor: str | None, limit: int) -> EvidenceList:
    """A page of evidence, the newest arrivals first."""
    at, last = read_cursor(cursor, datetime)
    found = await db.fetch(*page_query(actor, wanted, at, last, limit + 1))
    shown = found[:limit]
    rows = {row["id"]: row for row in await db.fetch(f"{_ROWS} WHERE c.id = ANY($1)", [row["id"] for row in shown])}
    return EvidenceList(
        evidence=await _views(actor, [rows[row["id"]] for row in shown]),
        next_cursor=cursor_after(shown[-1]["received_at"], shown[-1]["id"]) if len(found) > limit else None,
    )


def page_query(actor: Actor, wanted: Wanted, at: datetime | None, last: UUID | None, limit: int) -> tuple[Any, ...]:
    """The SQL that finds the ids of a page, and its arguments.

    Who sees everything walks the organisation's newest captures; who sees some visits walks those visits' newest. The
    first would read the whole table for a member of one team, the second every visit for the head of the office.
    """
    newer = "($1::timestamptz IS NULL OR (c.received_at, c.id) < ($1, $2::uuid))"
    order = "ORDER BY c.received_at DESC, c.id DESC LIMIT $3"
    narrowed = [newer]
    if wanted.standing == "discarded":
        narrowed.append("c.discarded_at IS NOT NULL")
    elif wanted.standing is not None:
        narrowed.append(f"c.decision = '{wanted.standing.upper()}' AND c.discarded_at IS NULL")
    if wanted.received is not None:
        narrowed.append(f"c.originals_received {'=' if wanted.received == 'complete' else '<'} c.originals_total")
    captures = " AND ".join(narrowed)
    visible, scope = visible_to(actor, 4)
    if actor.has(Role.OFFICE) and not (wanted.visit_id or wanted.item_id or wanted.words):
        return (
            "SELECT c.id, c.received_at FROM captures c JOIN visits v ON v.id = c.visit_id"
            f" WHERE c.org_id = $4 AND {captures} AND {visible} {order}",
            at,
            last,
            limit,
            *scope,
        )
    return (
        "WITH seen AS MATERIALIZED (SELECT v.id FROM visits v JOIN items i ON i.id = v.item_id"
        f" LEFT JOIN sites s ON s.id = v.site_id WHERE {visible} AND ($9::uuid IS NULL OR v.id = $9)"
        " AND ($10::uuid IS NULL OR v.item_id = $10) AND ($11::text IS NULL OR v.title ILIKE $11"
        " OR i.title ILIKE $11 OR s.name ILIKE $11 OR '督〔' || i.register_year || '〕' || i.register_seq || '号'"
        f" LIKE $11)) SELECT c.id, c.received_at FROM seen CROSS JOIN LATERAL (SELECT c.id, c.received_at"
        f" FROM captures c WHERE c.visit_id = seen.id AND {captures} {order}) c {order}",
        at,
        last,
        limit,
        *scope,
        wanted.visit_id,
        wanted.item_id,
        containing(wanted.words),
    )


async def capture(actor: Actor, capture_id: UUID) -> EvidenceView:
    """One capture; its signature and its link to the statement before it are checked again.

    Raises:
        NotFound: no such capture, or none that exists for the actor.
    """
    visible, scope = visible_to(actor, 2)
    row = await db.fetch_one(f"{_ROWS} WHERE c.id = $1 AND {visible}", capture_id, *scope)
    if row is None:
        raise NotFound
    (view,) = await _views(actor, [row], await _proof(row))
    return view


async def _proof(row: Any) -> views.Proof:
    capture_id, session_id = row["id"], row["session_id"]
    proof = await db.fetch_one(
        "SELECT s.statement, s.signature, k.spki, coalesce(b.statement_sha256, cs.statement_sha256) AS before,"
        " e.id AS seal_id, e.statement_sha256 AS seal"
        " FROM statements s JOIN capture_sessions cs ON cs.id = s.session_id JOIN device_keys k ON k.kid = cs.kid"
        " LEFT JOIN statements b ON b.session_id = s.session_id AND b.seq = s.seq - 1"
        " LEFT JOIN statements e ON e.session_id = s.session_id AND e.kind = 'seal/1' WHERE s.id = $1",
        capture_id,
    )
    assert proof is not None, "a capture has its statement"
    return views.Proof(
        proof,
        await db.fetch(
            "SELECT id, party, outcome, name, post, reason, wall_ms FROM cosignatures"
            " WHERE seal_sha256 = $1 AND visit_id = $2 ORDER BY received_at, id",
            proof["seal"],
            row["visit_id"],
        ),
        await db.fetch(
            "SELECT CASE id WHEN $1 THEN 'session' ELSE 'seal' END AS beside, problem FROM passkey_assertions"
            " WHERE id IN ($1, $2) ORDER BY at",
            session_id,
            proof["seal_id"],
        ),
    )


async def _views(actor: Actor, rows: Sequence[Any], proof: views.Proof | None = None) -> list[EvidenceView]:
    ids = [row["id"] for row in rows]
    if not ids:
        return []
    ours = await _of_visits_from_inside(actor, ids)
    kin = views.Kin(
        originals=await _by_capture("SELECT * FROM originals WHERE capture_id = ANY($1) ORDER BY position", ids),
        derivatives=await _by_capture(
            "SELECT capture_id, kind, source_sha256 FROM derivatives WHERE capture_id = ANY($1)", ids
        ),
        reviews=await _by_capture(
            "SELECT r.*, p.name FROM reviews r JOIN people p ON p.id = r.person_id WHERE capture_id = ANY($1)"
            " ORDER BY r.at, r.id",
            ids,
        ),
        queries=await _by_capture(
            "SELECT q.*, p.name FROM queries q JOIN people p ON p.id = q.asked_by WHERE capture_id = ANY($1)"
            " ORDER BY q.asked_at, q.id",
            ours,
        ),
        comments=await _by_capture(
            "SELECT c.*, p.name FROM comments c JOIN people p ON p.id = c.person_id WHERE capture_id = ANY($1)"
            " ORDER BY c.at, c.id",
            ours,
        ),
        findings=await _by_capture(
            "SELECT fc.capture_id, f.id, f.text, f.severity FROM finding_captures fc"
            " JOIN findings f ON f.id = fc.finding_id WHERE fc.capture_id = ANY($1) ORDER BY f.id",
            ids,
        ),
        discards=await _by_capture(
            "SELECT id, capture_id, outcome, reason, wall_ms, received_at FROM discards"
            " WHERE capture_id = ANY($1) AND outcome <> 'UNKNOWN' ORDER BY received_at, id",
            ids,
        ),
        notes=await _by_capture(
            "SELECT n.*, p.name FROM field_notes n JOIN captures c ON c.id = n.capture_id AND c.visit_id = n.visit_id"
            " JOIN people p ON p.id = n.person_id WHERE n.capture_id = ANY($1) ORDER BY n.received_at, n.id",
            ours,
        ),
        differing=await _by_capture(
            "SELECT subject_id AS capture_id FROM journal_entries WHERE subject_kind = 'capture'"
            " AND org_id IN (SELECT org_id FROM captures WHERE id = ANY($1)) AND subject_id = ANY($1)"
            " AND kind = 'capture.original_differs'",
            ids,
        ),
        forked=await _by_capture(
            "SELECT DISTINCT c.id AS capture_id FROM captures c JOIN chain_forks f ON f.session_id = c.session_id"
            " WHERE c.id = ANY($1)",
            ids,
        ),
        counters=await _by_capture(
            "SELECT DISTINCT c.id AS capture_id FROM captures c JOIN passkey_assertions a ON a.counter_stood"
            " AND (a.id = c.session_id OR a.id ="
            " (SELECT e.id FROM statements e WHERE e.session_id = c.session_id AND e.kind = 'seal/1'))"
            " WHERE c.id = ANY($1)",
            ids,
        ),
        cases=await links.cases_citing(actor, ids),
        inside=frozenset(ours),
    )
    return [views.evidence_view(row, kin, proof) for row in rows]


async def _of_visits_from_inside(actor: Actor, ids: Sequence[UUID]) -> list[UUID]:
    """Those captures whose visit the actor knows as one of the inspecting side."""
    condition, args = inside(actor, 2)
    rows = await db.fetch(
        f"SELECT c.id FROM captures c JOIN visits v ON v.id = c.visit_id WHERE c.id = ANY($1) AND {condition}",
        ids,
        *args,
    )
    return [row["id"] for row in rows]


async def _by_capture(sql: str, ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    if ids:
        for row in await db.fetch(sql, ids):
            found[row["capture_id"]].append(row)
    return found
