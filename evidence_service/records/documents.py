"""Documents and their files: finding rows, and turning page numbers into files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_service.errors import NotFound
from evidence_service.records.models import Document, DocumentFile


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where page `page` of a document lies: page `file_page` (from 1) of file `file`."""

    file: DocumentFile
    file_page: int


def find(session: Session, document_id: str) -> Document:
    """Give the document with this id.

    Raises:
        NotFound: there is none.
    """
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound
    return document


def of_case(session: Session, case_id: str) -> Sequence[Document]:
    """Give a case's documents in the order they came."""
    query = select(Document).where(Document.case_id == case_id)
    return session.execute(query.order_by(Document.uploaded_at, Document.id)).scalars().all()


def files(session: Session, document_id: str) -> Sequence[DocumentFile]:
    """Give a document's files in their order."""
    query = select(DocumentFile).where(DocumentFile.document_id == document_id)
    return session.execute(query.order_by(DocumentFile.position)).scalars().all()


def all_files(session: Session) -> Iterator[DocumentFile]:
    """Give every file of every document, by id."""
    return iter(session.execute(select(DocumentFile).order_by(DocumentFile.id)).scalars())


def same_file(session: Session, case_id: str, sha256: str) -> DocumentFile | None:
    """Give the file of this case with these very bytes, if there is one."""
    query = select(DocumentFile).where(
        DocumentFile.case_id == case_id, DocumentFile.sha256 == sha256
    )
    return session.execute(query).scalars().first()


def page_place(files_in_order: Sequence[DocumentFile], page: int) -> PagePlace:
    """Find page `page` (from 1) of a document.

    Raises:
        NotFound: the document has no such page.
    """
    before = 0
    for file in files_in_order:
        if 1 <= page - before <= file.page_count:
            return PagePlace(file, page - before)
        before += file.page_count
    raise NotFound


def mark_altered(session: Session, document_id: str, now: datetime) -> None:
    """Close a document whose stored bytes are not those that were uploaded."""
    find(session, document_id).altered_at = now
