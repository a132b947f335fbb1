"""The Merkle tree of RFC 6962/9162 over SHA-256: which hashes a proof consists of, and how the tree grows. Pure.

Kept are the leaf hashes and, for every fourth level above them, the hashes of complete subtrees (a fifteenth of the
leaves in number). Everything between is folded from at most eight neighbours when it is needed, so a proof over a
million leaves reads some eighty hashes, and nothing that is kept ever changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from server.tlog.proofs import node_hash

STEP: Final = 4
_BLOCK: Final = 1 << STEP

Node = tuple[int, int]
"""A complete subtree: its level (it has 2^level leaves) and its place among those of its level."""

Span = tuple[int, int]
"""Leaves from the first up to, not including, the second."""


def inclusion_spans(index: int, size: int) -> list[Span]:
    """What the hashes of an inclusion proof cover, from the leaf's sibling upwards.

    Raises:
        ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    spans: list[Span] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """What the hashes of a consistency proof cover; none when the sizes are equal.

    Raises:
        ValueError: from size 0 nothing can be proven, and no tree grows smaller.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof of consistency leads from {old} to {new}")
    spans: list[Span] = []
    start, stop = 0, new
    while old < stop:
        middle = start + _split(stop - start)
        if old <= middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    if start > 0:  # else the old tree is a complete subtree of the new one, whose hash the verifier has
        spans.append((start, stop))
    return spans[::-1]


def needed(spans: Iterable[Span]) -> set[Node]:
    """The kept hashes from which those of the spans are made."""
    return {kept for span in spans for node in _cover(*span) for kept in _kept(node)}


def span_hash(span: Span, hashes: Mapping[Node, bytes]) -> bytes:
    """The Merkle tree hash of the leaves in a span.

    Raises:
        KeyError: a hash that ``needed`` names is not there.
    """
    return _joined([_fold([hashes[kept] for kept in _kept(node)]) for node in _cover(*span)])


class Frontier:
    """The right edge of the tree: all that is needed to go on appending, and to know the root."""

    def __init__(self, size: int, hashes: Mapping[Node, bytes]) -> None:
        """At ``size`` leaves, from the hashes that ``Frontier.needed`` names.

        Raises:
            KeyError: one is not there.
        """
        self.size = size
        self._rows = [[hashes[node] for node in row] for row in _edge(size)]

    @staticmethod
    def needed(size: int) -> set[Node]:
        """The kept hashes at the edge of a tree."""
        return {node for row in _edge(size) for node in row}

    def append(self, leaf_hashes: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
        """Grow by these leaves; returns level, place and hash of every subtree to be kept that became complete."""
        complete: list[tuple[int, int, bytes]] = []
        level, hashes = 0, list(leaf_hashes)
        while hashes:
            if level // STEP == len(self._rows):
                self._rows.append([])
            row = self._rows[level // STEP] + hashes
            whole = len(row) - len(row) % _BLOCK
            hashes = [_fold(row[start : start + _BLOCK]) for start in range(0, whole, _BLOCK)]
            self._rows[level // STEP] = row[whole:]
            level += STEP
            first = self.size >> level
            complete.extend((level, first + n, one) for n, one in enumerate(hashes))
        self.size += len(leaf_hashes)
        return complete

    def root(self) -> bytes:
        """The root hash; that of the empty tree is the hash of nothing."""
        peaks: list[bytes] = []
        for row in reversed(self._rows):
            at = 0
            for width in _widths(len(row)):
                peaks.append(_fold(row[at : at + width]))
                at += width
        return _joined(peaks) if peaks else hashlib.sha256().digest()


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << ((count - 1).bit_length() - 1)


def _widths(count: int) -> Iterator[int]:
    """The powers of two that make up the count, largest first."""
    while count:
        width = 1 << (count.bit_length() - 1)
        yield width
        count -= width


def _cover(start: int, stop: int) -> Iterator[Node]:
    """The complete subtrees that make up a span, left to right."""
    for width in _widths(stop - start):
        level = width.bit_length() - 1
        yield level, start >> level
        start += width


def _kept(node: Node) -> list[Node]:
    """The kept hashes below (or at) a node, left to right."""
    level, place = node
    above = level % STEP
    return [(level - above, (place << above) + n) for n in range(1 << above)]


def _edge(size: int) -> list[list[Node]]:
    """Row by row from the leaves up, the kept hashes that are not yet under a kept hash of the next row."""
    rows: list[list[Node]] = []
    level = 0
    while size >> level:
        count = size >> level
        rows.append([(level, place) for place in range(count - count % _BLOCK, count)])
        level += STEP
    return rows


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over a complete subtree; their number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
    return hashes[0]


def _joined(peaks: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees of falling size."""
    total = peaks[-1]
    for peak in reversed(peaks[:-1]):
        total = node_hash(peak, total)
    return total
