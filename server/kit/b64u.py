"""Unpadded base64url in its one canonical spelling: two texts never stand for the same bytes."""

from __future__ import annotations

import binascii

_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")  # what is not of this alphabet becomes what is of none
_FROM_STANDARD = bytes.maketrans(b"+/", b"-_")


def encode(data: bytes) -> str:
    """Unpadded base64url."""
    return binascii.b2a_base64(data, newline=False).translate(_FROM_STANDARD).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of a text.

    Raises:
        ValueError: padding, another alphabet, characters in between, or bits that no byte carries.
    """
    try:
        standard = text.encode("ascii").translate(_TO_STANDARD)
        data = binascii.a2b_base64(standard + b"=" * (-len(standard) % 4), strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    beyond = len(text) % 4  # characters of the last, incomplete group: they may carry bits that belong to no byte
    if beyond and encode(data[1 - beyond :]) != text[-beyond:]:
        raise ValueError("not base64url without padding")
    return data
