"""审核, 审定, 退回, 不予立项: what leaders decide about a proposal (D1.4–D1.7)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server.access.actor import Actor
from server.access.steps import must_take
from server.items import steps
from server.items.approval_rules import check_signer
from server.items.commands import feedback
from server.items.commands.locking import item_for_update, must_be_version
from server.items.commands.propose import must_be_complete
from server.items.errors import AlreadySigned
from server.items.events import ItemEstablished, ItemRefused, ItemSentBack, ItemSigned
from server.items.kinds import SignatureKind
from server.items.lifecycle import LIFECYCLE, ItemState
from server.items.process_schemas import GiveReason, SignItem
from server.items.secrecy import refuse_state_secrets
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.ids import new_id
from server.kit.lifecycle import next_step

_ACT = {SignatureKind.FIRST: "review_first", SignatureKind.SECOND: "establish"}


async def sign(actor: Actor, item_id: UUID, cmd: SignItem, *, expected: int | None = None) -> None:
    """Sign the round under approval: the first signature leaves it there, the second establishes the item.

    Where the rules ask for one signature, the second is the only one.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused, ProposalIncomplete: as named.
        OwnItemProposal, AlreadySigned, OneSignatureDecides, SignedByYou, HeadMustSign: this signature is not this
            person's now.
    """
    refuse_state_secrets(opinion=cmd.opinion)
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, None)
        signed = await _signatures(work, row)
        if row["state"] == ItemState.ESTABLISHED and SignatureKind.SECOND in signed:
            raise AlreadySigned  # not merely a wrong state: somebody else was quicker
        step = next_step(LIFECYCLE, ItemState(row["state"]), _ACT[cmd.kind])
        must_take(step, actor.roles)
        check_signer(
            cmd.kind,
            actor.person_id,
            actor.roles,
            basis=row["basis_kind"],
            proposers=await _proposers(work, row),
            signed=signed,
            needed=row["signatures_needed"],
        )
        must_be_version(row, expected)  # only now: that somebody else signed says more than that something changed
        await must_be_complete(work, row)
        await work.conn.execute(
            "INSERT INTO item_signatures (id, org_id, item_id, round, kind, signer_id, signed_at, opinion)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            new_id(),
            actor.org_id,
            item_id,
            row["approval_round"],
            cmd.kind,
            actor.person_id,
            work.at,
            cmd.opinion.strip(),
        )
        await _move(work, item_id, step.target)
        data = {"round": row["approval_round"]}
        await steps.add(work, item_id, step.act, row["state"], step.target, cmd.opinion, data=data)
        event = ItemSigned if cmd.kind is SignatureKind.FIRST else ItemEstablished
        work.record(event(subject_id=item_id, round=row["approval_round"]))


async def send_back(actor: Actor, item_id: UUID, cmd: GiveReason, *, expected: int | None = None) -> None:
    """Send a proposal back to be changed. What was signed of this round stays on record and is void.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        step = next_step(LIFECYCLE, ItemState(row["state"]), "send_back")
        must_take(step, actor.roles)
        await work.conn.execute(
            "UPDATE items SET state = $2, approval_round = approval_round + 1, version = version + 1 WHERE id = $1",
            item_id,
            step.target,
        )
        data = {"round": row["approval_round"]}
        await steps.add(work, item_id, "send_back", row["state"], step.target, cmd.reason, data=data)
        work.record(ItemSentBack(subject_id=item_id, round=row["approval_round"]))


async def refuse(actor: Actor, item_id: UUID, cmd: GiveReason, *, expected: int | None = None) -> None:
    """Do not establish a matter (不予立项). Its number stays in the register; its origin is told.

    Raises:
        NotFound, WrongState, NotYourStep, ChangedMeanwhile, StateSecretRefused: as named.
    """
    refuse_state_secrets(reason=cmd.reason)
    async with unit_of_work(actor) as work:
        row = await item_for_update(work, actor, item_id, expected)
        step = next_step(LIFECYCLE, ItemState(row["state"]), "refuse")
        must_take(step, actor.roles)
        await _move(work, item_id, step.target)
        await steps.add(work, item_id, "refuse", row["state"], step.target, cmd.reason)
        await feedback.give(work, row, feedback.FeedbackKind.NOT_ESTABLISHED, cmd.reason)
        work.record(ItemRefused(subject_id=item_id, source_kind=row["source_kind"]))


async def _proposers(work: UnitOfWork, row: Any) -> set[UUID]:
    """Everybody who wrote at this proposal or sent it up: a colleague's last touch does not make it another's.

    The guard of the database and the desk ask the same function.
    """
    return set(await work.conn.fetchval("SELECT zhicha_item_writers($1)", row["id"]))


async def _signatures(work: UnitOfWork, row: Any) -> dict[str, UUID]:
    """The signatures of the present round, kind to person."""
    rows = await work.conn.fetch(
        "SELECT kind, signer_id FROM item_signatures WHERE item_id = $1 AND round = $2",
        row["id"],
        row["approval_round"],
    )
    return {one["kind"]: one["signer_id"] for one in rows}


async def _move(work: UnitOfWork, item_id: UUID, target: str) -> None:
    await work.conn.execute("UPDATE items SET state = $2, version = version + 1 WHERE id = $1", item_id, target)
