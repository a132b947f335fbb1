"""Originals whose bytes the store has although the database does not know that they came.

So it is after the database alone was put back to an older backup, or when the store's own backup has been put back
beside it. The phone deleted its copy when it had the receipt, so it cannot send the bytes again; it asks for them.

Knowing a digest is not having the bytes: what was received from somebody else is never taken for another's. What the
store has and nobody's record names is re-read as a whole, and taken only if it is what this capture's statement signed.
"""

from __future__ import annotations

import hashlib

from media.store import ObjectMissing
from server.evidence.commands.receive_media import Arrived, receive
from server.evidence.receiving import Awaited, Receipt
from server.kit import db, media
from server.sync.uploads_errors import OriginalNotHeld


async def receive_held(target: Awaited, length: int) -> Receipt:
    """Take note that an awaited original is in the store.

    Raises:
        OriginalNotHeld: it is not, it is damaged, or it came from somebody else.
    """
    if await _of_somebody_else(target) or not await _is_whole(target, length):
        raise OriginalNotHeld
    return await receive(Arrived(target, length, target.media_type))


async def _of_somebody_else(target: Awaited) -> bool:
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM originals o JOIN captures c ON c.id = o.capture_id WHERE o.org_id = $1"
        " AND o.sha256 = $2 AND o.received_at IS NOT NULL AND c.person_id IS DISTINCT FROM $3)",
        target.actor.org_id,
        bytes.fromhex(target.sha256),
        target.actor.person_id,
    )
    return found


async def _is_whole(target: Awaited, length: int) -> bool:
    digest = hashlib.sha256()
    try:
        if (await media.store().stat(target.store_key)).length != length:
            return False
        async for piece in await media.store().open(target.store_key):
            digest.update(piece)
    except ObjectMissing:
        return False
    return digest.hexdigest() == target.sha256
