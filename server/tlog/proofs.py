"""Checking proofs (RFC 9162, 2.1.3.2 and 2.1.4.2), for witnesses and audits; the writer of proofs is ``tree``. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

_LENGTH: Final = 32


class ProofFails(ValueError):
    """The proof does not show what it claims; the message says where it breaks."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 6962, 2.1): SHA-256 of 0x01 ‖ left ‖ right."""
    return hashlib.sha256(b"\1" + left + right).digest()


def check_inclusion(leaf: bytes, index: int, size: int, hashes: Sequence[bytes], root: bytes) -> None:
    """That the leaf with this hash has this index in the tree of this size and root.

    Raises:
        ProofFails: the proof does not show it.
    """
    if not 0 <= index < size:
        raise ProofFails("no such leaf in a tree of that size")
    _check_lengths(leaf, root, *hashes)
    place, last, total = index, size - 1, leaf
    for one in hashes:
        if last == 0:
            raise ProofFails("the proof is too long")
        if place & 1 or place == last:
            total = node_hash(one, total)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            total = node_hash(total, one)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFails("the proof is too short")
    if total != root:
        raise ProofFails("the proof leads to another root")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, hashes: Sequence[bytes]) -> None:
    """That the larger tree begins with all leaves of the smaller, unchanged.

    Raises:
        ProofFails: the proof does not show it; from size 0 nothing is ever shown.
    """
    if not 0 < old <= new:
        raise ProofFails("these sizes prove nothing")
    _check_lengths(old_root, new_root, *hashes)
    if old == new:
        if hashes or old_root != new_root:
            raise ProofFails("two trees of one size differ")
        return
    if not hashes:
        raise ProofFails("the proof is empty")
    path = [old_root, *hashes] if old & (old - 1) == 0 else list(hashes)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    was = total = path[0]
    for one in path[1:]:
        if last == 0:
            raise ProofFails("the proof is too long")
        if place & 1 or place == last:
            was, total = node_hash(one, was), node_hash(one, total)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            total = node_hash(total, one)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofFails("the proof is too short")
    if was != old_root or total != new_root:
        raise ProofFails("the proof leads to another root")


def grew(old: int, new: int, old_root: bytes, new_root: bytes, hashes: Sequence[bytes]) -> bool:
    """Whether the proof shows that a tree grew to the new one; any tree begins with the empty one, without a proof."""
    if old == 0:
        return not hashes and (new > 0 or new_root == hashlib.sha256().digest())
    try:
        check_consistency(old, new, old_root, new_root, hashes)
    except ProofFails:
        return False
    return True


def _check_lengths(*hashes: bytes) -> None:
    if any(len(one) != _LENGTH for one in hashes):
        raise ProofFails("a hash has 32 bytes")
