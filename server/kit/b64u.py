"""Unpadded base64url in its one canonical spelling: two texts never stand for the same bytes."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64encode

_STANDARD = str.maketrans("-_", "+/")


def encode(data: bytes) -> str:
    """Unpadded base64url."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of a text.

    Raises:
        ValueError: padding, another alphabet, characters in between, or bits that no byte carries.
    """
    try:
        data = binascii.a2b_base64(text.translate(_STANDARD) + "=" * (-len(text) % 4), strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    if encode(data) != text:
        raise ValueError("not base64url without padding")
    return data
