"""Which terms of Order 146 run in a case for whoever asks, read from what is recorded of it.

A term whose start nobody recorded is not shown: a day is never guessed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from evidence_service.clock import china_date
from evidence_service.records import cases, documents, services
from evidence_service.records.models import Determination, Document
from evidence_service.use_cases.facts import Facts
from evidence_service.use_cases.parts import Parts
from policies.deadlines import Clock, running, shown_to
from policies.facts import EXAMINED_KINDS, Role
from policies.terms import Event, Happening


def running_clocks(
    parts: Parts, session: Session, facts: Facts, now: datetime
) -> tuple[Clock, ...]:
    """Give the clocks that run for this asker: a party's own and the case's, or all of them."""
    case_id = facts.case.id
    parties = [party.id for party in cases.parties(session, case_id)]
    today = china_date(now)
    found = running(_history(session, case_id), parties, parts.calendar, today)
    return shown_to(found, facts.asker.standing) if facts.asker.role is Role.PARTY else found


def _history(session: Session, case_id: str) -> Sequence[Event]:
    history = [
        event
        for paper in services.determinations(session, case_id)
        for event in _of_determination(session, paper)
    ]
    for document in documents.of_case(session, case_id):
        if document.kind in EXAMINED_KINDS and document.received_on is not None:
            history += _of_report(session, document)
    return history


def _of_determination(session: Session, paper: Determination) -> Iterator[Event]:
    yield Event(Happening.DETERMINATION_MADE, paper.made_on, paper=paper.id)
    if paper.revoked_at is not None:
        revoked = china_date(paper.revoked_at)
        yield Event(Happening.DETERMINATION_REVOKED, revoked, paper=paper.id)
    yield from _services(session, paper.id, Happening.DETERMINATION_SERVED)


def _of_report(session: Session, report: Document) -> Iterator[Event]:
    if report.received_on is not None:
        yield Event(Happening.REPORT_RECEIVED, report.received_on, paper=report.id)
    if report.reviewed_at is not None:
        passed = report.review_result == "passed"
        what = Happening.REPORT_PASSED if passed else Happening.REPORT_REJECTED
        yield Event(what, china_date(report.reviewed_at), paper=report.id)
    yield from _services(session, report.id, Happening.REPORT_SERVED)


def _services(session: Session, paper_id: str, what: Happening) -> Iterator[Event]:
    for service in services.of_paper(session, paper_id):
        if service.effective_at is not None:
            on = china_date(service.effective_at)
            yield Event(what, on, party=service.party_id, paper=paper_id)
