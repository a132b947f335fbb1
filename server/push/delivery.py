"""Sends one notice to one browser: encrypted for it (RFC 8291), signed by us (RFC 8292), saying nothing but "look"."""

from __future__ import annotations

import asyncio
import http.client
import json
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from server.kit import clock
from server.push.transport import Answer, PushTransport
from server.push.vapid import vapid_key
from server.settings import Settings

LIFETIME: Final = timedelta(hours=24)  # how long a push service keeps it for a phone that is off
_VALID: Final = timedelta(hours=12)  # of the signature; services refuse more than 24 hours
_TIMEOUT: Final = 10.0
_LONGEST_PAUSE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Target:
    """A browser's endpoint and its keys, base64url."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a delivery; ``status`` is 0 when the service could not be reached."""

    status: int
    detail: str
    retry_after: timedelta | None

    @property
    def arrived(self) -> bool:
        """The push service has taken it."""
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The browser has unsubscribed (RFC 8030, 7.3)."""
        return self.status in {404, 410}

    @property
    def worth_retrying(self) -> bool:
        """The service is busy, limiting, or not reachable."""
        return self.status in {0, 408, 429} or self.status >= 500


@dataclass(frozen=True, slots=True)
class PushService:
    """How this process delivers: in whose name, and whether to this very machine (tests)."""

    contact: str
    local: bool

    @classmethod
    def of(cls, settings: Settings) -> PushService:
        """As the settings say. Services want a contact without port or path."""
        contact = settings.push_contact
        if contact.startswith("https://"):
            contact = f"https://{urlsplit(contact).hostname}"
        return cls(contact, settings.push_local_endpoints)

    async def deliver(self, target: Target, notice_id: UUID) -> Outcome:
        """Send the notice; never raises for what a push service or the network does.

        Raises:
            EndpointRefused: the endpoint's host is not on the public internet (any more).
        """
        # Here, because only a worker that delivers needs it: two HTTP clients come with it.
        from py_vapid import Vapid02
        from pywebpush import WebPusher

        key = await vapid_key()
        parts = urlsplit(target.endpoint)
        claims: dict[str, str | int] = {
            "sub": self.contact,
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((clock.now() + _VALID).timestamp()),
        }
        headers = {**Vapid02(key).sign(claims), "Urgency": "normal", "Content-Type": "application/octet-stream"}
        pusher = WebPusher(
            {"endpoint": target.endpoint, "keys": {"p256dh": target.p256dh, "auth": target.auth}},
            requests_session=PushTransport(local=self.local),
        )
        try:
            answer: Answer = await asyncio.to_thread(
                pusher.send, payload(notice_id), headers, ttl=int(LIFETIME.total_seconds()), timeout=_TIMEOUT
            )
        except (OSError, http.client.HTTPException) as error:
            return Outcome(0, type(error).__name__, None)
        return Outcome(answer.status_code, answer.reason, _retry_after(answer.headers.get("retry-after", "")))


def payload(notice_id: UUID) -> bytes:
    """All that leaves the house: which notice to show. What it is about is read after unlocking and signing in."""
    return json.dumps({"v": 1, "notice": str(notice_id), "tag": "notice"}, separators=(",", ":")).encode()


def _retry_after(header: str) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3), at most an hour."""
    if not header:
        return None
    try:
        pause = timedelta(seconds=int(header))
    except ValueError:
        try:
            pause = parsedate_to_datetime(header) - clock.now()
        except (ValueError, TypeError):
            return None
    return min(max(pause, timedelta(0)), _LONGEST_PAUSE)


_held: PushService | None = None


def hold(service: PushService | None) -> None:
    """Make this the way in which the process delivers; the composition root's choice."""
    global _held
    _held = service


def push_service() -> PushService:
    """How this process delivers.

    Raises:
        RuntimeError: no composition root has said so.
    """
    if _held is None:
        raise RuntimeError("no push service; server.resources.open_resources chooses one")
    return _held
