"""What a person sees of their cases: facts, documents, and for each one open, or why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from evidence_service.clock import china_date
from evidence_service.errors import NotFound
from evidence_service.identity.names import mask_id_number, mask_name
from evidence_service.identity.sessions import Person
from evidence_service.records import cases, documents, services
from evidence_service.records.models import Case, Determination, Document, Party, Unit, Vehicle
from evidence_service.use_cases import facts as read
from evidence_service.use_cases.acting import decide, refuse_unknown
from evidence_service.use_cases.clocks import running_clocks
from evidence_service.use_cases.facts import Facts
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.upload import UnderstoodFile, understood_file
from policies.deadlines import Clock
from policies.decision import Decision
from policies.facts import Act, Question, Role

DOCUMENT_ACTS = (Act.DOCUMENT_VIEW, Act.DOCUMENT_COPY)


@dataclass(frozen=True)
class SeenDocument:
    """A document as this person may know it, with a decision for each act."""

    id: str
    case_id: str
    kind: str
    subject_party: str
    page_count: int
    released: bool
    withdrawn: bool
    review_result: str
    uploaded_at: datetime
    files: tuple[UnderstoodFile, ...]
    decisions: dict[str, Decision]


@dataclass(frozen=True)
class SeenParty:
    """A party; names and numbers of others are masked for those outside the police."""

    id: str
    name: str
    id_number: str
    part: str
    is_asker: bool


@dataclass(frozen=True)
class SeenCase:
    """A case as this person may know it."""

    id: str
    case_no: str
    procedure: str
    happened_at: datetime
    place: str
    opened_at: datetime
    closed: bool
    unit: Unit
    parties: tuple[SeenParty, ...]
    vehicles: tuple[Vehicle, ...]
    determinations: tuple[Determination, ...]
    served_on_asker: bool
    documents: tuple[SeenDocument, ...]
    clocks: tuple[Clock, ...]
    today: date


@dataclass(frozen=True)
class ListedCase:
    """A case in a list."""

    id: str
    case_no: str
    procedure: str
    happened_at: datetime
    place: str


def list_cases(
    parts: Parts, person: Person, *, after: str, limit: int
) -> tuple[Sequence[ListedCase], str]:
    """Give the cases that this person may know, and the cursor of the next page (empty: none)."""
    now = parts.clock()
    with parts.database.reading() as session:
        found = _candidates(session, person, after, limit)
        known = [
            _listed(case)
            for case in found
            if parts.policies.decide(
                read.of_case(session, person, case.id, now).question(Act.CASE_KNOW)
            ).allowed
        ]
        return known, found[-1].id if len(found) == limit else ""


def _candidates(session: Session, person: Person, after: str, limit: int) -> Sequence[Case]:
    if person.role == Role.UNIT_HEAD:
        return cases.of_unit(session, person.unit, after, limit)
    return cases.of_account(session, person.account_id, after, limit)


def _listed(case: Case) -> ListedCase:
    return ListedCase(case.id, case.case_no, case.procedure, case.happened_at, case.place)


def see_case(parts: Parts, person: Person, case_id: str) -> SeenCase:
    """Show a case and its documents.

    Raises:
        NotFound: there is none that this person may know of.
        LogDown: the refusal could not be recorded.
    """
    now = parts.clock()
    try:
        with parts.database.reading() as session:
            facts = read.of_case(session, person, case_id, now)
    except NotFound:
        raise refuse_unknown(parts, person, Act.CASE_KNOW) from None
    decide(parts, person, facts, Act.CASE_KNOW)
    with parts.database.reading() as session:
        case = cases.find(session, case_id)
        seen = SeenCase(
            id=case.id,
            case_no=case.case_no,
            procedure=case.procedure,
            happened_at=case.happened_at,
            place=case.place,
            opened_at=case.opened_at,
            closed=case.closed_at is not None,
            unit=cases.unit(session, case.unit_id),
            parties=tuple(_party(facts, p) for p in cases.parties(session, case_id)),
            vehicles=tuple(cases.vehicles(session, case_id)),
            determinations=tuple(services.determinations_in_force(session, case_id)),
            served_on_asker=facts.asker.determination_served,
            documents=_documents(parts, session, person, facts, now),
            clocks=running_clocks(parts, session, facts, now),
            today=china_date(now),
        )
        session.expunge_all()
        return seen


def _party(facts: Facts, party: Party) -> SeenParty:
    is_asker = party.id == facts.asker.standing
    in_full = is_asker or facts.asker.role is not Role.PARTY
    return SeenParty(
        id=party.id,
        name=party.name if in_full else mask_name(party.name),
        id_number=mask_id_number(party.id_number),
        part=party.part,
        is_asker=is_asker,
    )


def _documents(
    parts: Parts, session: Session, person: Person, facts: Facts, now: datetime
) -> tuple[SeenDocument, ...]:
    seen = []
    for document in documents.of_case(session, facts.case.id):
        one = read.document_facts(session, document, facts.asker, person, now)
        whole = Facts(facts.asker, facts.case, one)
        if parts.policies.decide(whole.question(Act.DOCUMENT_KNOW)).allowed:
            seen.append(_document(parts, session, document, whole))
    return tuple(seen)


def _document(parts: Parts, session: Session, document: Document, facts: Facts) -> SeenDocument:
    files = documents.files(session, document.id)
    is_party = facts.asker.role is Role.PARTY
    questions: list[Question] = [facts.question(act) for act in DOCUMENT_ACTS]
    decisions = parts.policies.decide_all(questions)
    return SeenDocument(
        id=document.id,
        case_id=document.case_id,
        kind=document.kind,
        subject_party=document.subject_party,
        page_count=sum(file.page_count for file in files),
        released=document.released_at is not None,
        withdrawn=document.withdrawn_at is not None,
        review_result=document.review_result,
        uploaded_at=document.uploaded_at,
        # What the police understood of a file (its name, size, flags) is theirs to see.
        files=() if is_party else tuple(understood_file(file, -1) for file in files),
        decisions={
            str(act): decision for act, decision in zip(DOCUMENT_ACTS, decisions, strict=True)
        },
    )


def see_document(parts: Parts, person: Person, document_id: str) -> SeenDocument:
    """Show what is known of a document, and a decision for each act on it.

    Raises:
        NotFound: there is none that this person may know of.
        LogDown: the refusal could not be recorded.
    """
    try:
        with parts.database.reading() as session:
            facts = read.of_document(session, person, document_id, parts.clock())
    except NotFound:
        raise refuse_unknown(parts, person, Act.DOCUMENT_KNOW) from None
    decide(parts, person, facts, Act.DOCUMENT_KNOW)
    with parts.database.reading() as session:
        return _document(parts, session, documents.find(session, document_id), facts)
