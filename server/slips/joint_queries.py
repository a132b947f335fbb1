"""Reading who handles an item, and what the units settle among themselves, within the actor's scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.roles import UNIT_ROLES, Permission, Role
from server.access.schemas import NamedView, PersonView, named
from server.items.kinds import Mode
from server.items.lifecycle import ItemState
from server.items.scope import inside, visible_to
from server.kit import db
from server.kit.errors import NotFound
from server.kit.keyset import PAGE, page, read_cursor
from server.rulepacks.queries import pack_in_force
from server.slips import queries
from server.slips.commands.coordinate import FINISHERS
from server.slips.joint_schemas import (
    AssignmentView,
    ConsultationView,
    ContributionView,
    DisagreementList,
    DisagreementState,
    DisagreementView,
    PresentView,
    ProposedView,
    TaskView,
)
from server.slips.kinds import Series
from server.slips.rules import ISSUABLE, mail_permitted
from server.slips.schemas import SlipRowView

_DISAGREEMENT = (
    f"SELECT g.*, {queries.ITEM_COLUMNS}, i.handling_unit_id, r.name AS raiser_name, u.name AS raising_unit,"
    " e.name AS settler_name FROM disagreements g JOIN items i ON i.id = g.item_id"
    " JOIN people r ON r.id = g.raised_by JOIN units u ON u.id = g.raised_unit_id"
    " LEFT JOIN people e ON e.id = g.settled_by"
)


async def assignment(actor: Actor, item_id: UUID) -> AssignmentView:
    """Who handles an item, with its slips, tasks, contributions and disagreements.

    Raises:
        NotFound: no such item in the actor's scope.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(
        f"SELECT i.id, {queries.ITEM_COLUMNS}, i.mode, i.mode_reason, i.assist_unit_ids,"
        " i.task, i.requirement, i.handling_unit_id, i.importance, i.source_kind,"
        " i.urgency, i.responsible_person_id, i.follow_up_id, p.name AS responsible_name, f.name AS follow_up_name"
        " FROM items i LEFT JOIN people p ON p.id = i.responsible_person_id"
        f" LEFT JOIN people f ON f.id = i.follow_up_id WHERE i.id = $1 AND {condition}",
        item_id,
        *args,
    )
    if row is None:
        raise NotFound
    settings = (await pack_in_force(actor.org_id)).settings
    tasks = await _tasks(actor, item_id, row["handling_unit_id"])
    together = [one for one in tasks if one.kind != "COORDINATE"]
    mine = next((one for one in together if one.unit.id == actor.unit_id), None)
    acts: list[str] = []
    if mine is not None and actor.has(*UNIT_ROLES) and len(together) > 1:
        acts.append("raise_disagreement")
        if mine.kind == "ASSIST" and mine.state != "ASSIGNED":
            acts.append("contribute")
    drafts = actor.may(Permission.SLIP_DRAFT)
    return AssignmentView(
        item=queries.item_view(row, item_id),
        mode=Mode(row["mode"]) if row["mode"] else None,
        mode_reason=row["mode_reason"],
        responsible=named(row["responsible_person_id"], row["responsible_name"]),
        follow_up=named(row["follow_up_id"], row["follow_up_name"]),
        mail_permitted=mail_permitted(row["importance"], row["source_kind"], row["urgency"]),
        self_allowed=settings.self_handling_allowed,
        oral_allowed=settings.oral_notice_allowed,
        slips=await _slips(actor, item_id),
        tasks=tasks,
        contributions=await _contributions(actor, item_id, row["handling_unit_id"]),
        disagreements=await _of_item(actor, item_id),
        participants=await _participants([one.unit.id for one in together]) if "raise_disagreement" in acts else (),
        drafts=tuple(one for one in Series if drafts and ItemState(row["item_state"]) in ISSUABLE[one]),
        proposed=ProposedView(
            unit_id=row["handling_unit_id"],
            person_id=row["responsible_person_id"],
            assist_unit_ids=tuple(row["assist_unit_ids"]),
            task=row["task"],
            requirement=row["requirement"],
        )
        if drafts
        else None,
        acts=tuple(acts),
    )


async def assignment_of_task(actor: Actor, task_id: UUID) -> AssignmentView:
    """Who handles the item of a task.

    Raises:
        NotFound: no such task in the actor's scope.
    """
    item_id = await db.fetch_value(
        "SELECT item_id FROM item_tasks WHERE id = $1 AND org_id = $2", task_id, actor.org_id
    )
    if item_id is None:
        raise NotFound
    return await assignment(actor, item_id)


