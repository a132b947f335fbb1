"""书面报告: a unit that cannot finish in time says so before the limit is over, with reason and progress (R37)."""

from __future__ import annotations

from uuid import UUID

from server.access.actor import Actor
from server.items import steps
from server.items.commands.locking import item_for_update
from server.items.lifecycle import ItemState
from server.items.limit_rules import must_ask
from server.items.scope import must_lead
from server.items.secrecy import refuse_state_secrets
from server.items.timing_errors import NoLimitToExtend
from server.items.timing_events import WrittenReportFiled
from server.items.timing_schemas import FileWrittenReport
from server.journal.work import unit_of_work
from server.kit.errors import IdReused, WrongState

_WITH_THE_UNIT = (ItemState.ASSIGNED, ItemState.IN_PROGRESS)


async def file_written_report(
    actor: Actor, item_id: UUID, cmd: FileWrittenReport, *, expected: int | None = None
) -> None:
    """Keep a written report. One that comes too late is kept too, but does not make the item a reported one.

    Raises:
        NotFound, ChangedMeanwhile, WrongState, NotYourStep, AssistingUnitCannotReport, NoLimitToExtend,
        StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(reason=cmd.reason, progress=cmd.progress)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        item = await item_for_update(work, actor, item_id, expected)
        earlier = await work.conn.fetchrow(
            "SELECT org_id, item_id, filed_by, reason, progress FROM item_written_reports WHERE id = $1", cmd.id
        )
        if earlier is not None:
            if tuple(earlier) != (actor.org_id, item_id, actor.person_id, cmd.reason.strip(), cmd.progress.strip()):
                raise IdReused
            return
        must_ask(actor.roles, item["mode"])
        must_lead(actor, item)
        state = ItemState(item["state"])
        if state not in _WITH_THE_UNIT:
            raise WrongState(params={"act": "file_written_report", "state": state, "allowed": []})
        if item["due_at"] is None:
            raise NoLimitToExtend
        in_time = work.at <= item["due_at"]
        await work.conn.execute(
            "INSERT INTO item_written_reports (id, org_id, item_id, reason, progress, expected_on, unit_id, filed_by,"
            " filed_at, due_at, in_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            cmd.id,
            actor.org_id,
            item_id,
            cmd.reason.strip(),
            cmd.progress.strip(),
            cmd.expected_on,
            actor.unit_id,
            actor.person_id,
            work.at,
            item["due_at"],
            in_time,
        )
        await work.conn.execute("UPDATE items SET version = version + 1 WHERE id = $1", item_id)
        await steps.add(work, item_id, "file_written_report", state, state, cmd.reason, data={"in_time": in_time})
        work.record(WrittenReportFiled(subject_id=item_id, report_id=cmd.id, in_time=in_time))
