"""What the state page shows of the outside bodies: who vouches, since when something waits, and what went wrong."""

from __future__ import annotations

from datetime import datetime

from server.kit import db
from server.kit.structs import View
from server.tlog import queries as log
from server.tlog.anchors.failures import Party, failures_since
from server.tlog.anchors.outside import Authority, WitnessBody, outside
from server.tlog.anchors.renewal import due
from server.tlog.anchors.wanting import last_cosigned, last_stamped, pending_stamps


class AttemptsView(View):
    """Failed attempts since the last success. ``code`` is stable and translated; ``detail`` is for the operator."""

    count: int
    last_at: datetime
    again_at: datetime
    code: str
    detail: str


class AuthorityView(View):
    """A time-stamp authority; ``pending_since`` is when the oldest want that it has not met was noted."""

    name: str
    size: int
    gen_time: datetime | None
    certificate_until: datetime | None
    pending_since: datetime | None
    attempts: AttemptsView | None


class WitnessView(View):
    """A witness. ``alarm``: it says that it saw another log, or more of it than there is; a person must look."""

    name: str
    size: int
    signed_at: datetime | None
    pending_since: datetime | None
    alarm: bool
    attempts: AttemptsView | None


class AnchorState(View):
    """The outside bodies. ``vouched``, ``witnessed``: false where nobody is configured or nobody ever answered."""

    vouched: bool
    witnessed: bool
    published_size: int
    published_at: datetime | None
    authorities: tuple[AuthorityView, ...]
    witnesses: tuple[WitnessView, ...]
    renewals_due: int


ALARMING = ("fork", "ahead")
"""Codes of a witness that saw another log, or more of it than there is."""


async def anchor_state(conn: db.Connection) -> AnchorState:
    """The state of all outside bodies that this process knows."""
    published = await log.published_checkpoint(conn)
    authorities = tuple([await _authority(conn, one) for one in outside().authorities])
    witnesses = tuple([await _witness(conn, one) for one in outside().witnesses])
    return AnchorState(
        vouched=any(one.gen_time for one in authorities),
        witnessed=any(one.signed_at for one in witnesses),
        published_size=published.size if published else 0,
        published_at=await conn.fetchval("SELECT max(at) FROM log_publications"),
        authorities=authorities,
        witnesses=witnesses,
        renewals_due=await due(conn),
    )


async def _authority(conn: db.Connection, authority: Authority) -> AuthorityView:
    last = await conn.fetchrow(
        "SELECT size, gen_time, certificate_until FROM log_anchors WHERE tsa = $1 ORDER BY size DESC LIMIT 1",
        authority.name,
    )
    pending = await pending_stamps(conn, authority.name)
    return AuthorityView(
        name=authority.name,
        size=last["size"] if last else 0,
        gen_time=last["gen_time"] if last else None,
        certificate_until=last["certificate_until"] if last else None,
        pending_since=pending.since if pending else None,
        attempts=await _attempts(conn, "tsa", authority.name, await last_stamped(conn, authority)),
    )


async def _witness(conn: db.Connection, witness: WitnessBody) -> WitnessView:
    size, at = await last_cosigned(conn, witness)
    attempts = await _attempts(conn, "witness", witness.name, at)
    return WitnessView(
        name=witness.name,
        size=size,
        signed_at=await conn.fetchval(
            "SELECT signed_at FROM log_cosignatures WHERE witness = $1 AND key_id = $2 AND size = $3",
            witness.key.name,
            witness.key.key_id,
            size,
        ),
        pending_since=await conn.fetchval("SELECT min(at) FROM log_publications WHERE size > $1", size),
        alarm=await conn.fetchval(
            "SELECT EXISTS (SELECT 1 FROM log_outside_failures WHERE party = 'witness' AND name = $1"
            " AND at > coalesce($2::timestamptz, '-infinity') AND code = ANY($3))",
            witness.name,
            at,
            list(ALARMING),
        ),
        attempts=attempts,
    )


async def _attempts(conn: db.Connection, party: Party, name: str, success: datetime | None) -> AttemptsView | None:
    failures = await failures_since(conn, party, name, success)
    if failures is None:
        return None
    return AttemptsView(
        count=failures.count,
        last_at=failures.last_at,
        again_at=failures.again_at,
        code=failures.code,
        detail=failures.detail,
    )
