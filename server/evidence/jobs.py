"""Copies drawn from originals by the worker: thumbnail, preview, watermark. The original is only ever read."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from media import keys
from media.store import MediaStore, ObjectExists
from server.access.actor import system_actor
from server.evidence import facts
from server.evidence.events import CopyMade, DerivativesMade, OriginalReceived, OriginalUnreadable
from server.items.numbers import register_no
from server.journal.effects import Effects
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock, db, media
from server.kit.ids import new_id
from server.kit.jobs import Handler, Job, Task

if TYPE_CHECKING:
    from media import images
    from media.images import Caption, ImageFacts, Media, VideoFacts

DRAW_COPIES: Final = Job("evidence.draw_copies", attempts=6, first_pause=timedelta(seconds=5), concurrency=2)

ON_EVENT: Effects = {OriginalReceived: (DRAW_COPIES,)}

RECIPE: Final = "2"
"""Part of every copy's name. Nothing is replaced, so a new way of drawing takes the next number."""

_IN_MEMORY: Final = 32 * 1024 * 1024
_WEEKDAYS: Final = "一二三四五六日"

# Decoding takes whole seconds of a processor; two at a time leave the worker's loop free to answer.
_threads = ThreadPoolExecutor(2, thread_name_prefix="copies")


@dataclass(frozen=True, slots=True)
class _Drawn:
    kind: str
    name: str
    copy: images.Copy


@dataclass(frozen=True, slots=True)
class _Result:
    drawn: tuple[_Drawn, ...]
    found: ImageFacts | VideoFacts


async def draw_copies(task: Task) -> None:
    """Draw what is missing of the received originals of a capture; running twice draws nothing twice."""
    for row in await db.fetch(
        "SELECT o.*, c.captured_at, c.person_id, p.name AS author_name, s.name AS site_name, s.address,"
        " i.register_year, i.register_seq, i.title AS item_title, g.name AS org_name"
        " FROM originals o JOIN captures c ON c.id = o.capture_id JOIN people p ON p.id = c.person_id"
        " JOIN items i ON i.id = c.item_id JOIN organisations g ON g.id = c.org_id"
        " JOIN visits v ON v.id = c.visit_id"
        " LEFT JOIN sites s ON s.id = c.site_id AND (NOT s.embargoed OR s.id = v.site_id)"
        " WHERE o.capture_id = $1 AND o.org_id = $2 AND o.received_at IS NOT NULL AND o.unreadable IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM derivatives d WHERE d.capture_id = c.id AND d.kind = 'watermark'"
        "  AND d.source_sha256 = o.sha256) ORDER BY o.position",
        task.subject_id,
        task.org_id,
    ):
        await _draw_one(task.org_id, row)


HANDLERS: Mapping[Job, Handler] = {DRAW_COPIES: draw_copies}


async def _draw_one(org_id: UUID, row: Any) -> None:
    from media.images import ImageFacts, Unreadable  # the web process names this job and must not load the decoders

    store, sha256 = media.store(), bytes(row["sha256"]).hex()
    caption = caption_of(row, sha256)
    with tempfile.TemporaryDirectory(prefix="zhicha-copies-") as folder:
        source = await _load(store, keys.original_key(org_id, sha256), row["bytes"], Path(folder))
        try:
            result = await asyncio.get_running_loop().run_in_executor(
                _threads, _drawn, source, caption, row["capture_id"]
            )
        except Unreadable as unreadable:
            await _note_unreadable(org_id, row, sha256, unreadable.code)
            return
    if not result.drawn:  # a recording: whole, but there is nothing to draw
        return
    stored = [(one, *await _put(store, org_id, sha256, one)) for one in result.drawn]
    async with unit_of_work(system_actor(org_id)) as work:
        for one, key, digest, length in stored:
            await _note_copy(work, row, one, key, digest, length)
        if isinstance(result.found, ImageFacts):
            await _note_exif(work, row, result.found)
        work.record(
            DerivativesMade(
                subject_id=row["capture_id"],
                sha256=sha256,
                kinds=tuple(one.kind for one in result.drawn),
                copies=tuple(
                    CopyMade(one.kind, digest, RECIPE, one.copy.width, one.copy.height) for one, _, digest, _ in stored
                ),
            )
        )


async def _load(store: MediaStore, key: str, length: int, folder: Path) -> Media:
    pieces = await store.open(key)
    if length <= _IN_MEMORY:
        return b"".join([piece async for piece in pieces])
    path = folder / "original"
    with path.open("wb") as file:
        async for piece in pieces:
            await asyncio.to_thread(file.write, piece)
    return path


