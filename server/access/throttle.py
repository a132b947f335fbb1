"""How often a password may be guessed: by account and source, so that nobody elsewhere can lock a person out.

Eight failures within fifteen minutes close an account to the source they came from, and to no other. A browser or phone
on which the person has signed in before carries a long-lived secret of its own (the cookie ``zhicha_known``, sent to
the sign-in alone) and is counted by that: whatever others try, it is not affected. Guesses from many sources at once
close the account, after ``_EVERYWHERE`` failures, to sources that it does not know.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from server.access.errors import TooManyAttempts
from server.kit import clock, db
from server.kit.ids import new_id, new_secret

_FAILURES: Final = 8
_EVERYWHERE: Final = 64
_WINDOW: Final = timedelta(minutes=15)

_turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()  # by account and source, while somebody waits


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sign-in comes from: the address, and the secret of a client that has signed in before, if it has one."""

    address: str
    known: str | None = None


class Attempt:
    """One guess at the password of an account; ``failed`` remembers it."""

    def __init__(self, login_sha256: bytes, bucket: bytes, *, known: bool) -> None:
        self._login_sha256 = login_sha256
        self._bucket = bucket
        self.known = known

    async def failed(self) -> None:
        """It was wrong."""
        await db.execute(
            "INSERT INTO sign_in_attempts (id, login_sha256, source_sha256, known, at) VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            self._login_sha256,
            self._bucket,
            self.known,
            clock.now(),
        )


@asynccontextmanager
async def attempt(login: str, source: Source) -> AsyncIterator[Attempt]:
    """One guess after the other for the same account and source: of many sent at once, eight are tried.

    Raises:
        TooManyAttempts: eight failures from this source, or ``_EVERYWHERE`` from sources not known.
    """
    name = login.strip().lower()
    login_sha256, known = _digest(name), await _is_known(name, source)
    bucket = _digest(f"known:{source.known}" if known else f"from:{_network(source.address)}")
    turn = _turns.setdefault(login_sha256 + bucket, asyncio.Lock())
    async with turn:
        row = await db.fetch_one(
            "SELECT count(*) FILTER (WHERE source_sha256 = $2) AS here, count(*) FILTER (WHERE NOT known) AS elsewhere"
            " FROM sign_in_attempts WHERE login_sha256 = $1 AND at > $3",
            login_sha256,
            bucket,
            clock.now() - _WINDOW,
        )
        assert row is not None
        if row["here"] >= _FAILURES or (not known and row["elsewhere"] >= _EVERYWHERE):
            raise TooManyAttempts(headers={"Retry-After": str(int(_WINDOW.total_seconds()))})
        yield Attempt(login_sha256, bucket, known=known)


async def remember_client(org_id: UUID, person_id: UUID) -> str:
    """A secret by which the client that has just signed in will be known; only its digest is kept."""
    secret = new_secret()
    await db.execute(
        "INSERT INTO known_clients (id, org_id, person_id, secret_sha256, created_at) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        org_id,
        person_id,
        _digest(secret),
        clock.now(),
    )
    return secret


async def _is_known(login: str, source: Source) -> bool:
    if source.known is None:
        return False
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM known_clients k JOIN people p ON p.id = k.person_id"
        " WHERE k.secret_sha256 = $1 AND lower(p.login) = $2 AND p.active)",
        _digest(source.known),
        login,
    )
    return found


def _network(address: str) -> str:
    """An IPv4 address; of IPv6 the /64, of which one household or office has 2⁶⁴ addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return parsed.exploded[:19]
    return str(parsed)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
