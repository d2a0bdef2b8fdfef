"""Re-hash every stored original, as `evidence store verify` does.

The sealed bytes are hashed as they lie and compared with their name: no key is used, and no
evidence is read. What a row says of its file is compared with what its key record says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evidence_service.db import Database
from evidence_service.records import documents
from evidence_service.records.models import DocumentFile
from storage.errors import KeyRecordAltered, NotAsStored, ObjectMissing, StorageError
from storage.key_records import KeyRecord
from storage.objects import ObjectStore
from storage.sealed import check_sealed_object

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class StockFault:
    """An original that is not what was acknowledged; `problem` is a token."""

    document: str
    file: str
    problem: str


@dataclass(frozen=True)
class StockReport:
    """How many originals were re-hashed, their bytes as they lie, and what was wrong."""

    files: int
    sealed_bytes: int
    faults: tuple[StockFault, ...]


def verify_originals(
    database: Database, store: ObjectStore, progress: Progress = lambda _done, _all: None
) -> StockReport:
    """Check every original that the records name.

    Args:
        database: the records, read from one snapshot.
        store: where the sealed originals lie.
        progress: gets how many are done, and how many there are.

    Raises:
        DatabaseDown: the records cannot be read.
    """
    with database.reading() as session:
        rows = list(documents.all_files(session))
        session.expunge_all()
    sealed_bytes = 0
    faults: list[StockFault] = []
    for done, row in enumerate(rows, start=1):
        try:
            sealed_bytes += _check(store, row)
        except StorageError as fault:
            faults.append(StockFault(row.document_id, row.id, _problem(fault)))
        progress(done, len(rows))
    return StockReport(len(rows), sealed_bytes, tuple(faults))


def _check(store: ObjectStore, row: DocumentFile) -> int:
    record = KeyRecord.from_bytes(row.key_record)
    if (record.sha256, record.size_bytes) != (row.sha256, row.size_bytes):
        raise KeyRecordAltered("the row and its key record tell of different bytes")
    return check_sealed_object(store, record.object_name)


def _problem(fault: StorageError) -> str:
    names: Iterator[tuple[type[StorageError], str]] = iter(
        (
            (ObjectMissing, "missing"),
            (KeyRecordAltered, "record_differs"),
            (NotAsStored, "altered"),
        )
    )
    return next((name for kind, name in names if isinstance(fault, kind)), "unreadable")
