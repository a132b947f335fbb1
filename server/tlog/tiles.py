"""C2SP tlog-tiles: the tree as files of 256 hashes, and the leaves themselves as bundles of 256 entries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from server.kit import db

WIDTH: Final = 256
_DIGITS: Final = 8  # binary levels between two levels of tiles
_PLACE: Final = re.compile(r"((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?")
_LEVEL: Final = re.compile(r"0|[1-9]\d?")
_HIGHEST: Final = 7  # 256^8 leaves are beyond bigint


@dataclass(frozen=True, slots=True)
class Tile:
    """Which tile, and how many of its 256 places are asked for."""

    level: int
    n: int
    width: int

    @property
    def first(self) -> int:
        """The place of its first hash among those of its level."""
        return self.n * WIDTH

    def lies_within(self, size: int) -> bool:
        """Whether a tree of that size has all of it."""
        return self.first + self.width <= size >> (_DIGITS * self.level)


def read_tile(level: str, place: str) -> Tile | None:
    """The tile of a path such as ``0`` and ``x001/x234/067.p/112``; ``None`` unless it is spelt as specified."""
    found = _PLACE.fullmatch(place.removeprefix("/"))
    if found is None or not _LEVEL.fullmatch(level) or int(level) > _HIGHEST:
        return None
    above, last, width = found.groups()
    # Leading groups of zeros would be a second name for the same tile.
    if above.startswith("x000/") or len(above) > 5 * 5 or (width is not None and int(width) >= WIDTH):
        return None
    return Tile(int(level), int(above.replace("x", "").replace("/", "") + last), int(width or WIDTH))


async def tile_bytes(conn: db.Connection, tile: Tile) -> bytes:
    """The hashes of a tile that lies within the log, one after the other."""
    leaves = "SELECT leaf_hash AS hash FROM log_leaves WHERE $3 = 0 AND idx >= $1 AND idx < $2 ORDER BY idx"
    nodes = "SELECT hash FROM log_nodes WHERE level = $3 AND idx >= $1 AND idx < $2 ORDER BY idx"
    rows = await conn.fetch(nodes if tile.level else leaves, tile.first, tile.first + tile.width, tile.level * _DIGITS)
    return b"".join(row["hash"] for row in rows)


async def entries_bytes(conn: db.Connection, tile: Tile) -> bytes:
    """The leaves below a tile of level 0, each after its length in two bytes."""
    rows = await conn.fetch(
        "SELECT leaf FROM log_leaves WHERE idx >= $1 AND idx < $2 ORDER BY idx", tile.first, tile.first + tile.width
    )
    return b"".join(len(row["leaf"]).to_bytes(2, "big") + row["leaf"] for row in rows)
