"""Record a fact about a case: the shape that all such acts share.

Facts, decision, entry, change: in one commit, on the revision that was decided on, which moves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.audit.drafts import ActDone
from evidence_service.audit.log import CaseAt
from evidence_service.errors import NotFound
from evidence_service.identity.sessions import Person
from evidence_service.use_cases import facts as read
from evidence_service.use_cases.acting import (
    by,
    decide,
    record_act,
    refuse_unknown,
    with_fresh_facts,
)
from evidence_service.use_cases.facts import Facts
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from policies.facts import Act

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Recording:
    """Who records what: the act to decide, the act to log, and further fields of the entry."""

    parts: Parts
    person: Person
    attempt: Attempt
    act: Act
    log_act: LogAct


def record_in_case(
    recording: Recording,
    case_id: str,
    change: Callable[[Session, int], T],
    check: Callable[[Session], None] = lambda _session: None,
    **entry_fields: Any,
) -> T:
    """Record a fact about a case.

    Args:
        recording: who records what.
        case_id: the case.
        change: the SQL change; gets the session and the entry's index; gives the result.
        check: looks at the input against the records, before the decision is recorded.
        entry_fields: further fields of the entry (ids, tokens, dates).

    Raises:
        NotFound: there is no such case for this person.
        Refused, LogDown: nothing was recorded.
    """
    parts, person = recording.parts, recording.person

    def once() -> T:
        try:
            with parts.database.reading() as session:
                facts = read.of_case(session, person, case_id, parts.clock())
        except NotFound:
            raise refuse_unknown(parts, person, recording.act) from None
        return _decide_and_record(recording, facts, change, check, entry_fields)

    return with_fresh_facts(once)


def record_of_document(
    recording: Recording,
    document_id: str,
    change: Callable[[Session, int], T],
    check: Callable[[Session], None] = lambda _session: None,
    **entry_fields: Any,
) -> T:
    """Record a fact about a document; raises as `record_in_case`."""
    parts, person = recording.parts, recording.person

    def once() -> T:
        try:
            with parts.database.reading() as session:
                facts = read.of_document(session, person, document_id, parts.clock())
        except NotFound:
            raise refuse_unknown(parts, person, recording.act) from None
        fields = {"document": document_id, **entry_fields}
        return _decide_and_record(recording, facts, change, check, fields)

    return with_fresh_facts(once)


def _decide_and_record(
    recording: Recording,
    facts: Facts,
    change: Callable[[Session, int], T],
    check: Callable[[Session], None],
    entry_fields: dict[str, Any],
) -> T:
    parts = recording.parts
    decide(parts, recording.person, facts, recording.act)
    with parts.database.reading() as session:
        check(session)
    draft = ActDone(
        by=by(recording.person),
        act=recording.log_act,
        case=facts.case.id,
        case_rev=facts.case.revision + 1,
        **entry_fields,
    )
    at = CaseAt(facts.case.id, facts.case.revision, moves=True)
    return record_act(parts, recording.attempt, draft, change, at)
