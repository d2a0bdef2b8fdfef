"""Steps 8 to 10 of verifying an export: bundles, entries, relations (LOG-FORMATS 5).

One pass over the bundles makes all three checks. A fault of a later step is held back until the
end, for another bundle may have one of an earlier step, and that is the one to name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evidence_service.audit.check_folder import SuspectFolder
from evidence_service.audit.check_tiles import Narrow, SignedTree, Tiles, check_narrow, read_leaves
from evidence_service.audit.entry import decode
from evidence_service.audit.faults import EntryInvalid, ExportFaulty
from evidence_service.audit.proofs import TILE_WIDTH
from evidence_service.audit.relations import NONCES, Relations
from evidence_service.audit.tiles import ENTRIES, Tile, bundles_of
from evidence_service.audit.tree import leaf_hash, root_of

BUNDLES = 8

_LENGTH_BYTES = 2
_BUNDLE_BYTES = TILE_WIDTH * (_LENGTH_BYTES + 0xFFFF)


@dataclass(frozen=True, slots=True)
class EntriesReport:
    """What the entries say that is no fault."""

    open_grants: int
    backward_clocks: int


class _FirstFault:
    """Of the faults held back, the first of the earliest step."""

    def __init__(self) -> None:
        self.fault: ExportFaulty | None = None

    def hold(self, fault: ExportFaulty) -> None:
        if self.fault is None or fault.step < self.fault.step:
            self.fault = fault


def check_entries(
    folder: SuspectFolder,
    origin: str,
    tiles: Tiles,
    narrow: Narrow,
    checkpoints: Mapping[str, SignedTree],
    progress: Callable[[int, int], None],
) -> EntriesReport:
    """Check every bundle, every entry, and what they are to each other.

    Args:
        folder: the export.
        origin: of the log.
        tiles: the verified tiles, to which the entries must belong.
        narrow: older partial bundles, among others.
        checkpoints: all of the export, by path.
        progress: called with the number of entries done, and with the size.

    Raises:
        ExportFaulty: the first fault, in order of steps.
    """
    relations, first = Relations(origin), _FirstFault()
    for bundle, leaves in zip(bundles_of(tiles.size), tiles.leaf_tiles, strict=True):
        bodies = _bodies(folder, bundle, narrow)
        _check_leaves(folder, bundle, bodies, leaves)
        start = bundle.index * TILE_WIDTH
        for index, body in enumerate(bodies, start):
            _check_entry(index, body, relations, first)
        progress(start + len(bodies), tiles.size)
    if first.fault is not None:
        raise first.fault
    for path, signed in checkpoints.items():
        relations.check_signers(signed.size, signed.signers, path)
    return EntriesReport(relations.open_grants, relations.backward_clocks)


def _check_entry(index: int, body: bytes, relations: Relations, first: _FirstFault) -> None:
    try:
        relations.add(index, decode(body))
    except EntryInvalid as fault:
        first.hold(ExportFaulty(fault.fault, f"entry {index}", step=NONCES))
    except ExportFaulty as fault:
        first.hold(fault)


def _check_leaves(
    folder: SuspectFolder, bundle: Tile, bodies: list[bytes], expected: bytes
) -> None:
    hashes = [leaf_hash(body) for body in bodies]
    if root_of(hashes) == expected:
        return
    start = bundle.index * TILE_WIDTH
    pairs = zip(hashes, read_leaves(folder, bundle.index, bundle.width), strict=True)
    for index, (found, leaf) in enumerate(pairs, start):
        if found != leaf:
            raise ExportFaulty("leaf_hash", f"entry {index}", step=BUNDLES)
    # The tile was another one a moment ago: somebody writes while we read.
    raise ExportFaulty("leaf_hash", bundle.path, step=BUNDLES)


def _bodies(folder: SuspectFolder, bundle: Tile, narrow: Narrow) -> list[bytes]:
    data = folder.read(bundle.path, at_most=_BUNDLE_BYTES, missing="bundle_missing", step=BUNDLES)
    parts = list(_framed(data, bundle))
    check_narrow(folder, narrow.get((ENTRIES, bundle.index), []), parts, BUNDLES)
    return [part[_LENGTH_BYTES:] for part in parts]


def _framed(data: bytes, bundle: Tile) -> Iterator[bytes]:
    """Give each entry with its length before it: exactly as many as there must be."""
    at = 0
    for _ in range(bundle.width):
        length = int.from_bytes(data[at : at + _LENGTH_BYTES], "big")
        part = data[at : at + _LENGTH_BYTES + length]
        if len(part) != _LENGTH_BYTES + length:
            raise ExportFaulty("bundle_form", bundle.path, step=BUNDLES)
        yield part
        at += len(part)
    if at != len(data):
        raise ExportFaulty("bundle_form", bundle.path, step=BUNDLES)
