"""延期: a unit asks for a later date, somebody else decides, the original date stays (R38, D1.13)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.calendars.queries import calendar_in_force
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.deadlines import freeze_due
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.limit_rules import (
    Instructor,
    extended,
    is_own_units,
    leader_of_limit,
    must_ask,
    must_decide,
    wanted,
    who_stated,
)
from server.items.scope import must_lead
from server.items.secrecy import refuse_state_secrets
from server.items.timing_errors import ExtensionDecided, ExtensionPending, NoLimitToExtend, NotLater, NotYourOwnRequest
from server.items.timing_events import ExtensionGranted, ExtensionRefused, ExtensionRequested, ExtensionWithdrawn
from server.items.timing_queries import item_of_extension
from server.items.timing_schemas import GrantExtension, RefuseExtension, RequestExtension
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import db
from server.kit.errors import IdReused
from server.kit.lifecycle import next_step
from server.kit.limits import LimitUnit


async def request(actor: Actor, item_id: UUID, cmd: RequestExtension, *, expected: int | None = None) -> None:
    """Ask for a later date; also after the limit, but then the item stays overdue until somebody decides.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, AssistingUnitCannotReport, NoLimitToExtend,
        ExtensionPending, OneLimit, NotLater, StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(reason=cmd.reason, progress=cmd.progress)
    more = wanted(cmd.until, cmd.n, cmd.unit)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, item_id, expected)
        if await _asked_before(work, actor, item_id, cmd):
            return
        step = next_step(LIFECYCLE, ItemState(item["state"]), "extend")
        must_ask(actor.roles, item["mode"])
        must_lead(actor, item)
        if item["due_at"] is None:
            raise NoLimitToExtend
        if await work.conn.fetchval("SELECT 1 FROM item_extensions WHERE item_id = $1 AND state = 'PENDING'", item_id):
            raise ExtensionPending
        calendar = await calendar_in_force(actor.org_id)
        extended(calendar, "", item["due_at"], more, no=1, by="")  # refuses an earlier date
        late = work.at > item["due_at"]
        stated_by = leader_of_limit({**item, "first_rule": await _first_rule(work, item)})
        await work.conn.execute(
            "INSERT INTO item_extensions (id, org_id, item_id, state, reason, progress, wanted_until, wanted_n,"
            " wanted_unit, unit_id, requested_by, requested_at, late, stated_by, due_before, rule_before, words_before,"
            " words_en_before, stated_by_id) VALUES ($1, $2, $3, 'PENDING', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
            " $14, $15, $16, $17, $18)",
            cmd.id,
            actor.org_id,
            item_id,
            cmd.reason.strip(),
            cmd.progress.strip(),
            cmd.until,
            cmd.n,
            cmd.unit,
            actor.unit_id,
            actor.person_id,
            work.at,
            late,
            stated_by,
            item["due_at"],
            item["due_rule"] or "",
            item["due_words"] or "",
            item["due_words_en"] or "",
            who_stated(stated_by, await _instructors(work, item_id)),
        )
        await _touch(work, item_id)
        await steps.add(work, item_id, "request_extension", step.source, step.target, cmd.reason, data={"late": late})
        work.record(ExtensionRequested(subject_id=item_id, extension_id=cmd.id, late=late))


async def grant(actor: Actor, extension_id: UUID, cmd: GrantExtension, *, expected: int | None = None) -> None:
    """Grant a later date, as asked or another.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, NotYourOwnRequest, LimitOfALeader, ExtensionDecided,
        OneLimit, NotLater, StateSecretRefused: as named.
    """
    refuse_state_secrets(opinion=cmd.opinion)
    async with unit_of_work(actor) as work:
        item, one = await _to_decide(work, actor, extension_id, expected)
        if cmd.until is None and cmd.n is None and cmd.unit is None:
            more = wanted(one["wanted_until"], one["wanted_n"], _unit(one["wanted_unit"]))
        else:
            more = wanted(cmd.until, cmd.n, cmd.unit)
        no = 1 + await work.conn.fetchval(
            "SELECT count(*) FROM item_extensions WHERE item_id = $1 AND state = 'GRANTED'", item["id"]
        )
        due = extended(
            await calendar_in_force(actor.org_id), item["due_pack"] or "", item["due_at"], more, no=no, by=actor.name
        )
        if due.at is None or due.at < one["due_before"]:
            raise NotLater
        await work.conn.execute(
            "UPDATE item_extensions SET state = 'GRANTED', no = $2, due_after = $3, granted_unit = $4, decided_by = $5,"
            " decided_at = $6, opinion = $7 WHERE id = $1",
            extension_id,
            no,
            due.at,
            more.limit.unit if more.limit else LimitUnit.DAYS,
            actor.person_id,
            work.at,
            cmd.opinion.strip(),
        )
        # An item of the paper ledger came with a date and without an original one; it has one from here on.
        await work.conn.execute(
            "UPDATE items SET original_due_at = due_at WHERE id = $1 AND original_due_at IS NULL", item["id"]
        )
        await freeze_due(work, item["id"], due)
        await _touch(work, item["id"])
        data = {"no": no, "due_before": item["due_at"].isoformat(), "due_at": due.at.isoformat()}
        await steps.add(work, item["id"], "extend", item["state"], item["state"], cmd.opinion, data=data)
        work.record(
            ExtensionGranted(
                subject_id=item["id"],
                extension_id=extension_id,
                no=no,
                due_before=item["due_at"],
                due_after=due.at,
            )
        )


