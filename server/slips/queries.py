"""Reading slips within the actor's scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.roles import Permission, Role
from server.access.schemas import NamedView, named
from server.items.lifecycle import ItemState
from server.items.numbers import register_no
from server.items.scope import inside
from server.items.scope import visible_to as item_visible_to
from server.kit import clock, db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.kit.limits import LimitUnit
from server.slips.content import prepare
from server.slips.kinds import Part, Series, SlipChannel, slip_no
from server.slips.lifecycle import LIFECYCLE, RECEIPT, WAITING, ReceiptState, SlipState
from server.slips.schemas import (
    CallView,
    LackView,
    ReceiptView,
    SlipContent,
    SlipDetail,
    SlipItemView,
    SlipLimit,
    SlipList,
    SlipPhoneCall,
    SlipRecipient,
    SlipRowView,
    SlipText,
    UnsignedList,
    UnsignedRow,
)
from server.slips.scope import visible_to

ITEM_COLUMNS: Final = (
    "i.register_year, i.register_seq, i.title AS item_title, i.state AS item_state, i.due_at AS item_due_at,"
    " i.due_words, i.due_words_en, i.version AS item_version"
)
_SLIP = (
    f"SELECT s.*, {ITEM_COLUMNS}, d.name AS drafter_name FROM slips s JOIN items i ON i.id = s.item_id"
    " JOIN people d ON d.id = s.drafted_by"
)
RECEIPT_COLUMNS: Final = (
    "r.*, u.name AS unit_name, p.name AS person_name, g.name AS signer_name, f.name AS refuser_name,"
    " e.name AS decider_name"
)
RECEIPT_SOURCE: Final = (
    "slip_recipients r JOIN units u ON u.id = r.unit_id LEFT JOIN people p ON p.id = r.person_id"
    " LEFT JOIN people g ON g.id = r.signed_by LEFT JOIN people f ON f.id = r.refused_by"
    " LEFT JOIN people e ON e.id = r.decided_by"
)


async def slips(
    actor: Actor,
    *,
    item_id: UUID | None,
    state: SlipState | None,
    unit_id: UUID | None,
    series: Series | None = None,
    cursor: str | None,
    limit: int = PAGE,
) -> SlipList:
    """A page of slips, the newest first."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 8)
    rows = await db.fetch(
        f"{_SLIP} WHERE {condition} AND ($1::uuid IS NULL OR s.item_id = $1) AND ($2::text IS NULL OR s.state = $2)"
        " AND ($3::uuid IS NULL OR EXISTS (SELECT 1 FROM slip_recipients q WHERE q.slip_id = s.id AND q.unit_id = $3))"
        " AND ($4::text IS NULL OR s.series = $4)"
        " AND ($5::timestamptz IS NULL OR (s.drafted_at, s.id) < ($5, $6::uuid))"
        " ORDER BY s.drafted_at DESC, s.id DESC LIMIT $7",
        item_id,
        state,
        unit_id,
        series,
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "drafted_at")
    return SlipList(slips=await row_views(actor, shown), next_cursor=following)


