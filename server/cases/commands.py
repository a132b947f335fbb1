"""Drafting accountability cases, citing evidence, proposing. Nothing here punishes anybody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.cases.errors import (
    AnotherItem,
    CaptureDiscarded,
    CaptureRejected,
    EvidenceNotAccepted,
    FactsMissing,
    FindingNotEstablished,
    ReceiptOutstanding,
)
from server.cases.events import CaseDrafted, CaseProposed, CaseRevised, EvidenceCited, EvidenceWithdrawn
from server.cases.lifecycle import LIFECYCLE, CaseState
from server.cases.schemas import CiteEvidence, DraftCase, ReviseCase
from server.cases.scope import visible_to
from server.findings import queries as findings
from server.findings.lifecycle import FindingState
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import ChangedMeanwhile, IdReused, NotFound, WrongState
from server.kit.ids import new_id
from server.kit.lifecycle import next_step
from server.visits.scope import visible_to as visit_visible_to


async def draft(actor: Actor, cmd: DraftCase) -> None:
    """Open a draft from a finding, citing captures; the same id with the same content again changes nothing.

    Raises:
        NotFound: no such finding or capture, or none that exists for the actor.
        FindingNotEstablished, AnotherItem, CaptureRejected, CaptureDiscarded, StateSecretRefused, IdReused: as named.
    """
    refuse_state_secrets(title=cmd.title, facts=cmd.facts)
    step = next_step(LIFECYCLE, None, "draft")
    must_take(step, actor.roles)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        finding = await findings.finding_row(actor, cmd.finding_id)
        if finding["state"] == FindingState.NOT_ESTABLISHED:
            raise FindingNotEstablished
        made = await work.conn.fetchval(
            "INSERT INTO cases (id, org_id, item_id, title, facts, state, drafted_by, drafted_at, version)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT (id) DO NOTHING RETURNING id",
            cmd.id,
            actor.org_id,
            finding["item_id"],
            cmd.title.strip(),
            cmd.facts.strip(),
            step.target,
            actor.person_id,
            work.at,
        )
        if made is None:
            await _must_be_same(work, actor, cmd)
            return
        await work.conn.execute(
            "INSERT INTO case_findings (id, org_id, case_id, finding_id) VALUES ($1, $2, $3, $4)",
            new_id(),
            actor.org_id,
            cmd.id,
            cmd.finding_id,
        )
        work.record(CaseDrafted(subject_id=cmd.id, finding_id=cmd.finding_id))
        # In one order everywhere, so that two drafts citing the same captures cannot wait for each other for ever.
        for capture_id in sorted(set(cmd.capture_ids)):
            await _cite(work, actor, cmd.id, finding["item_id"], capture_id)


async def revise(actor: Actor, case_id: UUID, cmd: ReviseCase, *, expected: int | None = None) -> None:
    """Change the wording of a draft.

    Raises:
        NotFound, WrongState, StateSecretRefused, ChangedMeanwhile: as named.
    """
    refuse_state_secrets(title=cmd.title or "", facts=cmd.facts or "")
    async with unit_of_work(actor) as work:
        case = await _draft_for_update(work, actor, case_id, "revise", expected)
        await work.conn.execute(
            "UPDATE cases SET title = $2, facts = $3, version = version + 1 WHERE id = $1",
            case_id,
            case["title"] if cmd.title is None else cmd.title.strip(),
            case["facts"] if cmd.facts is None else cmd.facts.strip(),
        )
        work.record(CaseRevised(subject_id=case_id))


async def cite(actor: Actor, case_id: UUID, cmd: CiteEvidence, *, expected: int | None = None) -> None:
    """Cite a capture in a draft by the hash of its statement; citing it twice changes nothing.

    Raises:
        NotFound, WrongState, AnotherItem, CaptureRejected, CaptureDiscarded, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        case = await _draft_for_update(work, actor, case_id, "cite", expected)
        if await _cite(work, actor, case_id, case["item_id"], cmd.capture_id):
            await _touch(work, case_id)


async def withdraw(actor: Actor, case_id: UUID, capture_id: UUID, *, expected: int | None = None) -> None:
    """Withdraw a citation from a draft; the row stays with the time of withdrawal.

    Raises:
        NotFound: no such case, or it does not cite the capture.
        WrongState, ChangedMeanwhile: as named.
    """
    async with unit_of_work(actor) as work:
        await _draft_for_update(work, actor, case_id, "withdraw", expected)
        cited = await work.conn.fetchval(
            "UPDATE case_evidence SET withdrawn_at = $3 WHERE case_id = $1 AND capture_id = $2 AND withdrawn_at IS NULL"
            " RETURNING statement_sha256",
            case_id,
            capture_id,
            work.at,
        )
        if cited is None:
            raise NotFound
        await _touch(work, case_id)
        work.record(EvidenceWithdrawn(subject_id=case_id, capture_id=capture_id, statement_sha256=cited.hex()))


