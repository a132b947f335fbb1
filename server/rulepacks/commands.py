"""Drafting rule packs, laying them before a leader, taking them into force: never backwards, never by their drafter."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.errors import ChangedMeanwhile, FieldProblem, IdReused, InvalidInput, NotFound, NotPermitted
from server.kit.lifecycle import next_step
from server.kit.secrecy import refuse_state_secrets
from server.rulepacks import shipped
from server.rulepacks.errors import ForceInThePast, OwnDraft, PackProblems, ShippedName, UnknownPack
from server.rulepacks.events import (
    RulePackDrafted,
    RulePackEnacted,
    RulePackReturned,
    RulePackRevised,
    RulePackSubmitted,
    RulePackWithdrawn,
)
from server.rulepacks.lifecycle import LIFECYCLE, PackState
from server.rulepacks.reader import read_pack
from server.rulepacks.rules import RulePack
from server.rulepacks.schemas import DraftPack, EnactPack, ReturnPack, RevisePack


async def draft(actor: Actor, cmd: DraftPack) -> None:
    """Draft a version; the same id with the same content again changes nothing.

    Raises:
        InvalidInput: neither a text nor a shipped pack, or both.
        PackProblems: the text is broken.
        ShippedName: the text bears the id of a shipped pack.
        UnknownPack, StateSecretRefused, IdReused: as named.
    """
    if (cmd.text is None) == (cmd.shipped is None):
        problem = FieldProblem(field="text", code="one_of_two", detail="Give a text or the label of a shipped pack.")
        raise InvalidInput(errors=(problem,))
    if cmd.text is not None:
        pack_id, version = (await _own(cmd.text)).id, None
    else:
        taken = shipped.packs().get(cmd.shipped or "")
        if taken is None:
            raise UnknownPack(params={"label": cmd.shipped})
        pack_id, version = taken.id, taken.version
    step = next_step(LIFECYCLE, None, "draft")
    async with unit_of_work(actor, command_id=cmd.id) as work:
        # Two drafts of one pack wait for each other, so that each gets a number of its own.
        await work.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"rule_pack:{actor.org_id}")
        earlier = await work.conn.fetchrow("SELECT * FROM rule_pack_versions WHERE id = $1", cmd.id)
        if earlier is not None:
            same = (actor.org_id, pack_id, cmd.text or "", actor.person_id)
            if (earlier["org_id"], earlier["pack_id"], earlier["text"], earlier["drafted_by"]) != same:
                raise IdReused
            return
        if version is None:
            version = await work.conn.fetchval(
                "SELECT coalesce(max(version), 0) + 1 FROM rule_pack_versions WHERE org_id = $1 AND pack_id = $2",
                actor.org_id,
                pack_id,
            )
        await work.conn.execute(
            "INSERT INTO rule_pack_versions (id, org_id, pack_id, version, shipped, text, state, drafters, drafted_by,"
            " drafted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, ARRAY[$8::uuid], $8, $9)",
            cmd.id,
            actor.org_id,
            pack_id,
            version,
            cmd.text is None,
            cmd.text or "",
            step.target,
            actor.person_id,
            work.at,
        )
        work.record(RulePackDrafted(subject_id=cmd.id, label=f"{pack_id}@{version}"))


async def revise(actor: Actor, version_id: UUID, cmd: RevisePack, *, expected: int | None = None) -> None:
    """Change the text of a draft; its id stays.

    Raises:
        PackProblems: the text is broken, or bears another id.
        NotFound, WrongState, ChangedMeanwhile, StateSecretRefused: as named.
    """
    pack = await _own(cmd.text)
    async with unit_of_work(actor) as work:
        row, step = await _step(work, actor, version_id, "revise", expected)
        if row["shipped"] or pack.id != row["pack_id"]:
            raise _problem(
                "id",
                f"标识应保持“{row['pack_id']}”；要另立规则包，请新建草稿。",
                f"The id stays “{row['pack_id']}”; for another pack draft a new one.",
            )
        await work.conn.execute(
            "UPDATE rule_pack_versions SET text = $2, state = $3, revision = revision + 1,"
            " drafters = CASE WHEN $4 = ANY (drafters) THEN drafters ELSE drafters || $4::uuid END WHERE id = $1",
            version_id,
            cmd.text,
            step.target,
            actor.person_id,
        )
        work.record(RulePackRevised(subject_id=version_id, label=_label(row)))


async def submit(actor: Actor, version_id: UUID, *, expected: int | None = None) -> None:
    """Lay a draft before a leader; its text is fixed from then on.

    Raises:
        NotFound, WrongState, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        row, step = await _step(work, actor, version_id, "submit", expected)
        await work.conn.execute(
            "UPDATE rule_pack_versions SET state = $2, submitted_by = $3, submitted_at = $4, returned_why = '',"
            " revision = revision + 1 WHERE id = $1",
            version_id,
            step.target,
            actor.person_id,
            work.at,
        )
        work.record(RulePackSubmitted(subject_id=version_id, label=_label(row)))


