"""Names of people and units: what is written down of them, and how an act holds them without telling them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from server.access.errors import NameUnreadable
from server.kit import canonical
from server.kit.secrecy import refuse_state_secrets

# Control and format signs, private use, unassigned: what is not seen lets two different names look the same.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Nor are these, which count as letters, marks and symbols: fillers, selectors of a variant, the blank of Braille.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
)


def plain_name(text: str) -> str:
    """A name as it is kept: one space between words, composed, and every sign of it to be seen.

    Raises:
        NameUnreadable: it holds signs that nobody sees. StateSecretRefused.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if _BLANK.search(name) or any(unicodedata.category(sign) in _UNSEEN for sign in name):
        raise NameUnreadable
    refuse_state_secrets(name=name)
    return name


def digest(**told: str | None) -> str:
    """SHA-256 over the canonical JSON of what a row says: an act holds this, not the words (docs/threat-model.md)."""
    return hashlib.sha256(canonical.encode(told)).hexdigest()
