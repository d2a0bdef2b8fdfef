"""Reading the log: entries by filter and page, and everything a proof needs, from one snapshot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_service.audit.models import LogEntry, LogHead, LogSubtree
from evidence_service.errors import NotFound

FILTERS = {
    "case": LogEntry.case_id,
    "actor": LogEntry.actor,
    "unit": LogEntry.unit,
    "act": LogEntry.act,
    "result": LogEntry.result,
    "document": LogEntry.document_id,
    "viewing": LogEntry.viewing_id,
}
BATCH = 1000


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry as it stands: its place, its very bytes, and what it is found by."""

    index: int
    body: bytes
    leaf_hash: bytes
    columns: dict[str, str]


def head_size(session: Session) -> int:
    """Give how many entries the log has."""
    return session.execute(select(LogHead.size).where(LogHead.id == 1)).scalar_one_or_none() or 0


def head_frontier(session: Session) -> bytes:
    """Give the frontier that the next entries extend, as the writer left it."""
    return session.execute(select(LogHead.frontier).where(LogHead.id == 1)).scalar_one()


def entry_at(session: Session, index: int) -> LoggedEntry:
    """Give the entry at `index`.

    Raises:
        NotFound: the log is shorter.
    """
    row = session.get(LogEntry, index)
    if row is None:
        raise NotFound
    return _logged(row)


def entries(session: Session, first: int, end: int) -> Iterator[LoggedEntry]:
    """Give entries `first` to `end` (not included), in order, in batches."""
    for start in range(first, end, BATCH):
        query = select(LogEntry).where(
            LogEntry.index >= start, LogEntry.index < min(start + BATCH, end)
        )
        for row in session.execute(query.order_by(LogEntry.index)).scalars():
            yield _logged(row)
        session.expunge_all()


def found_by(
    session: Session, filters: dict[str, str], *, before: int | None, limit: int
) -> Sequence[LoggedEntry]:
    """Give entries by filter, newest first.

    Args:
        session: a reading session.
        filters: values by a name of `FILTERS`, or `from` and `to` (instants as in the log).
        before: only entries with a smaller index.
        limit: how many at most.
    """
    query = select(LogEntry)
    for name, value in filters.items():
        if name == "from":
            query = query.where(LogEntry.recorded_at >= value)
        elif name == "to":
            query = query.where(LogEntry.recorded_at < value)
        else:
            query = query.where(FILTERS[name] == value)
    if before is not None:
        query = query.where(LogEntry.index < before)
    rows = session.execute(query.order_by(LogEntry.index.desc()).limit(limit)).scalars()
    return [_logged(row) for row in rows]


def accesses(
    session: Session, case_id: str, results: Sequence[str], *, before: int | None, limit: int
) -> Sequence[LoggedEntry]:
    """Give a case's entries with these results, newest first; raises nothing."""
    query = select(LogEntry).where(LogEntry.case_id == case_id, LogEntry.result.in_(results))
    if before is not None:
        query = query.where(LogEntry.index < before)
    rows = session.execute(query.order_by(LogEntry.index.desc()).limit(limit)).scalars()
    return [_logged(row) for row in rows]


def tile_hashes(session: Session) -> "TileReader":
    """Give the reader of hashes that proofs are made from, over this session's snapshot."""
    return TileReader(session)


@dataclass(frozen=True)
class TileReader:
    """Hashes at tile heights: level 0 is leaves, level 1 roots of 256 leaves, and so on."""

    session: Session

    def __call__(self, level: int, start: int, count: int) -> Sequence[bytes]:
        """Give `count` hashes of a level from number `start` on."""
        if level == 0:
            query = select(LogEntry.leaf_hash).where(
                LogEntry.index >= start, LogEntry.index < start + count
            )
            return self.session.execute(query.order_by(LogEntry.index)).scalars().all()
        roots = select(LogSubtree.root).where(
            LogSubtree.level == level, LogSubtree.start >= start, LogSubtree.start < start + count
        )
        return self.session.execute(roots.order_by(LogSubtree.start)).scalars().all()


def _logged(row: LogEntry) -> LoggedEntry:
    columns = {
        name: getattr(row, name)
        for name in (
            "type",
            "act",
            "result",
            "actor",
            "role",
            "unit",
            "case_id",
            "document_id",
            "viewing_id",
            "recorded_at",
        )
    }
    return LoggedEntry(row.index, row.body, row.leaf_hash, columns)
