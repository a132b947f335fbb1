"""Bytes, digests and trees for bundles made by hand. The tree in its plainest form (RFC 6962, 2.1): small and slow."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any
from uuid import uuid4

from server.kit import canonical


def jcs(value: Any) -> bytes:
    """Canonical bytes."""
    return canonical.encode(value)


def sha256(data: bytes) -> bytes:
    """Thirty-two bytes."""
    return hashlib.sha256(data).digest()


def b64u(data: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text: str) -> bytes:
    """What it encodes."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_id() -> str:
    """Any UUID."""
    return str(uuid4())


def ms(at: datetime) -> int:
    """Milliseconds since the epoch."""
    return int(at.timestamp() * 1000)


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + leaf)


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def root_of(tree: list[bytes]) -> bytes:
    """The root over leaf hashes."""
    if len(tree) < 2:
        return tree[0] if tree else sha256(b"")
    left = _split(len(tree))
    return sha256(b"\1" + root_of(tree[:left]) + root_of(tree[left:]))


def path_of(index: int, tree: list[bytes]) -> list[bytes]:
    """The inclusion path of a leaf, from the leaf up."""
    if len(tree) == 1:
        return []
    left = _split(len(tree))
    if index < left:
        return [*path_of(index, tree[:left]), root_of(tree[left:])]
    return [*path_of(index - left, tree[left:]), root_of(tree[:left])]


def growth_of(old: int, tree: list[bytes], whole: bool = True) -> list[bytes]:
    """The consistency proof from an old size."""
    if old == len(tree):
        return [] if whole else [root_of(tree)]
    left = _split(len(tree))
    if old <= left:
        return [*growth_of(old, tree[:left], whole), root_of(tree[left:])]
    return [*growth_of(old - left, tree[left:], False), root_of(tree[:left])]
