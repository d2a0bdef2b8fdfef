"""Step 1 of every act: what is true of this person, this case and this document, now.

Dates are compared here, so that policies read facts and never dates (SEC-POL-5). A row that is
not there gives no fact, and a fact that is not there opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evidence_service.errors import NotFound
from evidence_service.identity.sessions import Person
from evidence_service.records import cases, documents, services
from evidence_service.records.models import Case, Document
from policies.facts import (
    EXAMINED_KINDS,
    Act,
    Asker,
    CaseFacts,
    DocumentFacts,
    Kind,
    Procedure,
    Question,
    Role,
    Secrecy,
)


@dataclass(frozen=True)
class Facts:
    """The facts of one moment, and the revision of the case they belong to."""

    asker: Asker
    case: CaseFacts
    document: DocumentFacts | None = None
    altered: bool = False  # stored bytes are not those that were uploaded

    def question(self, act: Act) -> Question:
        """Ask whether this asker may do `act`."""
        return Question(act=act, asker=self.asker, case=self.case, document=self.document)


def of_nothing(person: Person) -> Asker:
    """Give the asker outside any case."""
    return Asker(id=person.actor, role=Role(person.role), unit=person.unit)


def of_case(session: Session, person: Person, case_id: str, now: datetime) -> Facts:
    """Read what is true of a person in a case.

    Raises:
        NotFound: there is no such case.
    """
    case = cases.find(session, case_id)
    return Facts(_asker(session, person, case, now), _case_facts(session, case))


def of_document(session: Session, person: Person, document_id: str, now: datetime) -> Facts:
    """Read what is true of a person in a document's case, and of the document.

    Raises:
        NotFound: there is no such document.
    """
    document = documents.find(session, document_id)
    case = cases.find(session, document.case_id)
    asker = _asker(session, person, case, now)
    return Facts(
        asker,
        _case_facts(session, case),
        document_facts(session, document, asker, person, now),
        altered=document.altered_at is not None,
    )


def document_facts(
    session: Session, document: Document, asker: Asker, person: Person, now: datetime
) -> DocumentFacts:
    """Read what is true of a document, and of this asker towards it."""
    kind = Kind(document.kind)
    is_report = kind in EXAMINED_KINDS
    return DocumentFacts(
        id=document.id,
        kind=kind,
        secrecy=Secrecy(document.secrecy),
        released=document.released_at is not None,
        withdrawn=document.withdrawn_at is not None,
        superseded=bool(document.superseded_by),
        examined=not is_report or document.review_result == "passed",
        rejected=document.review_result == "rejected",
        redacted=bool(document.rendition_of),
        subject_party=document.subject_party,
        report_served=not is_report
        or services.is_served(session, document.id, asker.standing, now),
        uploaded_by_asker=document.uploaded_by == person.account_id,
        readable=(not document.unreadable_pages or document.unreadable_accepted_at is not None)
        and document.altered_at is None,
    )


def _asker(session: Session, person: Person, case: Case, now: datetime) -> Asker:
    role = Role(person.role)
    standing = ""
    if role is Role.PARTY:
        standing = cases.standing_of(session, case.id, person.account_id)
    return Asker(
        id=person.actor,
        role=role,
        unit=person.unit,
        assigned=cases.is_assigned(session, case.id, person.account_id),
        recused=bool(person.id_number) and cases.is_party(session, case.id, person.id_number)
        if role is not Role.PARTY
        else False,
        standing=standing,
        determination_served=services.determination_served(session, case.id, standing, now),
    )


def _case_facts(session: Session, case: Case) -> CaseFacts:
    return CaseFacts(
        id=case.id,
        revision=cases.revision(session, case.id),
        unit=case.unit_id,
        procedure=Procedure(case.procedure),
        criminal=case.criminal,
        closed=case.closed_at is not None,
        determination_made=bool(services.determinations_in_force(session, case.id)),
    )


def exists_or_none(session: Session, person: Person, case_id: str, now: datetime) -> Facts | None:
    """Read the facts of a case, or give None where there is none: both are one answer outside."""
    try:
        return of_case(session, person, case_id, now)
    except NotFound:
        return None
