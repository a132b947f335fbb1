"""Subscribing a browser, unsubscribing it, and reading a notice."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from server.access.actor import Actor
from server.journal.work import UnitOfWork, unit_of_work
from server.kit.errors import IdReused, NotFound
from server.push import queries
from server.push.delivery import push_service
from server.push.events import NoticeRead, Subscribed, Unsubscribed
from server.push.rules import check_keys, checked_endpoint
from server.push.schemas import NoticeView, Subscribe, SubscriptionView

_MOST: Final = 20  # browsers of one person; the oldest makes room


async def subscribe(actor: Actor, cmd: Subscribe) -> SubscriptionView:
    """Send notices to this browser from now on. A browser belongs to who signed in last.

    Raises:
        EndpointRefused: not the address of a push service.
        BadSubscriptionKey: its keys are no keys.
        IdReused: the id is that of another subscription.
    """
    checked_endpoint(cmd.endpoint, local=push_service().local)
    check_keys(cmd.p256dh, cmd.auth)
    async with unit_of_work(actor, command_id=cmd.id) as work:
        same = await work.conn.fetchrow("SELECT * FROM push_subscriptions WHERE id = $1 FOR UPDATE", cmd.id)
        if same is not None:
            if (same["person_id"], same["endpoint"]) != (actor.person_id, cmd.endpoint):
                raise IdReused
            return _view(same)
        before = await work.conn.fetchrow(
            "DELETE FROM push_subscriptions WHERE endpoint = $1 RETURNING id, person_id", cmd.endpoint
        )
        if before is not None:
            work.record(Unsubscribed(subject_id=before["id"], person_id=before["person_id"]))
        await _make_room(work, actor)
        # Of two browsers tabs that subscribe the same endpoint at once, the second changes nothing.
        row = await work.conn.fetchrow(
            "INSERT INTO push_subscriptions"
            " (id, org_id, person_id, device_id, endpoint, p256dh, auth, created_at, failures, last_failure)"
            " VALUES ($1, $2, $3, (SELECT id FROM devices WHERE id = $4 AND person_id = $3), $5, $6, $7, $8, 0, '')"
            " ON CONFLICT (endpoint) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth,"
            " person_id = excluded.person_id, org_id = excluded.org_id RETURNING *",
            cmd.id,
            actor.org_id,
            actor.person_id,
            cmd.device_id,
            cmd.endpoint,
            cmd.p256dh,
            cmd.auth,
            work.at,
        )
        work.record(Subscribed(subject_id=row["id"], person_id=row["person_id"]))
        return _view(row)


async def unsubscribe(actor: Actor, subscription_id: UUID) -> None:
    """Send no more notices to this browser.

    Raises:
        NotFound: no such subscription of the actor's.
    """
    async with unit_of_work(actor) as work:
        gone = await work.conn.fetchval(
            "DELETE FROM push_subscriptions WHERE id = $1 AND person_id = $2 RETURNING id",
            subscription_id,
            actor.person_id,
        )
        if gone is None:
            raise NotFound
        work.record(Unsubscribed(subject_id=subscription_id, person_id=_person(actor)))


async def read_notice(actor: Actor, notice_id: UUID) -> NoticeView:
    """Mark a notice as read; reading it again changes nothing.

    Raises:
        NotFound: no such notice for the actor.
    """
    async with unit_of_work(actor) as work:
        notice = await queries.notice(actor, notice_id)
        if notice.read_at is not None:
            return notice
        await work.conn.execute("UPDATE notices SET read_at = $2 WHERE id = $1 AND read_at IS NULL", notice_id, work.at)
        work.record(NoticeRead(subject_id=notice_id, person_id=_person(actor)))
        return await queries.notice(actor, notice_id)


async def _make_room(work: UnitOfWork, actor: Actor) -> None:
    rows = await work.conn.fetch(
        "DELETE FROM push_subscriptions WHERE id IN (SELECT id FROM push_subscriptions WHERE person_id = $1"
        " ORDER BY created_at DESC, id DESC OFFSET $2) RETURNING id",
        actor.person_id,
        _MOST - 1,
    )
    for row in rows:
        work.record(Unsubscribed(subject_id=row["id"], person_id=_person(actor)))


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotFound  # the installation itself has no inbox
    return actor.person_id


def _view(row: Any) -> SubscriptionView:
    return SubscriptionView(
        id=row["id"],
        host=urlsplit(row["endpoint"]).hostname or "",
        device_id=row["device_id"],
        created_at=row["created_at"],
    )
