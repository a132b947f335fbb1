"""Identifiers and secrets, minted here only."""

from __future__ import annotations

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A time-ordered UUIDv7 (RFC 9562, 5.7). Whoever creates a thing mints its id, so that retries are safe."""
    return uuid7()


def new_secret() -> str:
    """256 random bits, base64url: session tokens, CSRF tokens."""
    return secrets.token_urlsafe(32)
