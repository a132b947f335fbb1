"""The trail of one item: every act on it, in order, never changed (D1; R12, R16).

Every word that acts on an item adds its step here, in the transaction of the act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from server.journal.work import UnitOfWork
from server.kit.ids import new_id


async def add(
    work: UnitOfWork,
    item_id: UUID,
    act: str,
    source: StrEnum | str | None,
    target: StrEnum | str,
    opinion: str = "",
    attachment_id: UUID | None = None,
    data: Mapping[str, Any] | None = None,
) -> UUID:
    """Append a step; who and when are those of the unit of work. Returns the step's id.

    Args:
        work: the open transaction.
        item_id: the item acted on.
        act: the act's name in the lifecycle, or of an act that has a record of its own (催办, 延期).
        source: the state before; ``None`` at registration.
        target: the state after, the same where the act changes none.
        opinion: what the person wrote: an opinion or a reason.
        attachment_id: a file that belongs to this step.
        data: what else to show of it, as plain values.
    """
    step_id = new_id()
    await work.conn.execute(
        "INSERT INTO item_steps"
        " (id, org_id, item_id, act, from_state, to_state, actor_id, at, opinion, attachment_id, data)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::jsonb)",
        step_id,
        work.actor.org_id,
        item_id,
        act,
        None if source is None else str(source),
        str(target),
        work.actor.person_id,
        work.at,
        opinion.strip(),
        attachment_id,
        msgspec.json.encode(dict(data or {})).decode(),
    )
    return step_id


async def add_all(
    work: UnitOfWork, item_ids: Sequence[UUID], act: str, source: StrEnum | str | None, target: StrEnum | str
) -> None:
    """Append the same step to many items at once."""
    await work.conn.execute(
        "INSERT INTO item_steps (id, org_id, item_id, act, from_state, to_state, actor_id, at)"
        " SELECT s.id, $1, s.item_id, $2, $3, $4, $5, $6 FROM unnest($7::uuid[], $8::uuid[]) AS s (id, item_id)",
        work.actor.org_id,
        act,
        None if source is None else str(source),
        str(target),
        work.actor.person_id,
        work.at,
        [new_id() for _ in item_ids],
        list(item_ids),
    )
