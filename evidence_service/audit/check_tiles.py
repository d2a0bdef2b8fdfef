"""Steps 4 to 6 of verifying an export: its paths, its hash tiles, its roots (LOG-FORMATS 5).

Tiles are read once each, from the left; kept is one hash for each tile.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from evidence_service.audit.check_folder import SuspectFolder
from evidence_service.audit.faults import ExportFaulty, TilePathInvalid
from evidence_service.audit.proofs import TILE_HEIGHT, TILE_WIDTH
from evidence_service.audit.tiles import (
    Level,
    Tile,
    bundles_of,
    parse_path,
    tiles_of,
    wanted,
)
from evidence_service.audit.tree import HASH_BYTES, Frontier, root_of
from evidence_service.audit.vkeys import Vkey

PATHS = 4
TILES = 5

Narrow = Mapping[tuple[Level, int], list[Tile]]
"""Older, narrower partial tiles that were kept, by level and number."""

_TILE_BYTES = TILE_WIDTH * HASH_BYTES


@dataclass(frozen=True, slots=True)
class SignedTree:
    """What a verified checkpoint says, and the log's keys that may sign it."""

    size: int
    root: bytes
    signers: tuple[Vkey, ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """What the verified tiles say: roots at the sizes asked for, roots of the tiles of leaves."""

    size: int
    roots: Mapping[int, bytes]
    leaf_tiles: list[bytes]


def check_paths(folder: SuspectFolder, size: int, *, public: bool) -> Narrow:
    """Check that all tiles of a tree are there, and under `tile/` nothing else (step 4).

    Raises:
        ExportFaulty: one is missing, or a path is malformed or beyond the tree.
    """
    for tile in tiles_of(size):
        _check_there(folder, tile, "tile_missing")
    for tile in () if public else bundles_of(size):
        _check_there(folder, tile, "bundle_missing")
    narrow: dict[tuple[Level, int], list[Tile]] = {}
    for path in folder.files_under("tile", step=PATHS):
        tile, full = _placed(path, size)
        if tile.width < full.width:
            narrow.setdefault((tile.level, tile.index), []).append(tile)
    return narrow


def _check_there(folder: SuspectFolder, tile: Tile, missing: str) -> None:
    if not folder.has(tile.path):
        raise ExportFaulty(missing, tile.path, step=PATHS)


def _placed(path: str, size: int) -> tuple[Tile, Tile]:
    """Give the tile of a path, and the one that the tree has at its place."""
    try:
        tile = parse_path(path)
    except TilePathInvalid as fault:
        raise ExportFaulty("stray_file", path, step=PATHS) from fault
    full = wanted(tile.level, tile.index, size)
    if full is None or tile.width > full.width:
        raise ExportFaulty("stray_file", path, step=PATHS)
    return tile, full


def check_tiles(
    folder: SuspectFolder,
    tree: SignedTree,
    narrow: Narrow,
    *,
    asked: Collection[int],
    progress: Callable[[int, int], None],
) -> Tiles:
    """Check every hash tile against those below it, and all of them against the root (step 5).

    Args:
        folder: the export.
        tree: size and root of the verified checkpoint.
        narrow: what `check_paths` gave.
        asked: sizes whose roots are wanted; those beyond the tree are left out.
        progress: called with the number of leaves read, and with the size.

    Raises:
        ExportFaulty: a tile is cut, long or altered.
    """
    frontier = Frontier()
    roots: dict[int, bytes] = {}
    leaf_tiles: list[bytes] = []
    for tile in _row(0, tree.size):
        hashes = _hashes(folder, tile, narrow)
        for leaf in hashes:
            frontier.append(leaf)
            if frontier.size in asked:
                roots[frontier.size] = frontier.root()
        leaf_tiles.append(root_of(hashes))
        progress(frontier.size, tree.size)
    _check_above(folder, tree.size, narrow, leaf_tiles)
    if frontier.root() != tree.root:
        raise ExportFaulty("tile_root", f"size {tree.size}", step=TILES)
    return Tiles(tree.size, roots, leaf_tiles)


def _check_above(folder: SuspectFolder, size: int, narrow: Narrow, leaf_tiles: list[bytes]) -> None:
    """Check that each tile from level 1 up holds the roots of the full tiles below it."""
    level, below = 1, leaf_tiles
    while count := size >> (TILE_HEIGHT * level):
        expected, below = below[:count], []
        for tile in _row(level, size):
            hashes = _hashes(folder, tile, narrow)
            start = tile.index * TILE_WIDTH
            if hashes != expected[start : start + TILE_WIDTH]:
                raise ExportFaulty("tile_root", tile.path, step=TILES)
            below.append(root_of(hashes))
        level += 1


def check_narrow(folder: SuspectFolder, narrow: list[Tile], parts: list[bytes], step: int) -> None:
    """Check that older partial tiles say the same as the tile that took their place.

    Args:
        folder: the export.
        narrow: tiles of one place.
        parts: the hashes, or the framed entries, of the tile that the tree has there.
        step: of the check, for the fault.

    Raises:
        ExportFaulty: one of them is not a beginning of it.
    """
    for tile in narrow:
        expected = b"".join(parts[: tile.width])
        found = folder.read(tile.path, at_most=len(expected), missing="tile_missing", step=step)
        if found != expected:
            raise ExportFaulty("narrow_tile", tile.path, step=step)


def read_leaves(folder: SuspectFolder, index: int, width: int) -> list[bytes]:
    """Read a tile of leaf hashes again, to name what differs from it.

    Raises:
        ExportFaulty: it is no longer as it was.
    """
    return _hashes(folder, Tile(0, index, width), {})


def _row(level: int, size: int) -> Iterator[Tile]:
    return (tile for tile in tiles_of(size) if tile.level == level)


def _hashes(folder: SuspectFolder, tile: Tile, narrow: Narrow) -> list[bytes]:
    data = folder.read(tile.path, at_most=_TILE_BYTES, missing="tile_missing", step=TILES)
    if len(data) != tile.width * HASH_BYTES:
        raise ExportFaulty("tile_length", tile.path, step=TILES)
    hashes = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
    check_narrow(folder, narrow.get((tile.level, tile.index), []), hashes, TILES)
    return hashes
