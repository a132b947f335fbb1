"""Names of people and units: what is written down of them, and how an act holds them without telling them."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

from server.access.errors import NameUnreadable
from server.kit import canonical
from server.kit.secrecy import refuse_state_secrets

# Control and format signs, private use, unassigned: what is not seen lets two different names look the same.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def plain_name(text: str) -> str:
    """A name as it is kept: one space between words, composed, and every sign of it to be seen.

    Raises:
        NameUnreadable: it holds signs that nobody sees. StateSecretRefused.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if any(unicodedata.category(sign) in _UNSEEN for sign in name):
        raise NameUnreadable
    refuse_state_secrets(name=name)
    return name


def digest(**told: str | None) -> str:
    """SHA-256 over the canonical JSON of what a row says: an act holds this, not the words (docs/threat-model.md)."""
    return hashlib.sha256(canonical.encode(told)).hexdigest()