async def propose(actor: Actor, case_id: UUID, *, expected: int | None = None) -> None:
    """Lay the case before those who may decide: facts stated, evidence cited, accepted and received whole.

    Raises:
        NotFound, WrongState, NotYourStep, FactsMissing, EvidenceNotAccepted, ReceiptOutstanding, ChangedMeanwhile: as
        named.
    """
    async with unit_of_work(actor) as work:
        case = await _case_for_update(work, actor, case_id, expected)
        step = next_step(LIFECYCLE, CaseState(case["state"]), "propose")
        must_take(step, actor.roles)
        if not case["facts"].strip():
            raise FactsMissing
        cited = await work.conn.fetch(
            "SELECT e.statement_sha256, c.decision, c.discarded_at, c.originals_received, c.originals_total"
            " FROM case_evidence e JOIN captures c ON c.id = e.capture_id"
            " WHERE e.case_id = $1 AND e.withdrawn_at IS NULL ORDER BY e.id FOR SHARE OF c",
            case_id,
        )
        if not cited or any(row["decision"].upper() != "ACCEPTED" or row["discarded_at"] for row in cited):
            raise EvidenceNotAccepted
        if any(row["originals_received"] < row["originals_total"] for row in cited):
            raise ReceiptOutstanding
        await work.conn.execute(
            "UPDATE cases SET state = $2, proposed_by = $3, proposed_at = $4, version = version + 1 WHERE id = $1",
            case_id,
            step.target,
            actor.person_id,
            work.at,
        )
        work.record(CaseProposed(subject_id=case_id, statements=tuple(row["statement_sha256"].hex() for row in cited)))


async def _cite(work: UnitOfWork, actor: Actor, case_id: UUID, item_id: UUID, capture_id: UUID) -> bool:
    """Cite one capture; its row is locked, so that a discard at the same moment waits for the outcome."""
    condition, args = visit_visible_to(actor, 2)
    capture = await work.conn.fetchrow(
        "SELECT c.item_id, c.decision, c.discarded_at, c.statement_sha256 FROM captures c"
        f" JOIN visits v ON v.id = c.visit_id WHERE c.id = $1 AND {condition} FOR UPDATE OF c",
        capture_id,
        *args,
    )
    if capture is None:
        raise NotFound
    if capture["item_id"] != item_id:
        raise AnotherItem
    if capture["discarded_at"] is not None:
        raise CaptureDiscarded
    if capture["decision"].upper() == "REJECTED":
        raise CaptureRejected
    made = await work.conn.fetchval(
        "INSERT INTO case_evidence (id, org_id, case_id, capture_id, statement_sha256, cited_by, cited_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (case_id, capture_id) WHERE withdrawn_at IS NULL DO NOTHING RETURNING id",
        new_id(),
        actor.org_id,
        case_id,
        capture_id,
        capture["statement_sha256"],
        actor.person_id,
        work.at,
    )
    if made is None:
        return False
    work.record(
        EvidenceCited(subject_id=case_id, capture_id=capture_id, statement_sha256=capture["statement_sha256"].hex())
    )
    return True


async def _case_for_update(work: UnitOfWork, actor: Actor, case_id: UUID, expected: int | None) -> Any:
    condition, args = visible_to(actor, 2)
    case = await work.conn.fetchrow(
        f"SELECT c.* FROM cases c WHERE c.id = $1 AND {condition} FOR UPDATE OF c", case_id, *args
    )
    if case is None:
        raise NotFound
    if expected is not None and case["version"] != expected:
        raise ChangedMeanwhile(params={"version": case["version"]})
    return case


async def _draft_for_update(work: UnitOfWork, actor: Actor, case_id: UUID, act: str, expected: int | None) -> Any:
    case = await _case_for_update(work, actor, case_id, expected)
    if case["state"] != CaseState.DRAFT:
        raise WrongState(params={"act": act, "state": case["state"], "allowed": []})
    return case


async def _touch(work: UnitOfWork, case_id: UUID) -> None:
    await work.conn.execute("UPDATE cases SET version = version + 1 WHERE id = $1", case_id)


async def _must_be_same(work: UnitOfWork, actor: Actor, cmd: DraftCase) -> None:
    row = await work.conn.fetchrow(
        "SELECT c.drafted_by, c.title, c.facts, f.finding_id FROM cases c JOIN case_findings f ON f.case_id = c.id"
        " WHERE c.id = $1 AND c.org_id = $2 AND f.finding_id = $3",
        cmd.id,
        actor.org_id,
        cmd.finding_id,
    )
    if row is None or tuple(row) != (actor.person_id, cmd.title.strip(), cmd.facts.strip(), cmd.finding_id):
        raise IdReused
