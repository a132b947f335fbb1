"""Cosignatures as text (c2sp.org/tlog-cosignature, ``cosignature/v1``): verify the lines that a witness answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from server.tlog import notes

_LENGTH: Final = 8 + 64  # time, signature
_CLOCKS_AGREE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified line (without its newline) and the time at which the witness says it signed."""

    line: str
    signed_at: datetime


def witness_key(vkey: str) -> notes.Verifier:
    """The key of a witness (signature type 0x04).

    Raises:
        notes.BadNote: it is none, or its id does not belong to it.
    """
    return notes.read_vkey(vkey, notes.COSIGNATURE)


def cosignature_of(signature: notes.SignatureLine, body: str, key: notes.Verifier) -> Cosignature | None:
    """The signature as this witness's over a checkpoint's body; ``None`` when it is somebody else's.

    Raises:
        notes.BadNote: it bears this witness's name and key id, but is wrong.
    """
    if (signature.name, signature.key_id) != (key.name, key.key_id):
        return None
    at = int.from_bytes(signature.signature[:8], "big")
    if len(signature.signature) != _LENGTH or not 0 < at < 2**37:  # beyond lies no year of the calendar
        raise notes.BadNote("the cosignature is not of the form of cosignature/v1")
    if not notes.verifies(key.public, signature.signature[8:], notes.cosigned(at, body)):
        raise notes.BadNote("the cosignature is wrong")
    line = notes.signature_line(key.name, key.key_id, signature.signature).rstrip("\n")
    return Cosignature(line, datetime.fromtimestamp(at, UTC))


def cosignature_in(answer: str, body: str, key: notes.Verifier, now: datetime) -> Cosignature:
    """This witness's cosignature in an answer to ``add-checkpoint``; lines of unknown keys are passed over.

    Raises:
        notes.BadNote: there is none, it is wrong, or its time is not now.
    """
    _, signatures = notes.read_note(f"{body}\n{answer}")
    found = [one for signature in signatures if (one := cosignature_of(signature, body, key))]
    if not found:
        raise notes.BadNote("the answer holds no cosignature of this witness")
    if abs(found[0].signed_at - now) > _CLOCKS_AGREE:
        raise notes.BadNote(f"the witness says {found[0].signed_at:%Y-%m-%d %H:%M:%S}Z")
    return found[0]
