"""The tiles of a growing tree, each one given as soon as it is full; the partial ones at the end.

Entries go through once and in order; kept are at most 256 hashes of each level and 256 entries.
"""

from collections.abc import Iterator

from evidence_service.audit.proofs import TILE_WIDTH
from evidence_service.audit.tiles import ENTRIES, Tile
from evidence_service.audit.tree import Frontier, leaf_hash, root_of

_LENGTH_BYTES = 2

Made = tuple[Tile, bytes]


class TileRows:
    """The rows of hash tiles, and of bundles, over the entries so far."""

    def __init__(self) -> None:
        self._frontier = Frontier()
        self._rows: list[list[bytes]] = [[]]
        self._made: list[int] = [0]
        self._bundle: list[bytes] = []

    @property
    def size(self) -> int:
        """Give the number of entries so far."""
        return self._frontier.size

    def root(self) -> bytes:
        """Give the root over the entries so far."""
        return self._frontier.root()

    def add(self, body: bytes) -> None:
        """Take the next entry's canonical bytes; ask for `full` after each."""
        leaf = leaf_hash(body)
        self._frontier.append(leaf)
        self._rows[0].append(leaf)
        self._bundle.append(len(body).to_bytes(_LENGTH_BYTES, "big") + body)

    def full(self) -> Iterator[Made]:
        """Give the tiles that became full: of hashes, from level 0 up, and then the bundle."""
        if len(self._rows[0]) < TILE_WIDTH:
            return
        number = self._made[0]
        level = 0
        while len(self._rows[level]) == TILE_WIDTH:
            hashes = self._rows[level]
            yield Tile(level, self._made[level]), b"".join(hashes)
            self._made[level] += 1
            self._rows[level] = []
            if level + 1 == len(self._rows):
                self._rows.append([])
                self._made.append(0)
            self._rows[level + 1].append(root_of(hashes))
            level += 1
        yield Tile(ENTRIES, number), b"".join(self._bundle)
        self._bundle = []

    def partial(self) -> Iterator[Made]:
        """Give the tiles that are not full, after the last entry."""
        for level, hashes in enumerate(self._rows):
            if hashes:
                yield Tile(level, self._made[level], len(hashes)), b"".join(hashes)
        if self._bundle:
            yield Tile(ENTRIES, self._made[0], len(self._bundle)), b"".join(self._bundle)
