"""Verify an export offline, with public keys alone (LOG-FORMATS 5, steps 1 to 10, in order).

Nothing here was made by the writer of the export, and nothing of an installation is needed. The
verifier brings its own keys file, and should bring the last checkpoint it saw: without that, a
true older export looks good.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evidence_service.audit import note
from evidence_service.audit.check_entries import EntriesReport, check_entries
from evidence_service.audit.check_folder import SuspectFolder
from evidence_service.audit.check_tiles import (
    PATHS,
    SignedTree,
    Tiles,
    check_paths,
    check_tiles,
)
from evidence_service.audit.checkpoint import Checkpoint, OpenedCheckpoint, open_checkpoint
from evidence_service.audit.faults import (
    ExportFaulty,
    ExportForked,
    ExportRolledBack,
    NoteInvalid,
)
from evidence_service.audit.keys_file import KeysFile

Progress = Callable[[int, int], None]

NEWEST = "checkpoint"
KEPT = "checkpoints"

_OURS = frozenset({NEWEST, KEPT, "keys", "tile"})
_KEPT_NAME = re.compile(r"checkpoints/(?P<size>[0-9]{16})")
_NEWEST_STEP = 2
_OLDER_STEP = 3
_ROOTS_STEP = 6
_KNOWN_STEP = 7


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and found good, and what was not checked.

    `entries` is None if the bundles were not read, `known_size` if no checkpoint was remembered.
    """

    newest: OpenedCheckpoint
    older_checkpoints: int
    quorum: int
    known_size: int | None
    entries: EntriesReport | None
    narrow_tiles: int
    other_files: int

    def one_line(self) -> str:
        """Say it in one line."""
        return f"good: {', '.join(self._checked())}; not checked: {', '.join(self._unchecked())}"

    def _checked(self) -> list[str]:
        tree = self.newest.checkpoint
        parts = [
            f"{tree.origin}, {tree.size} leaves, root {tree.root.hex()[:16]}…",
            f"{self.older_checkpoints} kept checkpoints hold",
        ]
        if self.known_size is not None:
            parts.append(f"it extends the remembered checkpoint of size {self.known_size}")
        if self.quorum:
            parts.append(
                f"{len(self.newest.cosignatures)} witnesses have cosigned, {self.quorum} wanted"
            )
        if self.entries is not None:
            parts += [
                "every entry fits its leaf, the table and the entries before it",
                f"{self.entries.open_grants} open grants",
                f"{self.entries.backward_clocks} backward clocks",
            ]
        return parts

    def _unchecked(self) -> list[str]:
        parts = []
        if self.entries is None:
            parts.append("entries (bundles were not read; open grants and clocks are not known)")
        if self.known_size is None:
            parts.append("whether it was rolled back (no remembered checkpoint)")
        if not self.quorum:
            parts.append("witnesses (the keys file asks for none)")
        return [*parts, f"{self.other_files} other files, what came after this checkpoint"]


def check_export(
    folder: Path,
    keys: KeysFile,
    now: datetime,
    *,
    known_checkpoint: bytes | None = None,
    public: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """Verify an export; give what was checked, or raise the first fault.

    Args:
        folder: the export.
        keys: the verifier's own keys file, never the one in the export (step 1).
        now: the verifier's clock, for the times of cosignatures.
        known_checkpoint: the last checkpoint of this log that the verifier saw.
        public: the bundles were left out on purpose: leave entries unchecked.
        progress: called with the number of hashes, then of entries done, and with the size.

    Raises:
        ExportRolledBack: the export is shorter than the remembered checkpoint.
        ExportForked: it does not hold the remembered checkpoint.
        ExportFaulty: anything else is wrong.
    """
    suspect = SuspectFolder(folder)
    known = None if known_checkpoint is None else _known(known_checkpoint, keys, now)
    newest = _open(suspect, NEWEST, keys, now, step=_NEWEST_STEP)
    older, strays = _older(suspect, newest.checkpoint.size, keys, now)
    for path in strays:
        raise ExportFaulty("stray_file", path, step=PATHS)
    narrow = check_paths(suspect, newest.checkpoint.size, public=public)
    trees = [*older.values(), *([] if known is None else [known])]
    tiles = check_tiles(
        suspect, _signed(newest), narrow, asked={each.size for each in trees}, progress=progress
    )
    _check_roots(older, tiles)
    _check_known(known, newest.checkpoint, tiles)
    entries = None
    if not public:
        signed = {**older, NEWEST: _signed(newest)}
        entries = check_entries(suspect, keys.origin, tiles, narrow, signed, progress)
    return Report(
        newest=newest,
        older_checkpoints=len(older),
        quorum=keys.quorum,
        known_size=None if known is None else known.size,
        entries=entries,
        narrow_tiles=sum(map(len, narrow.values())),
        other_files=suspect.count_others(known=_OURS, step=PATHS),
    )


def _signed(opened: OpenedCheckpoint) -> SignedTree:
    return SignedTree(opened.checkpoint.size, opened.checkpoint.root, opened.signers)


def _known(data: bytes, keys: KeysFile, now: datetime) -> SignedTree:
    """Open the verifier's own copy: without it there is no point in going on."""
    try:
        return _signed(open_checkpoint(data, keys, keys.origin, now, ask_quorum=False))
    except NoteInvalid as fault:
        raise ExportFaulty(fault.fault, "remembered checkpoint", step=_KNOWN_STEP) from fault


def _open(
    suspect: SuspectFolder, path: str, keys: KeysFile, now: datetime, *, step: int
) -> OpenedCheckpoint:
    data = suspect.read(path, at_most=note.MAX_BYTES, missing="checkpoint_missing", step=step)
    try:
        return open_checkpoint(data, keys, keys.origin, now, ask_quorum=path == NEWEST)
    except NoteInvalid as fault:
        raise ExportFaulty(fault.fault, path, step=step) from fault


def _older(
    suspect: SuspectFolder, size: int, keys: KeysFile, now: datetime
) -> tuple[Mapping[str, SignedTree], list[str]]:
    """Open every checkpoint that was kept; give them by path, and the paths that are none."""
    older, strays = {}, []
    for path in suspect.files_under(KEPT, step=_OLDER_STEP):
        name = _KEPT_NAME.fullmatch(path)
        if name is None:
            strays.append(path)
            continue
        opened = _signed(_open(suspect, path, keys, now, step=_OLDER_STEP))
        if opened.size != int(name["size"]):
            raise ExportFaulty("history_name", path, step=_OLDER_STEP)
        if opened.size > size:
            raise ExportFaulty("history_beyond_checkpoint", path, step=_OLDER_STEP)
        older[path] = opened
    return older, strays


def _check_roots(older: Mapping[str, SignedTree], tiles: Tiles) -> None:
    for path, signed in older.items():
        if tiles.roots[signed.size] != signed.root:
            raise ExportFaulty("history_inconsistent", path, step=_ROOTS_STEP)


def _check_known(known: SignedTree | None, newest: Checkpoint, tiles: Tiles) -> None:
    if known is None:
        return
    if known.size > newest.size:
        where = f"{newest.size} entries, the remembered checkpoint has {known.size}"
        raise ExportRolledBack("older_than_known", where, step=_KNOWN_STEP)
    if tiles.roots[known.size] != known.root:
        raise ExportForked("differs_from_known", f"size {known.size}", step=_KNOWN_STEP)