async def disagreement(actor: Actor, disagreement_id: UUID) -> DisagreementView:
    """One disagreement.

    Raises:
        NotFound: none such in the actor's scope.
    """
    condition, args = visible_to(actor, 2)
    row = await db.fetch_one(f"{_DISAGREEMENT} WHERE g.id = $1 AND {condition}", disagreement_id, *args)
    if row is None:
        raise NotFound
    return (await _views(actor, [row]))[0]


async def open_disagreements(actor: Actor, *, cursor: str | None, limit: int = PAGE) -> DisagreementList:
    """Disagreements not settled, the oldest first: the office sees where work is stuck between units."""
    key, last = read_cursor(cursor, datetime)
    condition, args = visible_to(actor, 4)
    rows = await db.fetch(
        f"{_DISAGREEMENT} WHERE g.state <> 'SETTLED' AND {condition}"
        " AND ($1::timestamptz IS NULL OR (g.raised_at, g.id) > ($1, $2::uuid)) ORDER BY g.raised_at, g.id LIMIT $3",
        key,
        last,
        limit + 1,
        *args,
    )
    shown, following = page(list(rows), limit, "raised_at")
    return DisagreementList(disagreements=await _views(actor, shown), next_cursor=following)


async def _slips(actor: Actor, item_id: UUID) -> tuple[SlipRowView, ...]:
    found = await queries.slips(actor, item_id=item_id, state=None, unit_id=None, cursor=None, limit=200)
    return found.slips