async def give_back(actor: Actor, version_id: UUID, cmd: ReturnPack, *, expected: int | None = None) -> None:
    """Return a submitted version to the office, saying why.

    Raises:
        NotFound, WrongState, ChangedMeanwhile, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        row, step = await _step(work, actor, version_id, "return", expected)
        await work.conn.execute(
            "UPDATE rule_pack_versions SET state = $2, returned_why = $3, revision = revision + 1 WHERE id = $1",
            version_id,
            step.target,
            cmd.reason.strip(),
        )
        work.record(RulePackReturned(subject_id=version_id, label=_label(row)))


async def withdraw(actor: Actor, version_id: UUID, *, expected: int | None = None) -> None:
    """Withdraw a version that is not in force; it stays on record.

    Raises:
        NotFound, WrongState, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        row, step = await _step(work, actor, version_id, "withdraw", expected)
        await work.conn.execute(
            "UPDATE rule_pack_versions SET state = $2, revision = revision + 1 WHERE id = $1", version_id, step.target
        )
        work.record(RulePackWithdrawn(subject_id=version_id, label=_label(row)))


async def enact(actor: Actor, version_id: UUID, cmd: EnactPack, *, expected: int | None = None) -> None:
    """Take a version into force from a day on. Items keep the label, the rule and the date that they were made under.

    Raises:
        OwnDraft: the actor wrote some of it, or laid it before the leaders: in whichever role, one person is one.
        ForceInThePast: the day is over.
        NotFound, WrongState, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        row, step = await _step(work, actor, version_id, "enact", expected)
        if actor.person_id in row["drafters"] or actor.person_id == row["submitted_by"]:
            raise OwnDraft
        if cmd.in_force_from < clock.today():
            raise ForceInThePast
        await work.conn.execute(
            "UPDATE rule_pack_versions SET state = $2, enacted_by = $3, enacted_at = $4, in_force_from = $5,"
            " revision = revision + 1 WHERE id = $1",
            version_id,
            step.target,
            actor.person_id,
            work.at,
            cmd.in_force_from,
        )
        work.record(RulePackEnacted(subject_id=version_id, label=_label(row), in_force_from=cmd.in_force_from))


async def _own(text: str) -> RulePack:
    """The pack that an office wrote."""
    refuse_state_secrets(text=text)
    pack, problems = await asyncio.to_thread(read_pack, text, version=1)
    if pack is None:
        raise PackProblems(
            params={"problems": [{"line": p.line, "path": p.path, "zh": p.zh, "en": p.en} for p in problems]},
            errors=tuple(
                FieldProblem(field=f"text:{one.line}", code="pack_problem", detail=one.en) for one in problems
            ),
        )
    if pack.id in shipped.ids():
        raise ShippedName(params={"id": pack.id})
    return pack


def _problem(path: str, zh: str, en: str) -> PackProblems:
    return PackProblems(
        params={"problems": [{"line": 1, "path": path, "zh": zh, "en": en}]},
        errors=(FieldProblem(field="text:1", code="pack_problem", detail=en),),
    )


async def _step(work: UnitOfWork, actor: Actor, version_id: UUID, act: str, expected: int | None) -> tuple[Any, Any]:
    row = await work.conn.fetchrow(
        "SELECT * FROM rule_pack_versions WHERE id = $1 AND org_id = $2 FOR UPDATE", version_id, actor.org_id
    )
    if row is None:
        raise NotFound
    if expected is not None and row["revision"] != expected:
        raise ChangedMeanwhile(params={"version": row["revision"]})
    step = next_step(LIFECYCLE, PackState(row["state"]), act)
    if actor.roles.isdisjoint(step.by):
        raise NotPermitted(params={"act": act})
    return row, step


def _label(row: Any) -> str:
    return f"{row['pack_id']}@{row['version']}"
