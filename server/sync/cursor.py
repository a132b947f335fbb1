"""The place of one person in the change feed, sealed so that nobody can count what they may not see (decision 4)."""

from __future__ import annotations

import base64
import binascii
import os
import struct
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.kit.secrets import installation_secret

NOWHERE: Final = UUID(int=0)

_SECRET: Final = "pull_cursor"  # noqa: S105 (the secret's name)
_PURPOSE: Final = b"zhicha pull cursor 1"
_NONCE: Final = 12
_PLAIN: Final = struct.Struct(">QQ16s16sB16s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a person's phone stands.

    ``n`` is the last change taken into account and ``marker`` the id of that row: after a restored backup the row at
    ``n`` is missing or another, and the phone has to start anew. While the first copy of the scope is on its way,
    ``stage`` counts the kinds already sent and ``after`` is the last id of the kind under way; changes follow from
    ``n``, which was taken before the copy began.
    """

    person_id: UUID
    n: int
    marker: UUID
    stage: int
    after: UUID
    issued_ms: int


class CursorSeal:
    """Seals and opens positions under the installation's key. Equal positions never look equal; all are as long."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    async def of_installation(cls) -> CursorSeal:
        """The seal that all nodes of this installation share."""
        return cls(await installation_secret(_SECRET, lambda: AESGCM.generate_key(256)))

    def close(self, position: Position) -> str:
        """The cursor of a position: base64url, always of the same length."""
        plain = _PLAIN.pack(
            position.issued_ms,
            position.n,
            position.person_id.bytes,
            position.marker.bytes,
            position.stage,
            position.after.bytes,
        )
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, plain, _PURPOSE)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, cursor: str) -> Position | None:
        """The position of a cursor, or ``None`` when this installation did not seal it."""
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _PURPOSE)
            issued_ms, n, person, marker, stage, after = _PLAIN.unpack(plain)
        except (InvalidTag, ValueError, binascii.Error, struct.error):
            return None
        return Position(
            person_id=UUID(bytes=person),
            n=n,
            marker=UUID(bytes=marker),
            stage=stage,
            after=UUID(bytes=after),
            issued_ms=issued_ms,
        )