async def refuse(actor: Actor, extension_id: UUID, cmd: RefuseExtension, *, expected: int | None = None) -> None:
    """Refuse a later date, with the reason.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, NotYourOwnRequest, LimitOfALeader, ExtensionDecided,
        StateSecretRefused: as named.
    """
    refuse_state_secrets(opinion=cmd.opinion)
    async with unit_of_work(actor) as work:
        item, _ = await _to_decide(work, actor, extension_id, expected)
        await work.conn.execute(
            "UPDATE item_extensions SET state = 'REFUSED', decided_by = $2, decided_at = $3, opinion = $4"
            " WHERE id = $1",
            extension_id,
            actor.person_id,
            work.at,
            cmd.opinion.strip(),
        )
        await _touch(work, item["id"])
        await steps.add(work, item["id"], "refuse_extension", item["state"], item["state"], cmd.opinion)
        work.record(ExtensionRefused(subject_id=item["id"], extension_id=extension_id))


async def withdraw(actor: Actor, extension_id: UUID, *, expected: int | None = None) -> None:
    """The unit takes its request back.

    Raises:
        NotFound, ChangedMeanwhile, NotYourStep, AssistingUnitCannotReport, ExtensionDecided: as named.
    """
    async with unit_of_work(actor) as work:
        item, one = await _locked(work, actor, extension_id, expected)
        must_ask(actor.roles, item["mode"])
        must_lead(actor, item)
        if one["state"] != "PENDING":
            raise ExtensionDecided
        await work.conn.execute(
            "UPDATE item_extensions SET state = 'WITHDRAWN', decided_at = $2 WHERE id = $1", extension_id, work.at
        )
        await _touch(work, item["id"])
        await steps.add(work, item["id"], "withdraw_extension", item["state"], item["state"])
        work.record(ExtensionWithdrawn(subject_id=item["id"], extension_id=extension_id))


async def _to_decide(work: UnitOfWork, actor: Actor, extension_id: UUID, expected: int | None) -> tuple[Any, Any]:
    item, one = await _locked(work, actor, extension_id, expected)
    must_decide(actor.roles, one["stated_by"], stater=one["stated_by_id"] == actor.person_id)
    if one["requested_by"] == actor.person_id or is_own_units(actor.unit_id, one["unit_id"], item["mode"]):
        raise NotYourOwnRequest
    if one["state"] != "PENDING":
        raise ExtensionDecided
    next_step(LIFECYCLE, ItemState(item["state"]), "extend")
    return item, one


async def _locked(work: UnitOfWork, actor: Actor, extension_id: UUID, expected: int | None) -> tuple[Any, Any]:
    """The item's row, locked first, so that two who decide at once wait for each other; then the request as it is."""
    item_id = await item_of_extension(actor, extension_id)
    item = await item_for_update(work, actor, item_id, expected)
    return item, await work.conn.fetchrow("SELECT * FROM item_extensions WHERE id = $1", extension_id)


async def _first_rule(work: UnitOfWork, item: Any) -> str:
    """The rule by which the original date was found, before any extension."""
    first: str | None = await work.conn.fetchval(
        "SELECT rule_before FROM item_extensions WHERE item_id = $1 AND no = 1", item["id"]
    )
    return first if first is not None else item["due_rule"] or ""


async def _instructors(work: UnitOfWork, item_id: UUID) -> list[Instructor]:
    rows = await work.conn.fetch(
        "SELECT n.leader_person_id, n.leader_name, p.name FROM item_instructions n"
        " LEFT JOIN people p ON p.id = n.leader_person_id WHERE n.item_id = $1"
        " AND NOT EXISTS (SELECT 1 FROM item_instructions r WHERE r.replaces_id = n.id)",
        item_id,
    )
    return [Instructor(row["leader_person_id"], tuple(filter(None, (row["leader_name"], row["name"])))) for row in rows]


async def _asked_before(work: UnitOfWork, actor: Actor, item_id: UUID, cmd: RequestExtension) -> bool:
    row = await db.fetch_one(
        "SELECT org_id, item_id, requested_by, reason, progress FROM item_extensions WHERE id = $1", cmd.id
    )
    if row is None:
        return False
    if tuple(row) != (actor.org_id, item_id, actor.person_id, cmd.reason.strip(), cmd.progress.strip()):
        raise IdReused
    return True


async def _touch(work: UnitOfWork, item_id: UUID) -> None:
    await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", item_id)


def _unit(text: str | None) -> LimitUnit | None:
    return LimitUnit(text) if text is not None else None
