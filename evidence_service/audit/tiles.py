"""Names of tiles: which ones a tree has, and their paths, both ways (C2SP tlog-tiles).

`tile/<L>/<N>[.p/<W>]` holds W (256 when full) hashes of level L; `tile/entries/…` the bundles, with
the numbers of level 0. `<N>` stands in groups of three digits: `x001/x234/067`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from evidence_service.audit.faults import TilePathInvalid
from evidence_service.audit.proofs import TILE_HEIGHT, TILE_WIDTH
from evidence_service.audit.tree import MAX_SIZE

Level = int | Literal["entries"]

ENTRIES: Final = "entries"
MAX_LEVEL = 63

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)"
    r"/(?P<groups>(?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
_GROUP = 1000


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level (or `entries`), its number from the left, its width 1 … 256."""

    level: Level
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Give the path, with `/` between its parts."""
        rest, last = divmod(self.index, _GROUP)
        groups = [f"{last:03d}"]
        while rest:
            rest, group = divmod(rest, _GROUP)
            groups.insert(0, f"x{group:03d}")
        part = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{'/'.join(groups)}{part}"


def parse_path(path: str) -> Tile:
    """Read the path of a tile, strictly.

    Raises:
        TilePathInvalid: it is none, or not written the one way.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise TilePathInvalid("tile_path", path)
    level: Level = ENTRIES if found["level"] == ENTRIES else int(found["level"])
    index = int(found["groups"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(found["width"] or TILE_WIDTH))
    # Writing it again finds leading groups of zeros, and the width of a full tile.
    if tile.path != path or (level != ENTRIES and level > MAX_LEVEL) or index > MAX_SIZE:
        raise TilePathInvalid("tile_path", path)
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Give exactly the hash tiles of a tree, level by level, from the left."""
    level = 0
    while size >> (TILE_HEIGHT * level):
        yield from _row(level, size >> (TILE_HEIGHT * level))
        level += 1


def bundles_of(size: int) -> Iterator[Tile]:
    """Give exactly the bundles of entries of a tree, from the left."""
    yield from _row(ENTRIES, size)


def wanted(level: Level, index: int, size: int) -> Tile | None:
    """Give the tile that a tree of `size` has at this place, None beyond the tree."""
    height = 0 if level == ENTRIES else TILE_HEIGHT * level
    width = min(TILE_WIDTH, (size >> height) - index * TILE_WIDTH)
    return Tile(level, index, width) if width > 0 else None


def _row(level: Level, count: int) -> Iterator[Tile]:
    full, rest = divmod(count, TILE_WIDTH)
    for index in range(full):
        yield Tile(level, index)
    if rest:
        yield Tile(level, full, rest)