async def _tasks(actor: Actor, item_id: UUID, lead_unit_id: UUID | None) -> tuple[TaskView, ...]:
    rows = await db.fetch(
        "SELECT t.*, u.name AS unit_name, p.name AS person_name, d.name AS finisher_name FROM item_tasks t"
        " JOIN units u ON u.id = t.unit_id JOIN people p ON p.id = t.person_id"
        " LEFT JOIN people d ON d.id = t.done_by WHERE t.item_id = $1 AND t.ended_at IS NULL"
        " ORDER BY array_position(ARRAY['LEAD', 'ASSIST', 'COORDINATE'], t.kind), t.created_at, u.name",
        item_id,
    )
    return tuple(
        TaskView(
            id=row["id"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
            kind=row["kind"],
            state=row["state"],
            person=NamedView(id=row["person_id"], name=row["person_name"]),
            due_at=row["due_at"],
            slip_id=row["slip_id"],
            done_at=row["done_at"],
            done_by=named(row["done_by"], row["finisher_name"]),
            result=row["result"] if inside(actor) or actor.unit_id in (row["unit_id"], lead_unit_id) else "",
            acts=("finish",) if _may_finish(actor, row) else (),
        )
        for row in rows
    )


def _may_finish(actor: Actor, row: Any) -> bool:
    mine = row["unit_id"] == actor.unit_id and actor.has(*FINISHERS)
    return bool(mine and row["kind"] == "COORDINATE" and row["state"] == "ACCEPTED")


async def _contributions(actor: Actor, item_id: UUID, lead_unit_id: UUID | None) -> tuple[ContributionView, ...]:
    """They go to the lead unit only; whoever gave them sees their own. The office reads them in the lead's report."""
    rows = await db.fetch(
        "SELECT c.*, u.name AS unit_name, p.name AS person_name FROM contributions c"
        " JOIN units u ON u.id = c.unit_id JOIN people p ON p.id = c.given_by"
        " WHERE c.item_id = $1 AND ($2::uuid = $3::uuid OR c.unit_id = $2) ORDER BY c.given_at, c.id LIMIT 200",
        item_id,
        actor.unit_id,
        lead_unit_id,
    )
    return tuple(
        ContributionView(
            id=row["id"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
            text=row["text"],
            given_by=NamedView(id=row["given_by"], name=row["person_name"]),
            given_at=row["given_at"],
        )
        for row in rows
    )


async def _of_item(actor: Actor, item_id: UUID) -> tuple[DisagreementView, ...]:
    rows = await db.fetch(f"{_DISAGREEMENT} WHERE g.item_id = $1 ORDER BY g.raised_at, g.id LIMIT 100", item_id)
    return await _views(actor, list(rows))


async def _participants(units: list[UUID]) -> tuple[PersonView, ...]:
    rows = await db.fetch(
        "SELECT p.id, p.name, p.unit_id, u.name AS unit_name, array_agg(g.role ORDER BY g.role) AS roles"
        " FROM people p JOIN units u ON u.id = p.unit_id"
        " JOIN role_grants g ON g.person_id = p.id AND g.revoked_at IS NULL AND g.role IN ('UHEAD', 'UDEP', 'LIAISON')"
        " WHERE p.unit_id = ANY($1::uuid[]) AND p.active GROUP BY p.id, u.id"
        " ORDER BY array_position($1::uuid[], p.unit_id), p.name",
        units,
    )
    return tuple(
        PersonView(
            id=row["id"],
            name=row["name"],
            unit=NamedView(id=row["unit_id"], name=row["unit_name"]),
            roles=tuple(Role(held) for held in row["roles"]),
        )
        for row in rows
    )


async def _views(actor: Actor, rows: list[Any]) -> tuple[DisagreementView, ...]:
    talks = await db.fetch(
        "SELECT c.*, h.name AS chair_name, o.name AS office_name, b.name AS recorder_name FROM consultations c"
        " LEFT JOIN people h ON h.id = c.chair_id LEFT JOIN people o ON o.id = c.office_person_id"
        " JOIN people b ON b.id = c.recorded_by WHERE c.disagreement_id = ANY($1::uuid[]) ORDER BY c.held_at, c.id",
        [row["id"] for row in rows],
    )
    present = await _present({one for talk in talks for one in talk["present"]})
    absent = await _unit_names({one for talk in talks for one in talk["absent_units"]})
    of: dict[UUID, list[ConsultationView]] = {}
    for talk in talks:
        view = ConsultationView(
            id=talk["id"],
            kind=talk["kind"],
            held_at=talk["held_at"],
            chair=named(talk["chair_id"], talk["chair_name"]),
            present=tuple(present[one] for one in talk["present"]),
            absent_units=tuple(absent[one] for one in talk["absent_units"]),
            office_person=named(talk["office_person_id"], talk["office_name"]),
            result=talk["result"],
            recorded_by=NamedView(id=talk["recorded_by"], name=talk["recorder_name"]),
            recorded_at=talk["recorded_at"],
        )
        of.setdefault(talk["disagreement_id"], []).append(view)
    return tuple(
        DisagreementView(
            id=row["id"],
            item=queries.item_view(row, row["item_id"]),
            subject=row["subject"],
            state=DisagreementState(row["state"]),
            raised_by=NamedView(id=row["raised_by"], name=row["raiser_name"]),
            raised_unit=NamedView(id=row["raised_unit_id"], name=row["raising_unit"]),
            raised_at=row["raised_at"],
            consultations=tuple(of.get(row["id"], ())),
            sent_up_at=row["sent_up_at"],
            settled_by=named(row["settled_by"], row["settler_name"]),
            settled_at=row["settled_at"],
            outcome=row["outcome"],
            acts=_acts(actor, row, bool(of.get(row["id"]))),
            version=row["version"],
        )
        for row in rows
    )


def _acts(actor: Actor, row: Any, consulted: bool) -> tuple[str, ...]:
    state = DisagreementState(row["state"])
    if state is DisagreementState.SETTLED:
        return ()
    acts: list[str] = []
    if actor.has(*UNIT_ROLES):
        acts.append("consult")  # the command asks further who took part
        if actor.unit_id == row["handling_unit_id"] and consulted and state is DisagreementState.OPEN:
            acts += ["settle", "send_up"]
    if actor.may(Permission.ITEM_SIGN) and state is DisagreementState.SENT_UP:
        acts.append("instruct")
    return tuple(acts)


async def _present(ids: set[UUID]) -> dict[UUID, PresentView]:
    rows = await db.fetch(
        "SELECT p.id, p.name, p.unit_id, u.name AS unit_name FROM people p JOIN units u ON u.id = p.unit_id"
        " WHERE p.id = ANY($1::uuid[])",
        list(ids),
    )
    return {
        row["id"]: PresentView(
            person=NamedView(id=row["id"], name=row["name"]), unit=NamedView(id=row["unit_id"], name=row["unit_name"])
        )
        for row in rows
    }


async def _unit_names(ids: set[UUID]) -> dict[UUID, NamedView]:
    rows = await db.fetch("SELECT id, name FROM units WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"]: NamedView(id=row["id"], name=row["name"]) for row in rows}
