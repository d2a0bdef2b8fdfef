"""Re-verify the whole log of an installation from its stored bytes (`evidence log verify`).

Every entry is hashed anew, checked against the field table and the relations, and compared with
the columns that people search by; the root is recomputed and held against every checkpoint that
was handed out. What is not checked is said.
"""

from collections.abc import Callable
from dataclasses import dataclass

from evidence_service.audit import reader
from evidence_service.audit.checkpoint import open_checkpoint
from evidence_service.audit.checkpoints import KEPT, CheckpointKeeper
from evidence_service.audit.entry import decode
from evidence_service.audit.faults import ExportFaulty, LogFault
from evidence_service.audit.relations import Relations
from evidence_service.audit.search import search_columns
from evidence_service.audit.tree import Frontier, leaf_hash
from evidence_service.clock import Clock
from evidence_service.db import Database

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class LogReport:
    """What was checked, and what was not."""

    size: int
    root: bytes
    checkpoints: int
    open_grants: int
    backward_clocks: int

    def one_line(self) -> str:
        """Say it in one line."""
        return (
            f"good: {self.size} entries re-hashed from their bytes, root {self.root.hex()[:16]}…, "
            f"{self.checkpoints} checkpoints hold, columns and relations agree, "
            f"{self.open_grants} open grants, {self.backward_clocks} backward clocks; "
            "not checked: stored objects, witnesses, copies of checkpoints held by others"
        )


def verify_log(
    database: Database,
    keeper: CheckpointKeeper,
    clock: Clock,
    progress: Progress = lambda _done, _all: None,
) -> LogReport:
    """Check the whole log from one snapshot.

    Raises:
        ExportFaulty: naming the first fault.
        DatabaseDown: the log cannot be read.
    """
    known = _kept_checkpoints(keeper, clock)
    frontier, relations, expected = Frontier(), Relations(keeper.origin), 0
    with database.reading() as session:
        size = reader.head_size(session)
        for entry in reader.entries(session, 0, size):
            if entry.index != expected:
                raise ExportFaulty("entry_missing", f"entry {expected}")
            _check_entry(entry)
            relations.add(entry.index, decode(entry.body))
            frontier.append(entry.leaf_hash)
            expected += 1
            _check_root(known, frontier)
            progress(expected, size)
        if expected != size:
            raise ExportFaulty("entry_missing", f"entry {expected}")
        if size and Frontier.from_bytes(reader.head_frontier(session)).root() != frontier.root():
            raise ExportFaulty("frontier_differs")
    _check_rest(known, frontier)
    return LogReport(
        size, frontier.root(), len(known), relations.open_grants, relations.backward_clocks
    )


def _kept_checkpoints(keeper: CheckpointKeeper, clock: Clock) -> dict[int, bytes]:
    """Give the root by size of every checkpoint outside, each one verified."""
    known = {}
    folder = keeper.folder / KEPT
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            opened = open_checkpoint(path.read_bytes(), keeper.keys, keeper.origin, clock())
        except (LogFault, OSError) as fault:
            raise ExportFaulty("checkpoint", path.name) from fault
        if path.name != f"{opened.checkpoint.size:016d}":
            raise ExportFaulty("checkpoint_name", path.name)
        known[opened.checkpoint.size] = opened.checkpoint.root
    return known


def _check_entry(entry: reader.LoggedEntry) -> None:
    where = f"entry {entry.index}"
    if leaf_hash(entry.body) != entry.leaf_hash:
        raise ExportFaulty("entry_altered", where)
    try:
        decoded = decode(entry.body)
    except LogFault as fault:
        raise ExportFaulty(fault.fault, where) from fault
    if search_columns(decoded) != entry.columns:
        raise ExportFaulty("columns_differ", where)


def _check_root(known: dict[int, bytes], frontier: Frontier) -> None:
    if frontier.size in known and known[frontier.size] != frontier.root():
        raise ExportFaulty("forked", f"checkpoint {frontier.size}")


def _check_rest(known: dict[int, bytes], frontier: Frontier) -> None:
    longer = [size for size in known if size > frontier.size]
    if longer:
        raise ExportFaulty("rolled_back", f"{frontier.size} entries, checkpoint {max(longer)}")
    if not known:
        raise ExportFaulty("no_checkpoint")
