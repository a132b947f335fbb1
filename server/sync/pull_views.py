"""The rows of each kind as the field face shows them: the columns, and the view that is made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from server.access.roles import Role
from server.access.schemas import named
from server.items.numbers import register_no
from server.sync.pull_schemas import (
    CaptureField,
    CountField,
    FindingField,
    ItemField,
    QueryField,
    ReceiptField,
    ReviewField,
    SiteField,
    TeamMemberField,
    VisitField,
)

VISIT: Final = (
    "v.id, v.state, v.nature, v.method, v.title, v.item_id, v.site_id, v.planned_for, v.starts_at, v.ends_at, v.brief,"
    " v.released_at IS NOT NULL AS released, (SELECT json_agg(json_build_object('person_id', t.person_id,"
    " 'name', tp.name, 'role', t.role) ORDER BY t.role, tp.name) FROM visit_members t"
    " JOIN people tp ON tp.id = t.person_id WHERE t.visit_id = v.id) AS team"
)


class _Member(msgspec.Struct):
    person_id: UUID
    name: str
    role: str


_members = msgspec.json.Decoder(list[_Member]).decode


def visit(row: Any) -> tuple[VisitField]:
    """A visit with its team."""
    return (
        VisitField(
            id=row["id"],
            state=row["state"],
            nature=row["nature"],
            method=row["method"],
            title=row["title"],
            item_id=row["item_id"],
            site_id=row["site_id"],
            planned_for=row["planned_for"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            team=tuple(
                TeamMemberField(
                    person_id=member.person_id,
                    name=member.name,
                    role=Role.TL if member.role == "LEADER" else Role.TM,
                )
                for member in _members(row["team"] or "[]")
            ),
            brief=row["brief"],
            released=row["released"],
        ),
    )


ITEM: Final = (
    "i.id, i.register_year, i.register_seq, i.title, i.state, i.source_kind, i.due_at, i.urgency, i.handling_unit_id,"
    " u.name AS unit_name"
)


def item(row: Any) -> tuple[ItemField]:
    """An item."""
    unit = row["handling_unit_id"]
    return (
        ItemField(
            id=row["id"],
            register_no=register_no(row["register_year"], row["register_seq"]),
            title=row["title"],
            state=row["state"],
            source_kind=row["source_kind"],
            due_at=row["due_at"],
            urgency=row["urgency"],
            handling_unit=named(unit, row["unit_name"]),
        ),
    )


SITE: Final = "s.id, s.name, s.address, s.lat_e7, s.lon_e7, s.radius_m, s.kind"


def site(row: Any) -> tuple[SiteField]:
    """A site."""
    return (SiteField(**row),)


# What the desk said last: its newest decision, or the newest question while one is open.
CAPTURE: Final = (
    "c.id, c.visit_id, c.item_id, c.captured_at, c.statement_sha256, c.originals_received, c.originals_total,"
    " c.discarded_at, c.decision,"
    " (SELECT count(*) FROM derivatives d WHERE d.capture_id = c.id AND d.kind = 'preview'"
    " AND d.source_sha256 IS NULL) AS previews,"
    " (SELECT json_build_object('reason', r.reason, 'by_name', rp.name, 'at', r.at) FROM reviews r"
    " JOIN people rp ON rp.id = r.person_id WHERE r.capture_id = c.id AND r.decision = c.decision"
    " ORDER BY r.at DESC LIMIT 1) AS review, (SELECT json_build_object('reason', cq.text, 'by_name', qp.name,"
    " 'at', cq.asked_at) FROM queries cq JOIN people qp ON qp.id = cq.asked_by"
    " WHERE cq.capture_id = c.id ORDER BY cq.asked_at DESC LIMIT 1) AS question"
)


class _Said(msgspec.Struct):
    reason: str
    by_name: str
    at: datetime


_said = msgspec.json.Decoder(_Said).decode


def capture(row: Any) -> tuple[CaptureField]:
    """A capture: how much of it has arrived, and what the desk made of it."""
    state: Literal["RECORDED", "RECEIVED", "DISCARDED"] = "RECORDED"
    if row["discarded_at"] is not None:
        state = "DISCARDED"
    elif row["originals_received"] == row["originals_total"]:
        state = "RECEIVED"
    return (
        CaptureField(
            id=row["id"],
            visit_id=row["visit_id"],
            item_id=row["item_id"],
            state=state,
            captured_at=row["captured_at"],
            statement_sha256=row["statement_sha256"].hex(),
            originals=CountField(received=row["originals_received"], total=row["originals_total"]),
            previews=CountField(received=min(row["previews"], row["originals_total"]), total=row["originals_total"]),
            review=_review(row),
        ),
    )


def _review(row: Any) -> ReviewField | None:
    decision: Literal["accepted", "queried", "rejected"]
    match row["decision"]:
        case "ACCEPTED":
            decision, text = "accepted", row["review"]
        case "REJECTED":
            decision, text = "rejected", row["review"]
        case "QUERIED":
            decision, text = "queried", row["question"]
        case _:
            return None
    if text is None:
        return None
    said = _said(text)
    return ReviewField(decision=decision, reason=said.reason or None, by_name=said.by_name, at=said.at)


RECEIPTS: Final = (
    "c.id, (SELECT json_agg(json_build_object('sha256', encode(m.sha256, 'hex'), 'role', m.role, 'bytes', m.bytes,"
    " 'at', m.at)) FROM (SELECT o.sha256, 'original' AS role, o.bytes, o.received_at AS at FROM originals o"
    " WHERE o.capture_id = c.id AND o.received_at IS NOT NULL UNION ALL SELECT d.sha256, 'preview', d.bytes,"
    " d.created_at FROM derivatives d WHERE d.capture_id = c.id AND d.kind = 'preview'"
    " AND d.source_sha256 IS NULL) m) AS media"
)


class _Medium(msgspec.Struct):
    sha256: str
    role: Literal["original", "preview"]
    bytes: int
    at: datetime


_media = msgspec.json.Decoder(list[_Medium]).decode


def receipts(row: Any) -> tuple[ReceiptField, ...]:
    """A receipt for each medium of a capture that is durable."""
    return tuple(
        ReceiptField(
            id=row["id"], media_sha256=medium.sha256, role=medium.role, bytes=medium.bytes, received_at=medium.at
        )
        for medium in _media(row["media"] or "[]")
    )


FINDING: Final = (
    "f.id, f.visit_id, f.item_id, f.text, f.category, f.severity, f.state, f.found_at, p.name AS author_name,"
    " array(SELECT fc.capture_id FROM finding_captures fc WHERE fc.finding_id = f.id ORDER BY fc.id) AS capture_ids"
)


def finding(row: Any) -> tuple[FindingField]:
    """A finding."""
    return (FindingField(**{**row, "capture_ids": tuple(row["capture_ids"])}),)


QUERY: Final = "q.id, q.capture_id, c.visit_id, q.text, p.name AS asked_by, q.asked_at, q.answer, q.answered_at"


def query(row: Any) -> tuple[QueryField]:
    """A question and, once given, its answer."""
    return (QueryField(**row),)
