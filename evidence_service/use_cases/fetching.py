"""Send a copy, whole or one range of it. Decided anew each time; each answer is a release."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from evidence_service.audit.drafts import Grant, Release
from evidence_service.audit.log import CaseAt
from evidence_service.audit.receipts import Receipt
from evidence_service.errors import CaseMoved, ViewingEnded
from evidence_service.identity.sessions import Person
from evidence_service.records import cases, documents, viewings
from evidence_service.records.models import Copy
from evidence_service.use_cases.acting import decide, decide_unrecorded, with_fresh_facts
from evidence_service.use_cases.copying import MEDIA
from evidence_service.use_cases.facts import of_document
from evidence_service.use_cases.granting import (
    Look,
    close_grant,
    record_grant,
    release_draft,
)
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.store_errors import copy_spool
from policies.facts import Act
from storage.key_records import KeyRecord


@dataclass(frozen=True)
class ByteRange:
    """First and last byte of a part, both included."""

    first: int
    last: int


@dataclass(frozen=True)
class OutgoingCopy:
    """What may leave: the pieces, the whole's size, the part, and the receipt for it."""

    size_bytes: int
    part: ByteRange | None
    pieces: "Pieces"
    receipt: Receipt[Release]


def check_copy(parts: Parts, person: Person, copy_id: str) -> None:
    """Answer a HEAD: would this copy be sent? Opens and records nothing (SECURITY 9).

    Raises:
        NotFound, ViewingEnded, Refused, Altered: as `fetch_copy`.
    """
    _, look = _find(parts, person, copy_id)
    decide_unrecorded(parts, look.facts, Act.DOCUMENT_COPY)


def copy_size(parts: Parts, person: Person, copy_id: str) -> int:
    """Give a copy's size in bytes, to read a Range. Opens and records nothing.

    Raises:
        NotFound: there is none of this person's.
        ViewingEnded: its time is over.
    """
    return _find(parts, person, copy_id)[0].size_bytes


def fetch_copy(
    parts: Parts, person: Person, copy_id: str, part: ByteRange | None = None
) -> OutgoingCopy:
    """Send a copy or one range of it.

    Args:
        parts: the service's parts.
        person: who made the copy.
        copy_id: the copy.
        part: a range inside the copy, or None for the whole.

    Raises:
        NotFound, ViewingEnded: there is none (any more).
        Refused: the right is not there (any more).
        StoreDown, LogDown: no byte leaves.
    """
    return with_fresh_facts(lambda: _fetch_once(parts, person, copy_id, part))


def _fetch_once(parts: Parts, person: Person, copy_id: str, part: ByteRange | None) -> OutgoingCopy:
    copy, look = _find(parts, person, copy_id)
    decision = decide(
        parts,
        person,
        look.facts,
        Act.DOCUMENT_COPY,
        viewing=look.viewing.id,
        pages=copy.pages,
    )
    grant = record_grant(parts, person, look, Act.DOCUMENT_COPY, decision, copy.pages)
    try:
        with copy_spool():
            pieces = Pieces(parts, KeyRecord.from_bytes(copy.key_record), part)
        receipt = _release(parts, grant, copy, part)
    except CaseMoved:
        close_grant(parts, grant, "withdrawn")
        raise
    except Exception:
        close_grant(parts, grant, "failed")
        raise
    return OutgoingCopy(copy.size_bytes, part, pieces, receipt)


def _find(parts: Parts, person: Person, copy_id: str) -> tuple[Copy, Look]:
    now = parts.clock()
    with parts.database.reading() as session:
        copy, viewing = viewings.find_copy(session, copy_id, person.account_id)
        if copy.expires_at <= now:
            raise ViewingEnded
        facts = of_document(session, person, viewing.document_id, now)
        case_no = cases.find(session, viewing.case_id).case_no
        files = documents.files(session, viewing.document_id)
        session.expunge_all()
    return copy, Look(viewing, facts, case_no, files)


def _release(
    parts: Parts, grant: Receipt[Grant], copy: Copy, part: ByteRange | None
) -> Receipt[Release]:
    byte_range = f"{part.first}-{part.last}" if part else ""
    draft = release_draft(
        parts, grant, copy.sha256, copy.size_bytes, "copy", MEDIA, byte_range=byte_range
    )
    return parts.log.record(draft, case=CaseAt(grant.what.case, grant.what.case_rev))


class Pieces:
    """The verified bytes of a copy, or of one range; gives its file back when closed."""

    def __init__(self, parts: Parts, record: KeyRecord, part: ByteRange | None) -> None:
        """Open the copy.

        Raises:
            StorageError: it cannot be opened.
        """
        part = part or ByteRange(0, record.size_bytes - 1)
        self._stack = ExitStack()
        reader = self._stack.enter_context(parts.copies.open(record))
        self._pieces = reader.pieces(part.first, part.last - part.first + 1)

    def __iter__(self) -> Iterator[bytes]:
        """Give the bytes, piece by piece."""
        for piece in self._pieces:
            yield bytes(piece)

    def close(self) -> None:
        """Give the copy's file back; an answer that nobody reads to the end is closed too."""
        self._stack.close()
