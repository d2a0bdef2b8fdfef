"""Open a document to those who may look, and close it again (放行, 撤回)."""

from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.errors import AlreadyThere, FieldWrong
from evidence_service.identity.sessions import Person
from evidence_service.records import documents
from evidence_service.use_cases.case_files import Recorded
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.recording import Recording, record_of_document
from policies.facts import Act


def release_document(
    parts: Parts, person: Person, document_id: str, *, attempt: Attempt
) -> Recorded:
    """Release a document: a second assigned officer agrees (READINGS 44).

    Raises:
        AlreadyThere: released already.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    now = parts.clock()

    def check(session: Session) -> None:
        if documents.find(session, document_id).released_at is not None:
            raise AlreadyThere("release", document_id)

    def change(session: Session, index: int) -> Recorded:
        documents.find(session, document_id).released_at = now
        return Recorded(document_id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.DOCUMENT_RELEASE,
        log_act=LogAct.DOCUMENT_RELEASE,
    )
    return record_of_document(recording, document_id, change, check)


def withdraw_document(
    parts: Parts, person: Person, document_id: str, *, attempt: Attempt
) -> Recorded:
    """Withdraw a document; it bites at the next page of every open viewing.

    Raises:
        AlreadyThere: withdrawn already.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    now = parts.clock()

    def check(session: Session) -> None:
        if documents.find(session, document_id).withdrawn_at is not None:
            raise AlreadyThere("withdrawal", document_id)

    def change(session: Session, index: int) -> Recorded:
        documents.find(session, document_id).withdrawn_at = now
        return Recorded(document_id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.DOCUMENT_WITHDRAW,
        log_act=LogAct.DOCUMENT_WITHDRAW,
    )
    return record_of_document(recording, document_id, change, check)


def accept_unreadable(
    parts: Parts, person: Person, document_id: str, *, attempt: Attempt
) -> Recorded:
    """Decide that a document may be released although pages of it cannot be drawn (SEC-PB-5).

    Raises:
        FieldWrong: every page of it can be drawn.
        AlreadyThere: decided already.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    now = parts.clock()

    def check(session: Session) -> None:
        document = documents.find(session, document_id)
        if not document.unreadable_pages:
            raise FieldWrong("document", "readable")
        if document.unreadable_accepted_at is not None:
            raise AlreadyThere("acceptance", document_id)

    def change(session: Session, index: int) -> Recorded:
        documents.find(session, document_id).unreadable_accepted_at = now
        return Recorded(document_id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.CASE_RECORD,
        log_act=LogAct.UNREADABLE_ACCEPT,
    )
    return record_of_document(recording, document_id, change, check)
