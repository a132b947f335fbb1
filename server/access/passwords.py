"""Passwords as argon2id hashes: 19 MiB and 3 passes, one more than OWASP's minimum for that memory.

RFC 9106 also recommends 64 MiB; two sign-ins at once would then double the memory of a web process.
"""

from __future__ import annotations

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_PASSWORD: Final = 10

_hasher = PasswordHasher(time_cost=3, memory_cost=19 * 1024, parallelism=1)
_turn = asyncio.Semaphore(2)  # two at a time: each takes 19 MiB

# Checked when an account does not exist, so that the answer takes as long as for one that does.
_NOBODY = _hasher.hash("nobody signs in with this")


def hash_password(password: str) -> str:
    """The argon2id hash in PHC string format."""
    return _hasher.hash(password)


def fit(password: str, login: str, old: str | None = None) -> bool:
    """Whether a password may be chosen: long enough, neither the one before nor the account name."""
    return len(password) >= SHORTEST_PASSWORD and password != old and password.strip().lower() != login.lower()


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


async def password_matches(hashed: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; ``None`` takes the same time and never matches."""
    async with _turn:
        matched = await asyncio.to_thread(_matches, hashed or _NOBODY, password)
    return matched and hashed is not None
