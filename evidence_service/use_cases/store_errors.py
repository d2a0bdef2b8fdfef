"""Turns what the storage library raises into our errors, at the one border between the two.

A disk that failed to sync ends the process: a second `fsync` may succeed over lost pages, and an
acknowledgement after that would be a lie (SEC-LOG-11).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from evidence_service.audit.drafts import By, LogEvent
from evidence_service.errors import Altered, StoreDown, ViewingEnded
from evidence_service.records import documents
from evidence_service.use_cases.parts import Parts
from storage.errors import KeyMissing, NotAsStored, ObjectMissing, StorageError, StoreBroken

EXIT_BROKEN_DISK = 70

_logger = structlog.get_logger("store")


@contextmanager
def reading_original(parts: Parts, document_id: str, case_id: str) -> Iterator[None]:
    """Translate while an original is read; bytes that differ close the document.

    Raises:
        Altered: they are not what was uploaded, or they or their key are gone.
        StoreDown: the store cannot be reached.
    """
    try:
        with storing():
            yield
    except (NotAsStored, ObjectMissing, KeyMissing) as fault:
        _close_altered(parts, document_id, case_id)
        raise Altered from fault


@contextmanager
def storing() -> Iterator[None]:
    """Translate while something is stored.

    Raises:
        StoreDown: the store cannot be reached, is full or read-only.
    """
    try:
        yield
    except (NotAsStored, ObjectMissing, KeyMissing):
        raise
    except StorageError as fault:
        raise StoreDown("the store does not answer") from fault
    except StoreBroken:
        _logger.critical("store_broken")
        os._exit(EXIT_BROKEN_DISK)


@contextmanager
def copy_spool() -> Iterator[None]:
    """Translate while a copy is made or sent; one that was evicted can be made again.

    Raises:
        ViewingEnded: the copy is gone.
        Altered: the copy in the spool was changed.
        StoreDown: the spool cannot be reached.
    """
    try:
        with storing():
            yield
    except ObjectMissing as gone:
        raise ViewingEnded from gone
    except (NotAsStored, KeyMissing) as fault:
        raise Altered from fault


def _close_altered(parts: Parts, document_id: str, case_id: str) -> None:
    """Close a document whose stored bytes are wrong, and say so in log and health."""
    if not parts.health.alarm(f"altered:{document_id}"):
        return
    _logger.critical("original_altered", document=document_id, case=case_id)
    now = parts.clock()
    service = By(actor=parts.log.service, role="service")
    parts.log.record(
        LogEvent(by=service, event="alarm", detail="original_altered"),
        effect=lambda session, _index: documents.mark_altered(session, document_id, now),
    )
