"""Write an export: a folder that proves the log to whoever has the public keys (LOG-FORMATS 5).

Bundles and tiles come first, then `checkpoints/<size>`, then `checkpoint`: whatever is cut short
goes on where it stopped, and an older export of the same tree grows. Nothing that is there is
ever replaced by something else: a folder that holds another tree is refused.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evidence_service.audit.checkpoint import Checkpoint, log_signers, parse_body
from evidence_service.audit.export_folder import ExportFolder
from evidence_service.audit.export_tiles import Made, TileRows
from evidence_service.audit.faults import ExportRefused, LogFault
from evidence_service.audit.keys_file import KeysFile, parse_keys
from evidence_service.audit.note import parse_note
from evidence_service.audit.tiles import ENTRIES, Tile, parse_path, wanted

NEWEST = "checkpoint"
KEPT = "checkpoints"
KEYS = "keys"
TILES = "tile"

Progress = Callable[[int, int], None]


def write_export(
    folder: Path,
    *,
    entries: Iterable[bytes],
    size: int,
    checkpoints: Iterable[tuple[int, bytes]],
    newest: bytes,
    keys_text: str,
    public: bool,
    progress: Progress = lambda _done, _all: None,
) -> None:
    """Write, resume or extend the export of a log.

    Args:
        folder: made if it is not there.
        entries: the canonical bytes of entries 0 … size-1, in order; read once.
        size: of the tree.
        checkpoints: every checkpoint kept, by size; those above `size` are left out.
        newest: the checkpoint of exactly this size, with all its cosignatures.
        keys_text: the keys file; all checkpoints must verify with it.
        public: leave the bundles of entries out.
        progress: called with the number of entries done, and with the size.

    Raises:
        ExportRefused: the folder holds something else, the parts do not fit together, or the disk
            does not do as told.
    """
    given = _given(size, checkpoints, newest, keys_text)
    place = ExportFolder(folder)
    with place.held():
        found = _found(place, given, public=public)
        narrow = []
        for tile, data in _tiles(entries, size, {**found.roots, **given.roots}, progress):
            if tile.level != ENTRIES or not public:
                narrow += _put(place, tile, data, found.tiles.get((tile.level, tile.index), []))
        place.sync()
        for each, data in given.kept.items():
            _write_new(place, f"{KEPT}/{each:016d}", data)
        _write_new(place, KEYS, keys_text.encode())
        place.sync()
        _write_new(place, NEWEST, newest)
        place.sync()
        for path in narrow:
            place.remove(path)


@dataclass(frozen=True)
class _Given:
    """What is to be written beside the tiles: roots and notes by size."""

    origin: str
    size: int
    roots: Mapping[int, bytes]
    kept: Mapping[int, bytes]


@dataclass(frozen=True)
class _Found:
    """What lies in the folder: roots by size, tiles by level and number."""

    roots: Mapping[int, bytes]
    tiles: Mapping[tuple[int | str, int], list[Tile]]


def _given(
    size: int, checkpoints: Iterable[tuple[int, bytes]], newest: bytes, keys_text: str
) -> _Given:
    try:
        keys = parse_keys(keys_text)
        last = _signed(newest, keys)
        kept = {each: data for each, data in checkpoints if each <= size}
        roots = {each: _signed(data, keys) for each, data in kept.items()}
    except LogFault as fault:
        raise ExportRefused(fault.fault, fault.where) from fault
    if last.size != size or any(each != found.size for each, found in roots.items()):
        raise ExportRefused("checkpoint_size")
    if size in roots and roots[size].root != last.root:
        raise ExportRefused("checkpoint_of_another_tree", str(size))
    return _Given(
        keys.origin,
        size,
        {each: found.root for each, found in roots.items()} | {size: last.root},
        {size: newest} | kept,
    )


def _signed(data: bytes, keys: KeysFile) -> Checkpoint:
    note = parse_note(data)
    checkpoint = parse_body(note.body)
    log_signers(note, checkpoint, keys)
    return checkpoint


def _found(place: ExportFolder, given: _Given, *, public: bool) -> _Found:
    """Look at all that lies in the folder; refuse what cannot be a part of this export."""
    roots: dict[int, bytes] = {}
    for path in [NEWEST, *place.files_under(KEPT)]:
        data = place.read(path)
        if data is None:
            continue
        there = _unsigned(path, data)
        _same_tree(there.origin == given.origin, path)
        _same_tree(path in {NEWEST, f"{KEPT}/{there.size:016d}"}, path)
        if there.size > given.size:
            raise ExportRefused("newer_than_the_log", path)
        for known in (roots, given.roots):
            _same_tree(known.get(there.size, there.root) == there.root, path)
        roots[there.size] = there.root
    _check_keys(place, given.origin)
    return _Found(roots, _tiles_there(place, given.size, public=public))


def _unsigned(path: str, data: bytes) -> Checkpoint:
    try:
        return parse_body(parse_note(data).body)
    except LogFault as fault:
        raise ExportRefused("holds_another_tree", path) from fault


def _check_keys(place: ExportFolder, origin: str) -> None:
    data = place.read(KEYS)
    if data is None:
        return
    try:
        keys = parse_keys(data.decode())
    except (LogFault, UnicodeDecodeError) as fault:
        raise ExportRefused("holds_another_tree", KEYS) from fault
    _same_tree(keys.origin == origin, KEYS)


def _tiles_there(
    place: ExportFolder, size: int, *, public: bool
) -> Mapping[tuple[int | str, int], list[Tile]]:
    there: dict[tuple[int | str, int], list[Tile]] = defaultdict(list)
    for path in place.files_under(TILES):
        try:
            tile = parse_path(path)
        except LogFault as fault:
            raise ExportRefused("holds_another_tree", path) from fault
        full = wanted(tile.level, tile.index, size)
        _same_tree(full is not None and tile.width <= full.width, path)
        if public and tile.level == ENTRIES:
            raise ExportRefused("bundles_are_not_public", path)
        there[tile.level, tile.index].append(tile)
    return there


def _tiles(
    entries: Iterable[bytes], size: int, roots: Mapping[int, bytes], progress: Progress
) -> Iterator[Made]:
    """Give all tiles, none before the roots at the sizes below it have been compared."""
    rows = TileRows()
    for body in entries:
        rows.add(body)
        if rows.size > size:
            raise ExportRefused("entries_too_many")
        if rows.size in roots:
            _same_tree(rows.root() == roots[rows.size], f"size {rows.size}")
        for made in rows.full():
            progress(rows.size, size)
            yield made
    if rows.size != size:
        raise ExportRefused("entry_missing", f"entry {rows.size}")
    yield from rows.partial()
    progress(size, size)


def _put(place: ExportFolder, tile: Tile, data: bytes, there: Iterable[Tile]) -> list[str]:
    """Write a tile unless it is there; give narrower ones, which can go when all is written."""
    narrow = []
    for each in there:
        found = place.read(each.path)
        if each.width == tile.width:
            _same_tree(found == data, each.path)
        else:
            _same_tree(found is not None and data.startswith(found), each.path)
            narrow.append(each.path)
    if tile not in there:
        place.write(tile.path, data)
    return narrow


def _write_new(place: ExportFolder, path: str, data: bytes) -> None:
    if place.read(path) != data:
        place.write(path, data)


def _same_tree(same: bool, path: str) -> None:
    if not same:
        raise ExportRefused("holds_another_tree", path)
