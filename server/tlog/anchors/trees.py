"""The tree of a renewal: RFC 6962 over hashes of leaves held in memory. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf(token: bytes, message: bytes) -> bytes:
    """The leaf of an older token: SHA-256(0x00 ‖ token ‖ what it stamped). A token (DER) says itself where it ends."""
    return hashlib.sha256(b"\x00" + token + message).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over at least one leaf."""
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return _node(root(leaves[:k]), root(leaves[k:]))


def path(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """The hashes that lead from a leaf to the root, the sibling first."""
    if len(leaves) == 1:
        return ()
    k = _split(len(leaves))
    if index < k:
        return (*path(index, leaves[:k]), root(leaves[k:]))
    return (*path(index - k, leaves[k:]), root(leaves[:k]))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below the count."""
    k: int = 1 << ((count - 1).bit_length() - 1)
    return k