def _drawn(source: Media, caption: Caption, capture_id: UUID) -> _Result:
    from media import images

    found = images.inspect(source)
    if isinstance(found, images.VideoFacts):
        return _Result((), found)
    copies = images.draw_copies(source, caption)
    # The phone's own preview came earlier but nobody signed it: what is judged must be drawn from what was signed.
    drawn = [
        _Drawn("thumb", f"thumb-{RECIPE}.webp", copies.thumbnail),
        _Drawn("preview", f"preview-{RECIPE}.jpg", copies.preview),
    ]
    if copies.watermark is not None:
        # Its caption belongs to this capture, not only to these bytes.
        drawn.append(_Drawn("watermark", f"watermark-{capture_id}-{RECIPE}.jpg", copies.watermark))
    return _Result(tuple(drawn), found)


async def _put(store: MediaStore, org_id: UUID, sha256: str, one: _Drawn) -> tuple[str, str, int]:
    key = keys.derivative_key(org_id, sha256, one.name)
    data = one.copy.data
    digest = hashlib.sha256(data).hexdigest()
    try:
        await store.put_whole(key, data, digest, content_type=one.copy.media_type)
    except ObjectExists:  # drawn before, for another capture of the same photo or by a run that died here
        data = b"".join([piece async for piece in await store.open(key)])
        digest = hashlib.sha256(data).hexdigest()
    return key, digest, len(data)


async def _note_copy(work: UnitOfWork, row: Any, one: _Drawn, key: str, digest: str, length: int) -> None:
    await work.conn.execute(
        "INSERT INTO derivatives (id, org_id, capture_id, kind, source_sha256, sha256, bytes, media_type, store_key,"
        " params, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        new_id(),
        work.actor.org_id,
        row["capture_id"],
        one.kind,
        row["sha256"],
        bytes.fromhex(digest),
        length,
        one.copy.media_type,
        key,
        f'{{"recipe":"{RECIPE}","width":{one.copy.width},"height":{one.copy.height}}}',
        work.at,
    )


async def _note_exif(work: UnitOfWork, row: Any, found: ImageFacts) -> None:
    camera = " ".join(part for part in (found.make, found.model) if part)
    exif = facts.Exif(
        taken_at=found.taken_at.isoformat() if found.taken_at else None,
        camera=camera or None,
        lat_e7=round(found.gps.latitude * 1e7) if found.gps else None,
        lon_e7=round(found.gps.longitude * 1e7) if found.gps else None,
        orientation=found.orientation,
    )
    encoded = facts.encode(exif).decode()
    await work.conn.execute("UPDATE originals SET exif = $2::jsonb WHERE id = $1 AND exif IS NULL", row["id"], encoded)
    if row["position"] > 0:
        return
    await work.conn.execute(
        "UPDATE captures SET facts = jsonb_set(facts, '{exif}', $2::jsonb) WHERE id = $1",
        row["capture_id"],
        encoded,
    )


async def _note_unreadable(org_id: UUID, row: Any, sha256: str, reason: str) -> None:
    async with unit_of_work(system_actor(org_id)) as work:
        noted = await work.conn.fetchval(
            "UPDATE originals SET unreadable = $2 WHERE id = $1 AND unreadable IS NULL RETURNING id", row["id"], reason
        )
        if noted is not None:
            work.record(OriginalUnreadable(subject_id=row["capture_id"], sha256=sha256, reason=reason))


def caption_of(row: Any, sha256: str) -> Caption:
    """What the band of the watermarked copy says: time in Shanghai, place, inspector, item, beginning of the digest.

    A file that was picked was photographed nobody knows when; the time is then that of its signature, and says so.
    """
    from media.images import Caption

    at = row["captured_at"].astimezone(clock.SHANGHAI)
    place = " ".join(part for part in (row["site_name"], row["address"]) if part)
    rows = [
        ("地点", place or "未登记场所"),
        ("督查员", row["author_name"]),
        ("事项", f"{register_no(row['register_year'], row['register_seq'])} {row['item_title']}"),
    ]
    if row["source"] != "camera":
        rows.append(("来源", "从手机文件选取，不是当场拍摄；时间为存入时间"))
    return Caption(
        time=at.strftime("%H:%M:%S"),
        date=f"{at:%Y-%m-%d} 星期{_WEEKDAYS[at.weekday()]}",
        rows=tuple(rows),
        mark=f"SHA-256 {sha256[:16]}",
        issuer=row["org_name"],
    )
