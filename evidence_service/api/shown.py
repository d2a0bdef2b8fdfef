"""Cases and documents in words: results of use cases plus what only a request knows (language)."""

from dataclasses import asdict
from datetime import date
from typing import Any

from evidence_service.api.answers import (
    Case,
    Contact,
    Deadline,
    Determination,
    Document,
    Party,
    Vehicle,
)
from evidence_service.api.languages import language
from evidence_service.api.refusals import decision_in_words, endings_values
from evidence_service.use_cases.contacts import ContactCard
from evidence_service.use_cases.looking import SeenCase, SeenDocument
from policies.deadlines import Clock


def case(seen: SeenCase) -> Case:
    """Give a case, with a decision in words for each act on each document."""
    unit = seen.unit
    card = ContactCard(unit.name, unit.place, unit.phone, unit.complaints_phone, unit.hours)
    return Case(
        id=seen.id,
        case_no=seen.case_no,
        procedure=seen.procedure,
        happened_at=seen.happened_at,
        place=seen.place,
        opened_at=seen.opened_at,
        closed=seen.closed,
        stage=_stage(seen),
        contact=Contact.model_validate(card),
        parties=[Party.model_validate(party) for party in seen.parties],
        vehicles=[Vehicle.model_validate(vehicle) for vehicle in seen.vehicles],
        determinations=[Determination.model_validate(each) for each in seen.determinations],
        served_on_asker=seen.served_on_asker,
        documents=[document(each, card) for each in seen.documents],
        deadlines=[_deadline(clock, seen.today) for clock in seen.clocks],
    )


def _deadline(clock: Clock, today: date) -> Deadline:
    term = clock.term
    return Deadline(
        id=term.id,
        text=term.says.in_language(language()),
        article=term.article,
        whose=term.whose,
        started_on=clock.started_on,
        last_day=clock.last_day,
        unknown_year=clock.unknown_year,
        may_change=clock.may_change,
        overdue=clock.overdue(today),
        party_id=clock.party,
        paper_id=clock.paper,
    )


def document(seen: SeenDocument, card: ContactCard | None = None) -> Document:
    """Give a document, with a decision in words for each act on it."""
    values = endings_values(card, case=seen.case_id)
    decisions = {
        act.partition(":")[2]: decision_in_words(decision, language(), values)
        for act, decision in seen.decisions.items()
    }
    return Document.model_validate(
        {
            **{name: getattr(seen, name) for name in _PLAIN},
            "files": [_file(each) for each in seen.files],
            "decisions": decisions,
        }
    )


_PLAIN = (
    "id",
    "case_id",
    "kind",
    "subject_party",
    "page_count",
    "released",
    "withdrawn",
    "review_result",
    "uploaded_at",
)


def _file(file: Any) -> dict[str, Any]:
    found = asdict(file)
    return {**found, "entry": found["entry"] if found["entry"] >= 0 else None}


def _stage(seen: SeenCase) -> str:
    if seen.closed:
        return "closed"
    if seen.served_on_asker:
        return "determination_served"
    return "determination_made" if seen.determinations else "investigation"