async def slip(actor: Actor, slip_id: UUID) -> SlipDetail:
    """One slip: its text as signed, or as it would be signed now, and who has signed for it.

    Raises:
        NotFound: no such slip in the actor's scope.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(
        f"SELECT s.*, {ITEM_COLUMNS}, d.name AS drafter_name, w.name AS withdrawer_name FROM slips s"
        " JOIN items i ON i.id = s.item_id JOIN people d ON d.id = s.drafted_by"
        f" LEFT JOIN people w ON w.id = s.withdrawn_by WHERE s.id = $1 AND {condition}",
        slip_id,
        *args,
    )
    if row is None:
        raise NotFound
    (view,) = await row_views(actor, [row])
    lacking: tuple[LackView, ...] = ()
    text = None
    if row["content"] is not None:
        content = msgspec.json.decode(row["content"], type=SlipContent)
    else:
        async with db.connection() as conn:
            item = await conn.fetchrow("SELECT * FROM items WHERE id = $1", row["item_id"])
            ready = await prepare(conn, row, item, at=clock.now())
        content = ready.content
        if row["state"] == SlipState.DRAFT:
            lacking = tuple(LackView(field=one.field, code=one.code, detail=one.detail) for one in ready.lacks)
            text = _text(row, ready.units)
    return SlipDetail(
        **{field: getattr(view, field) for field in view.__struct_fields__},
        content=content,
        text=text,
        follow_up=await _call(row["follow_up_id"]),
        withdrawn_by=named(row["withdrawn_by"], row["withdrawer_name"]),
        withdrawn_at=row["withdrawn_at"],
        withdraw_reason=row["withdraw_reason"],
        lacks=lacking,
        acts=_acts(actor, row, view),
    )


async def unsigned(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> UnsignedList:
    """Slips that units have not signed for, the longest waiting first (R20)."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 5)
    rows = await db.fetch(
        f"SELECT {RECEIPT_COLUMNS}, {ITEM_COLUMNS}, s.item_id, s.series, s.year, s.seq FROM {RECEIPT_SOURCE}"
        " JOIN slips s ON s.id = r.slip_id JOIN items i ON i.id = s.item_id"
        " WHERE r.state = ANY($1::text[]) AND r.org_id = $5"
        f" AND {condition} AND ($2::timestamptz IS NULL OR (r.issued_at, r.id) > ($2, $3::uuid))"
        " ORDER BY r.issued_at, r.id LIMIT $4",
        [str(state) for state in WAITING],
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "issued_at")
    now = clock.now()
    known = await _known(actor, shown)
    return UnsignedList(
        receipts=tuple(
            UnsignedRow(
                id=row["id"],
                slip_id=row["slip_id"],
                number=slip_no(row["series"], row["year"], row["seq"]),
                item=item_view(row, row["item_id"], known=row["item_id"] in known),
                receipt=receipt_view(actor, row),
                waited_hours=int((now - row["issued_at"]).total_seconds() // 3600),
            )
            for row in shown
        ),
        next_cursor=following,
    )


async def row_views(actor: Actor, rows: list[Any]) -> tuple[SlipRowView, ...]:
    """Rows of slips with their receipts, as views."""
    known = await _known(actor, rows)
    found = await db.fetch(
        f"SELECT {RECEIPT_COLUMNS} FROM {RECEIPT_SOURCE} WHERE r.slip_id = ANY($1::uuid[]) ORDER BY r.position",
        [row["id"] for row in rows],
    )
    of: dict[UUID, list[ReceiptView]] = {}
    for one in found:
        of.setdefault(one["slip_id"], []).append(receipt_view(actor, one))
    return tuple(
        SlipRowView(
            id=row["id"],
            item=item_view(row, row["item_id"], known=row["item_id"] in known),
            series=Series(row["series"]),
            state=SlipState(row["state"]),
            number=None if row["seq"] is None else slip_no(row["series"], row["year"], row["seq"]),
            task=row["task"],
            due_at=row["due_at"],
            receipts=tuple(of.get(row["id"], ())),
            drafted_by=NamedView(id=row["drafted_by"], name=row["drafter_name"]),
            drafted_at=row["drafted_at"],
            issued_at=row["issued_at"],
            version=row["version"],
        )
        for row in rows
    )


async def _known(actor: Actor, rows: list[Any]) -> set[UUID]:
    """Of the items of these slips those that the actor may see: a unit keeps its slip, not the item it was freed of."""
    condition, args = item_visible_to(actor, 2)
    found = await db.fetch(
        f"SELECT i.id FROM items i WHERE i.id = ANY($1::uuid[]) AND {condition}",
        list({row["item_id"] for row in rows}),
        *args,
    )
    return {row["id"] for row in found}


def item_view(row: Any, item_id: UUID, *, known: bool = True) -> SlipItemView:
    """The item's part of a row that carries ``ITEM_COLUMNS``; of an item not ``known`` only what the slip itself said.

    Whoever the item is with now, and how it goes there, does not concern a unit that it was taken back from.
    """
    return SlipItemView(
        id=item_id,
        register_no=register_no(row["register_year"], row["register_seq"]),
        title=row["item_title"],
        state=row["item_state"] if known else ItemState.ASSIGNED,
        due_at=row["item_due_at"] if known else None,
        due_words=(row["due_words"] or "") if known else "",
        due_words_en=(row["due_words_en"] or "") if known else "",
        version=row["item_version"] if known else 0,
    )


def receipt_view(actor: Actor, row: Any) -> ReceiptView:
    """A row of ``RECEIPT_COLUMNS`` as a view.

    Why a unit declined, in whose words, and what it was answered concerns that unit and the office; other recipients
    of the same slip see only where the receipt stands.
    """
    own = row["unit_id"] == actor.unit_id or inside(actor)
    if not own:
        row = {**row, **_OF_THE_UNIT}
    return ReceiptView(
        unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
        part=Part(row["part"]),
        person=named(row["person_id"], row["person_name"]),
        state=ReceiptState(row["state"]),
        waited_since=row["issued_at"] if row["state"] in WAITING else None,
        signed_by=named(row["signed_by"], row["signer_name"]),
        signed_at=row["signed_at"],
        signed_words=row["signed_words"],
        refused_by=named(row["refused_by"], row["refuser_name"]),
        refused_at=row["refused_at"],
        refusal=row["refusal"],
        decided_by=named(row["decided_by"], row["decider_name"]),
        decided_at=row["decided_at"],
        upheld=row["upheld"],
        decision=row["decision"],
    )


_OF_THE_UNIT: Final[dict[str, Any]] = dict.fromkeys(("signed_words", "refusal", "decision"), "") | dict.fromkeys(
    ("refused_by", "refused_at", "decided_by", "decided_at", "upheld")
)


def _acts(actor: Actor, row: Any, view: SlipRowView) -> tuple[str, ...]:
    """What the reader may do now; the commands judge again."""
    state = SlipState(row["state"])
    acts = [step.act for step in LIFECYCLE if step.source == state and not actor.roles.isdisjoint(step.by)]
    if "issue" in acts and (actor.person_id in row["writers"] or row["series"] == Series.CANCELLATION):
        acts.remove("issue")
    if "withdraw" in acts and row["issued_by"] == actor.person_id:
        acts.remove("withdraw")
    task_notice = row["series"] == Series.TASK_NOTICE
    if "withdraw" in acts and task_notice and not (actor.has(Role.LEADER) and row["item_state"] == "ASSIGNED"):
        acts.remove("withdraw")
    if state is not SlipState.ISSUED:
        return tuple(acts)
    for receipt in view.receipts:
        steps = [one for one in RECEIPT if one.source == receipt.state and not actor.roles.isdisjoint(one.by)]
        if receipt.unit.id == actor.unit_id and actor.may(Permission.SLIP_RECEIVE):
            refusable = receipt.part is not Part.INFORM
            acts += [one.act for one in steps if one.act == "sign" or (one.act == "refuse" and refusable)]
        refused = receipt.state is ReceiptState.REFUSED and receipt.unit.id != actor.unit_id
        if actor.has(Role.LEADER) and refused:
            acts.append("decide")
    return tuple(dict.fromkeys(acts))


def _text(row: Any, units: tuple[Any, ...]) -> SlipText:
    """The draft as its form holds it."""
    by_phone = row["channel"] == SlipChannel.TELEPHONE and row["phone_caller_id"] and row["phone_at"]
    phone = (
        SlipPhoneCall(
            caller_id=row["phone_caller_id"],
            receiver=row["phone_receiver"],
            at=row["phone_at"],
            content=row["phone_content"],
            confirm_in_writing=row["confirm_in_writing"],
        )
        if by_phone
        else None
    )
    return SlipText(
        mode=row["mode"],
        mode_reason=row["mode_reason"],
        channel=row["channel"],
        meeting=row["meeting"],
        phone=phone,
        delivery=row["delivery"],
        copies=row["copies"],
        task=row["task"],
        standard=row["standard"],
        limit=_limit(row),
        limit_at=row["limit_at"],
        milestone=row["milestone"],
        obstacle=row["obstacle"],
        result=row["result"],
        verifier_id=row["verifier_id"],
        verified_on=row["verified_on"],
        follow_up_id=row["follow_up_id"],
        recipients=tuple(
            SlipRecipient(
                unit_id=one["unit_id"],
                person_id=one["person_id"],
                assists=one["part"] == Part.ASSIST,
                task=one["task"],
                limit=_limit(one),
                limit_at=one["limit_at"],
            )
            for one in units
        ),
    )


def _limit(row: Any) -> SlipLimit | None:
    return None if row["limit_n"] is None else SlipLimit(n=row["limit_n"], unit=LimitUnit(row["limit_unit"]))


async def _call(person_id: UUID | None) -> CallView | None:
    """Whom to call: the officer who follows the item up; the phone is his own, else that of his unit's liaison."""
    if person_id is None:
        return None
    row = await db.fetch_one(
        "SELECT p.name, u.name AS unit, coalesce((SELECT c.phone FROM unit_contacts c WHERE c.unit_id = u.id"
        " AND c.ended_at IS NULL AND c.phone <> '' ORDER BY c.person_id <> p.id, c.kind DESC LIMIT 1), '') AS phone"
        " FROM people p JOIN units u ON u.id = p.unit_id WHERE p.id = $1",
        person_id,
    )
    return None if row is None else CallView(name=row["name"], unit=row["unit"], phone=row["phone"])
