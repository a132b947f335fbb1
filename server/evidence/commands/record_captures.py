"""Recording captures: one, or a run of one session in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.access.actor import Actor
from server.evidence import facts, lateness
from server.evidence.commands.chain import (
    APPEND,
    Head,
    OpenChain,
    appended,
    chain_of,
    locked_head,
    must_belong,
    must_follow,
)
from server.evidence.commands.forks import forks_kept
from server.evidence.commands.receipts import (
    SignedStatement,
    StatementReceipt,
    must_equal,
    private_of,
    read,
    take,
)
from server.evidence.errors import StatementMismatch, StatementUnreadable
from server.evidence.events import CaptureRecorded
from server.evidence.places import Place, Places
from server.evidence.receiving import Promise, expect
from server.evidence.statements import BadStatement, Capture, Private, Signed, digest_bytes
from server.journal.commands_ledger import Delivery, claim
from server.journal.work import UnitOfWork, unit_of_work
from server.kit import clock
from server.kit.ids import new_id
from server.tlog.keys import log_signer


@dataclass(frozen=True, slots=True)
class RecordCapture:
    """A capture as it was delivered."""

    body: SignedStatement
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class _Read:
    signed: Signed[Capture]
    private_bytes: bytes | None
    private: Private | None


async def record_captures(actor: Actor, run: Sequence[RecordCapture]) -> list[StatementReceipt]:
    """Check and append a run of captures of one session, in the order of its chain; all or none.

    The time of a capture is the one that was signed at the shutter, never that of its arrival (R86). A statement
    that arrives after its phone was revoked is flagged, not refused.

    Raises:
        StatementUnreadable, SignatureInvalid, StatementMismatch: a statement is not what it should be.
        ChainGap, ChainConflict, SessionSealed: it does not follow the head of its chain.
    """
    read_run = [_read(cmd, actor) for cmd in run]
    chain = await chain_of(actor, read_run[0].signed.body.ses)
    for one in read_run:
        must_belong(one.signed, chain)
        must_equal("visit", one.signed.body.visit, chain.visit_id)
    signer = await log_signer()
    kept = forks_kept(actor, chain, [one.signed for one in read_run])
    async with kept, unit_of_work(actor, command_id=run[0].delivery.id if len(run) == 1 else None) as work:
        receipts = take(work, signer, [one.signed for one in read_run])
        await claim(work.conn, actor, [cmd.delivery for cmd in run], receipts, work.at)
        head = await locked_head(work, chain)
        must_follow([one.signed for one in read_run], head)
        for one, flags in zip(read_run, await _insert(work, chain, head, read_run), strict=True):
            work.record(
                CaptureRecorded(
                    subject_id=one.signed.body.id,
                    visit_id=chain.visit_id,
                    session_id=chain.id,
                    seq=one.signed.body.seq,
                    statement_sha256=one.signed.sha256.hex(),
                    flags=flags,
                )
            )
    expect(actor, _promises(read_run))
    return receipts


def _promises(run: Sequence[_Read]) -> list[Promise]:
    return [
        Promise(one.signed.body.id, one.signed.body.visit, digest_bytes(medium.sha256).hex(), medium.bytes, medium.type)
        for one in run
        for medium in one.signed.body.media
    ]


def _read(cmd: RecordCapture, actor: Actor) -> _Read:
    signed = read(Capture, cmd.body)
    must_equal("id", signed.body.id, cmd.delivery.id)
    digests = [medium.sha256 for medium in signed.body.media]
    try:
        for digest in digests:
            digest_bytes(digest)
    except BadStatement as error:
        raise StatementUnreadable(str(error)) from error
    if len(set(digests)) < len(digests):
        raise StatementUnreadable("the same file is named twice")
    private_bytes, private = private_of(Private, cmd.body, signed.body.priv_h)
    if private is not None:
        must_equal("who", private.who, actor.person_id)
    return _Read(signed, private_bytes, private)


async def _around(work: UnitOfWork, chain: OpenChain) -> tuple[Places, facts.Previous | None]:
    """The sites of the visit's item, and the chain's last capture."""
    rows = await work.conn.fetch(
        "SELECT v.item_id, v.site_id, s.id, s.lat_e7 AS site_lat, s.lon_e7 AS site_lon, s.radius_m, s.embargoed,"
        " b.wall_ms, b.mono_ms, b.lat_e7, b.lon_e7, b.fix_ms FROM visits v"
        " JOIN sites s ON s.id = v.site_id OR s.item_id = v.item_id"
        " LEFT JOIN LATERAL (SELECT wall_ms, mono_ms, lat_e7, lon_e7, fix_ms FROM captures"
        "  WHERE session_id = $2 ORDER BY seq DESC LIMIT 1) b ON true WHERE v.id = $1",
        chain.visit_id,
        chain.id,
    )
    places = Places(
        rows[0]["item_id"],
        rows[0]["site_id"],
        {row["id"]: Place(row["site_lat"], row["site_lon"], row["radius_m"], hidden=row["embargoed"]) for row in rows},
    )
    return places, facts.previous_of(rows[0] if rows[0]["wall_ms"] is not None else None)


async def _insert(work: UnitOfWork, chain: OpenChain, head: Head, run: Sequence[_Read]) -> list[tuple[str, ...]]:
    """Append statements, captures and originals: one round trip for all of a run. Returns the flags of each capture."""
    places, previous = await _around(work, chain)
    flags: tuple[str, ...] = ()
    if head.revoked or head.revocation_asked:
        flags = (facts.AFTER_REVOCATION if head.revoked else facts.REVOCATION_ASKED,)
    received_ms = clock.to_ms(work.at)
    rows: list[tuple[Any, ...]] = []
    flagged: list[tuple[str, ...]] = []
    for one in run:
        body, gps = one.signed.body, one.private.gps if one.private else None
        must_equal("item", body.item, places.item_id)
        if body.site is not None and body.site not in places.sites:
            raise StatementMismatch("“site” belongs to another item", params={"field": "site"})
        other = places.other(body.site, gps)
        said = (*flags, facts.LATE) if lateness.is_late(body.clock.wall_ms, received_ms) else flags
        found = facts.gather(body, one.private, previous, chain.opening, flags=said, other_site=other)
        flagged.append(found.flags)
        lat_e7, lon_e7, acc_cm, fix_ms = (gps.lat_e7, gps.lon_e7, gps.acc_cm, gps.ts_ms) if gps else (None,) * 4
        rows.append(
            (
                body.id,
                body.item,
                body.site,
                body.seq,
                one.signed.sha256,
                one.signed.env_sha256,
                clock.from_ms(body.clock.wall_ms),
                body.clock.wall_ms,
                body.clock.mono_ms,
                lat_e7,
                lon_e7,
                acc_cm,
                fix_ms,
                places.distance(body.site, gps),
                ((one.private.note if one.private else None) or "").replace("\0", ""),  # no text of PostgreSQL's
                len(body.media),
                facts.encode(found).decode(),
            )
        )
        previous = facts.Previous(body.clock.wall_ms, body.clock.mono_ms, lat_e7, lon_e7, fix_ms)
    media = [
        (
            new_id(),
            one.signed.body.id,
            position,
            digest_bytes(medium.sha256),
            medium.bytes,
            medium.type,
            medium.w,
            medium.h,
            medium.src,
        )
        for one in run
        for position, medium in enumerate(one.signed.body.media)
    ]
    await work.conn.execute(
        _RECORD,
        *appended(work, chain, [one.signed for one in run], [one.private_bytes for one in run]),
        chain.visit_id,
        work.actor.person_id,
        chain.device_id,
        *map(list, zip(*rows, strict=True)),
        *map(list, zip(*media, strict=True)),
    )
    return flagged


_RECORD = (
    f"WITH {APPEND}, recorded AS ("
    "INSERT INTO captures (org_id, session_id, visit_id, person_id, device_id, received_at, id, item_id, site_id,"
    " seq, statement_sha256, env_sha256, captured_at, wall_ms, mono_ms, lat_e7, lon_e7, acc_cm, fix_ms,"
    " distance_m, note, originals_total, facts)"
    " SELECT $1, $2, $14, $15, $16, $3, id, item_id, site_id, seq, sha, env, at, wall, mono, lat, lon, acc, fix,"
    " distance, note, total, facts::jsonb FROM unnest($17::uuid[], $18::uuid[], $19::uuid[], $20::int[],"
    " $21::bytea[], $22::bytea[], $23::timestamptz[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[],"
    " $28::bigint[], $29::bigint[], $30::int[], $31::text[], $32::int[], $33::text[])"
    " AS u (id, item_id, site_id, seq, sha, env, at, wall, mono, lat, lon, acc, fix, distance, note, total, facts))"
    " INSERT INTO originals (org_id, id, capture_id, position, sha256, bytes, media_type, width, height, source)"
    " SELECT $1, * FROM unnest($34::uuid[], $35::uuid[], $36::int[], $37::bytea[], $38::bigint[], $39::text[],"
    " $40::int[], $41::int[], $42::text[])"
)
