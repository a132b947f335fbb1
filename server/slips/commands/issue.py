"""Signing off slips: the number, the frozen text, and with a task notice the handing over of the item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from server.access.actor import Actor
from server.access.schemas import NamedView
from server.access.steps import must_take
from server.items.commands.hand_over import hand_over, take_receipt
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import ChangedMeanwhile, NotFound
from server.kit.ids import new_id
from server.kit.lifecycle import next_step
from server.slips.commands.locking import locked_item, slip_for_update
from server.slips.content import Prepared, prepare
from server.slips.errors import AlreadyIssued, CancellationNotYet, NotForItemState, OwnDraft, SlipIncomplete
from server.slips.events import SlipIssued
from server.slips.kinds import Part, Series, slip_no
from server.slips.lifecycle import LIFECYCLE, ReceiptState, SlipState
from server.slips.rules import ISSUABLE

_TASK_OF = {Part.LEAD: "LEAD", Part.SELF: "LEAD", Part.ASSIST: "ASSIST", Part.COORDINATE: "COORDINATE"}


async def issue(actor: Actor, slip_id: UUID, *, expected: int | None = None) -> None:
    """Sign a draft off. It gets the next number of its series and year, its text is frozen, its units are to sign.

    A task notice hands the item over in the same transaction, with the due date computed and frozen (D1.10, R36).

    A cancellation slip (销号单) can be prepared and is not issued yet: its effect is D1.22, REPORTED_BACK →
    CANCELLED_FROM_LEDGER, which comes with the second half of the ledger (review, report back, cancellation). A slip
    that says that the entry is cancelled while the ledger keeps it open would be worse than none.

    Raises:
        NotFound, NotYourStep, AlreadyIssued, ChangedMeanwhile, NotForItemState, CancellationNotYet: as named.
        OwnDraft: the actor drafted it or wrote at it.
        SlipIncomplete: names every field that bars the issue (R17, R19, R22, R23).
    """
    async with unit_of_work(actor) as work:
        slip, item = await slip_for_update(work, actor, slip_id)
        if slip["seq"] is not None:
            number = slip_no(slip["series"], slip["year"], slip["seq"])
            raise AlreadyIssued(params={"number": number})
        step = next_step(LIFECYCLE, SlipState(slip["state"]), "issue")
        must_take(step, actor.roles)
        if expected is not None and slip["version"] != expected:
            raise ChangedMeanwhile(params={"version": slip["version"]})
        if actor.person_id in slip["writers"]:
            raise OwnDraft
        series = Series(slip["series"])
        if series is Series.CANCELLATION:
            raise CancellationNotYet
        if item["state"] not in ISSUABLE[series]:
            allowed = [str(state) for state in ISSUABLE[series]]
            raise NotForItemState(params={"series": series, "state": item["state"], "allowed": allowed})
        year, seq = await _next_number(work, series)
        signer = NamedView(id=_person(actor), name=actor.name)
        ready = await prepare(work.conn, slip, item, at=work.at, signer=signer, number=slip_no(series, year, seq))
        if ready.lacks:
            raise SlipIncomplete(errors=ready.lacks)
        await work.conn.execute(
            "UPDATE slips SET state = $2, year = $3, seq = $4, issued_by = $5, issued_at = $6, due_at = $7,"
            " content = $8::text::jsonb, version = version + 1 WHERE id = $1",
            slip_id,
            step.target,
            year,
            seq,
            actor.person_id,
            work.at,
            ready.due.at if ready.due else None,
            msgspec.json.encode(ready.content).decode(),
        )
        await _send(work, ready)
        if series is Series.TASK_NOTICE:
            await _assign(work, actor, slip, item, ready)
        await _give_tasks(work, slip, ready)
        units = tuple(one["unit_id"] for one in ready.units)
        work.record(SlipIssued(subject_id=slip_id, item_id=item["id"], series=series, year=year, seq=seq, units=units))


async def _next_number(work: UnitOfWork, series: Series) -> tuple[int, int]:
    """Year and number that come next; who issues in the same series waits here, who fails takes no number."""
    # The year of a series is the office's year, not that of UTC.
    year = work.at.astimezone(clock.SHANGHAI).year
    key = f"slip:{work.actor.org_id}:{series}:{year}"
    await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
    seq = await work.conn.fetchval(
        "SELECT coalesce(max(seq), 0) + 1 FROM slips WHERE org_id = $1 AND series = $2 AND year = $3",
        work.actor.org_id,
        series,
        year,
    )
    return year, seq


async def _send(work: UnitOfWork, ready: Prepared) -> None:
    for one in ready.units:
        await work.conn.execute(
            "UPDATE slip_recipients SET state = $2, issued_at = $3, due_at = $4 WHERE id = $1",
            one["id"],
            ReceiptState.PENDING,
            work.at,
            ready.unit_due.get(one["id"]),
        )


async def _assign(work: UnitOfWork, actor: Actor, slip: Any, item: Any, ready: Prepared) -> None:
    """Put mode, units and persons on the item and hand it over; what the office does itself needs no receipt."""
    lead = next(one for one in ready.units if one["part"] in (Part.LEAD, Part.SELF))
    await work.conn.execute(
        "UPDATE items SET mode = $2, mode_reason = $3, handling_unit_id = $4, responsible_person_id = $5,"
        " follow_up_id = $6, assist_unit_ids = $7 WHERE id = $1",
        item["id"],
        slip["mode"],
        slip["mode_reason"],
        lead["unit_id"],
        lead["person_id"],
        slip["follow_up_id"],
        [one["unit_id"] for one in ready.units if one["part"] == Part.ASSIST],
    )
    await hand_over(
        work,
        actor,
        await locked_item(work, item["id"]),
        received_at=ready.received_at,
        stated=ready.stated,
        stated_at=slip["limit_at"],
        stated_by=ready.stated_by,
        opinion=ready.content.number or "",
    )
    if lead["part"] == Part.SELF:
        await work.conn.execute(
            "UPDATE slip_recipients SET state = $2, signed_by = $3, signed_at = $4 WHERE id = $1",
            lead["id"],
            ReceiptState.RECEIVED,
            actor.person_id,
            work.at,
        )
        await take_receipt(work, actor, await locked_item(work, item["id"]))


async def _give_tasks(work: UnitOfWork, slip: Any, ready: Prepared) -> None:
    for one in ready.units:
        kind = _TASK_OF.get(Part(one["part"]))
        if kind is None:
            continue
        await work.conn.execute(
            "INSERT INTO item_tasks (id, org_id, item_id, slip_id, unit_id, kind, person_id, state, due_at, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            new_id(),
            work.actor.org_id,
            slip["item_id"],
            slip["id"],
            one["unit_id"],
            kind,
            one["person_id"],
            "ACCEPTED" if one["part"] == Part.SELF else "ASSIGNED",
            ready.unit_due.get(one["id"]) or (ready.due.at if ready.due else None),
            work.at,
        )


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotFound  # the installation itself signs nothing
    return actor.person_id
