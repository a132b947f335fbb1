"""Sends the published checkpoint to each witness and keeps what they sign."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Final

import structlog

from server.kit import clock, db
from server.kit.jobs import Handler, Job, Task
from server.tlog import queries as log
from server.tlog.alarms import sound_everywhere
from server.tlog.anchors.failures import failed
from server.tlog.anchors.outside import WitnessBody, outside
from server.tlog.anchors.state import ALARMING
from server.tlog.anchors.wanting import COSIGN, last_cosigned
from server.tlog.queries import Checkpoint
from server.tlog.witnesses.client import NotCosigned, OtherSize, add_checkpoint
from server.tlog.witnesses.cosignatures import Cosignature

logger = structlog.get_logger(__name__)

_TRIES: Final = 3  # a witness that names another size each time is not asked for ever


async def cosign(task: Task) -> None:
    """Have one witness (``subject_id``) cosign the published checkpoint."""
    witness = next((one for one in outside().witnesses if one.id == task.subject_id), None)
    if witness is None:
        return
    async with db.connection() as conn:
        checkpoint = await log.published_checkpoint(conn)
        known, _ = await last_cosigned(conn, witness)
    if checkpoint is None or checkpoint.size <= known:
        return
    try:
        obtained = await _obtain(witness, checkpoint, known)
    except NotCosigned as refused:
        logger.warning("not_cosigned", witness=witness.name, code=refused.code, detail=refused.detail)
        async with db.connection() as conn:
            await failed(conn, "witness", witness.name, refused.code, refused.detail)
        if refused.code in ALARMING:
            proof = {"code": refused.code, "said": refused.detail, "checkpoint": checkpoint.note, "known_size": known}
            await sound_everywhere("SPLIT_VIEW", json.dumps(proof, ensure_ascii=False), witness=witness.name)
        return
    await db.execute(
        "INSERT INTO log_cosignatures (size, witness, key_id, line, signed_at, at) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT DO NOTHING",
        checkpoint.size,
        witness.key.name,
        witness.key.key_id,
        obtained.line,
        obtained.signed_at,
        clock.now(),
    )


async def _obtain(witness: WitnessBody, checkpoint: Checkpoint, old: int) -> Cosignature:
    """Ask, and ask again from the size that the witness names: it may have signed what never reached us."""
    for _ in range(_TRIES):
        proof: tuple[bytes, ...] = ()
        if 0 < old < checkpoint.size:
            async with db.connection() as conn:
                proof = await log.consistency(conn, old, checkpoint.size)
        answer = await asyncio.to_thread(add_checkpoint, witness.url, witness.key, checkpoint, old, proof)
        if isinstance(answer, Cosignature):
            return answer
        old = _next(answer, checkpoint, old)
    raise NotCosigned("malformed", "the witness names another size each time")


def _next(answer: OtherSize, checkpoint: Checkpoint, asked: int) -> int:
    if answer.size > checkpoint.size:
        # Published sizes only grow, so it saw leaves that this log does not have: rolled back, or not the only one.
        raise NotCosigned("ahead", f"the witness saw {answer.size} leaves, this log has published {checkpoint.size}")
    if answer.size == asked:
        raise NotCosigned("malformed", "the witness refuses the size that it names")
    return answer.size


HANDLERS: Mapping[Job, Handler] = {COSIGN: cosign}
