"""Take files into a case as one document (an ordered set of files with one release).

Nothing is stored before every file was looked at in the cage; nothing is acknowledged before
bytes were read back and the entries are durable. A refused file leaves no row and no bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evidence_service.audit.drafts import Upload
from evidence_service.audit.log import CaseAt
from evidence_service.clock import china_date
from evidence_service.errors import AlreadyThere, FieldWrong, NotFound
from evidence_service.identity.sessions import Person
from evidence_service.records import cases
from evidence_service.records.models import Document, DocumentFile, new_id
from evidence_service.use_cases.acting import (
    by,
    decide,
    record_act,
    refuse_unknown,
    with_fresh_facts,
)
from evidence_service.use_cases.facts import Facts, of_case
from evidence_service.use_cases.first_look import LookedAt, SentFile, look_at, refuse_doubles
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.store_errors import storing
from policies.facts import EXAMINED_KINDS, Act, Kind, Secrecy
from storage.key_records import KeyRecord


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """What an officer states about a document."""

    kind: Kind
    secrecy: Secrecy = Secrecy.NONE
    subject_party: str = ""
    received_on: date | None = None  # a report's receipt (art. 55)


@dataclass(frozen=True)
class UnderstoodFile:
    """What was understood of a file."""

    id: str
    name: str
    media: str
    page_count: int
    page_sizes: tuple[dict[str, object], ...]
    size_bytes: int
    sha256: str
    flags: tuple[str, ...]
    unreadable_pages: tuple[int, ...]
    entry: int


@dataclass(frozen=True)
class UploadedDocument:
    """A document that was taken, file by file."""

    id: str
    case_id: str
    kind: str
    subject_party: str
    page_count: int
    files: tuple[UnderstoodFile, ...]
    uploaded_at: datetime


def upload_document(
    parts: Parts,
    person: Person,
    case_id: str,
    new: NewDocument,
    sent: Sequence[SentFile],
    *,
    attempt: Attempt,
) -> UploadedDocument:
    """Take one document of one or more files into a case.

    Raises:
        FieldWrong: no file, an unknown party, a date in the future.
        FileRefused, TooLarge: a file is not taken; nothing of the request is.
        AlreadyThere: the case holds a file with the same bytes; names the document.
        Refused, NotFound: by decision.
        StoreDown, LogDown, Busy: nothing was acknowledged.
    """
    _check_form(parts, new, sent)
    facts = _decide(parts, person, case_id)
    with parts.database.reading() as session:
        if new.subject_party:
            cases.find_party(session, case_id, new.subject_party)
    looked = [look_at(parts, case_id, file) for file in sent]
    refuse_doubles(looked)
    records = [_store(parts, file) for file in looked]
    document_id = new_id("doc")
    files = tuple(
        _file_row(case_id, document_id, position, file, record)
        for position, (file, record) in enumerate(zip(looked, records, strict=True), start=1)
    )

    def once() -> UploadedDocument:
        fresh = _decide(parts, person, case_id)
        return _record(parts, person, fresh, new, document_id, files, attempt)

    del facts  # decided on once before any work, and again on fresh facts at the end
    try:
        return with_fresh_facts(once)
    except IntegrityError as double:  # another upload of the same bytes came first
        raise AlreadyThere("file") from double


def _check_form(parts: Parts, new: NewDocument, sent: Sequence[SentFile]) -> None:
    if not sent:
        raise FieldWrong("files", "missing")
    if new.received_on is not None and new.received_on > china_date(parts.clock()):
        raise FieldWrong("received_on", "future")
    if new.received_on is not None and new.kind not in EXAMINED_KINDS:
        raise FieldWrong("received_on", "no_report")


def _decide(parts: Parts, person: Person, case_id: str) -> Facts:
    try:
        with parts.database.reading() as session:
            facts = of_case(session, person, case_id, parts.clock())
    except NotFound:
        raise refuse_unknown(parts, person, Act.DOCUMENT_UPLOAD) from None
    decide(parts, person, facts, Act.DOCUMENT_UPLOAD)
    return facts


def _store(parts: Parts, file: LookedAt) -> KeyRecord:
    with storing():
        file.sent.source.seek(0)
        return parts.originals.put(
            file.sent.source,
            object_id=new_id("obj"),
            size_bytes=file.size_bytes,
            sha256=file.sha256,
        ).record


def _file_row(
    case_id: str, document_id: str, position: int, file: LookedAt, record: KeyRecord
) -> DocumentFile:
    inspection = file.inspection
    return DocumentFile(
        id=new_id("file"),
        document_id=document_id,
        case_id=case_id,
        position=position,
        sent_name=file.sent.name,
        media=inspection.media,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        page_count=len(inspection.pages),
        page_sizes=json.dumps([asdict(page) for page in inspection.pages]),
        flags=" ".join(inspection.flags),
        unreadable_pages=json.dumps(inspection.unreadable_pages),
        key_record=record.to_bytes(),
    )


def _record(
    parts: Parts,
    person: Person,
    facts: Facts,
    new: NewDocument,
    document_id: str,
    files: Sequence[DocumentFile],
    attempt: Attempt,
) -> UploadedDocument:
    revision = facts.case.revision + 1
    drafts = [
        Upload(
            by=by(person),
            case=facts.case.id,
            case_rev=revision,
            document=document_id,
            kind=new.kind,
            file=file.position,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            media=file.media,
            page_count=file.page_count,
            subject_party=new.subject_party,
            flags=tuple(file.flags.split()),
        )
        for file in files
    ]
    now = parts.clock()

    def change(session: Session, index: int) -> UploadedDocument:
        session.add(_document_row(facts.case.id, document_id, new, person, files, now))
        session.flush()
        session.add_all(DocumentFile(**_values(file)) for file in files)
        return _answer(facts.case.id, document_id, new, files, index, now)

    return record_act(
        parts, attempt, drafts, change, CaseAt(facts.case.id, facts.case.revision, moves=True)
    )


def _document_row(
    case_id: str,
    document_id: str,
    new: NewDocument,
    person: Person,
    files: Sequence[DocumentFile],
    now: datetime,
) -> Document:
    return Document(
        id=document_id,
        case_id=case_id,
        kind=new.kind,
        secrecy=new.secrecy,
        subject_party=new.subject_party,
        uploaded_by=person.account_id,
        uploaded_at=now,
        received_on=new.received_on,
        unreadable_pages=_unreadable(files),
    )


def _unreadable(files: Sequence[DocumentFile]) -> str:
    """Give the pages that could not be drawn, as `file:page`, bounded by the column."""
    found = [
        f"{file.position}:{page}" for file in files for page in json.loads(file.unreadable_pages)
    ]
    return " ".join(found)[:512]


def _values(file: DocumentFile) -> dict[str, object]:
    """Give a row's values, so that a retried commit adds fresh rows."""
    return {column.name: getattr(file, column.name) for column in DocumentFile.__table__.columns}


def _answer(
    case_id: str,
    document_id: str,
    new: NewDocument,
    files: Sequence[DocumentFile],
    index: int,
    now: datetime,
) -> UploadedDocument:
    understood = tuple(understood_file(file, index + offset) for offset, file in enumerate(files))
    return UploadedDocument(
        id=document_id,
        case_id=case_id,
        kind=new.kind,
        subject_party=new.subject_party,
        page_count=sum(file.page_count for file in files),
        files=understood,
        uploaded_at=now,
    )


def understood_file(file: DocumentFile, entry: int) -> UnderstoodFile:
    """Say what was understood of a file; `entry` is its upload entry in the log."""
    return UnderstoodFile(
        id=file.id,
        name=file.sent_name,
        media=file.media,
        page_count=file.page_count,
        page_sizes=tuple(json.loads(file.page_sizes)),
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        flags=tuple(file.flags.split()),
        unreadable_pages=tuple(json.loads(file.unreadable_pages)),
        entry=entry,
    )
