"""Steps 2 and 3 of every act: decide, and record the answer before anything follows from it.

A refusal is an entry before the asker hears of it. An act's change, its entry and its idempotency
key are one commit (promise 9, PEER-FAULTS 35).
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TypeVar

from sqlalchemy.orm import Session

from evidence_service.audit.commitment import commit
from evidence_service.audit.drafts import By, Draft, Refusal
from evidence_service.audit.log import CaseAt
from evidence_service.audit.models import CommittedText
from evidence_service.errors import Altered, CaseMoved, NotFound, Refused
from evidence_service.identity.sessions import Person
from evidence_service.use_cases.facts import Facts, of_nothing
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from policies.decision import Decision
from policies.facts import Act, Question

T = TypeVar("T")

TRIES = 8  # how often facts are read again when the case moves under an act
NOBODY_PERMITS = ("default-deny",)
EVIDENCE_ACTS = frozenset({Act.DOCUMENT_VIEW, Act.DOCUMENT_COPY})


def by(person: Person, *, reason_commitment: str = "") -> By:
    """Name the actor of an entry."""
    return By(
        actor=person.actor,
        role=person.role,
        unit=person.unit,
        reason_commitment=reason_commitment,
    )


def policies_of(decision: Decision) -> tuple[str, ...]:
    """Give the ids of the policies that decided, as an entry wants them: at least one."""
    return decision.policies or NOBODY_PERMITS


def decide(
    parts: Parts,
    person: Person,
    facts: Facts,
    act: Act,
    *,
    viewing: str = "",
    pages: str = "",
    purpose: str = "",
) -> Decision:
    """Decide on an act; a no is recorded and raised.

    Raises:
        Altered: allowed, but the document's stored bytes are not those of its upload.
        Refused: with every closed gate.
        NotFound: this asker may not even know that the case or document exists.
        LogDown: the refusal could not be recorded.
    """
    decision = parts.policies.decide(facts.question(act))
    if decision.allowed and facts.altered and act in EVIDENCE_ACTS:
        raise Altered
    if decision.allowed:
        return decision
    refusal = Refusal(
        by=by(person),
        act=str(act),
        policies=policies_of(decision),
        policies_sha256=parts.policies.sha256,
        case=facts.case.id,
        case_rev=facts.case.revision,
        document=facts.document.id if facts.document else "",
        standing=facts.asker.standing,
        missing=decision.missing,
        viewing=viewing,
        pages=pages,
        purpose=purpose,
    )
    parts.log.record(refusal)
    raise _as_told(parts, facts, decision)


def decide_unrecorded(parts: Parts, facts: Facts, act: Act) -> None:
    """Decide for a HEAD: what `decide` raises, but nothing is recorded (SECURITY 9).

    Raises:
        Altered, Refused, NotFound: as `decide`.
    """
    decision = parts.policies.decide(facts.question(act))
    if not decision.allowed:
        raise _as_told(parts, facts, decision)
    if facts.altered and act in EVIDENCE_ACTS:
        raise Altered


def decide_outside(parts: Parts, person: Person, act: Act) -> Decision:
    """Decide on an act that belongs to no case; a no is recorded and raised.

    Raises:
        Refused, LogDown: as `decide`.
    """
    decision = parts.policies.decide(Question(act=act, asker=of_nothing(person)))
    if decision.allowed:
        return decision
    _refuse_outside(parts, person, act, decision)
    raise Refused(decision)


def refuse_unknown(parts: Parts, person: Person, act: Act) -> NotFound:
    """Record that somebody asked for what is not there: the same work as for a stranger's no."""
    decision = parts.policies.decide(Question(act=act, asker=of_nothing(person)))
    _refuse_outside(parts, person, act, decision)
    return NotFound()


def _refuse_outside(parts: Parts, person: Person, act: Act, decision: Decision) -> None:
    parts.log.record(
        Refusal(
            by=by(person),
            act=str(act),
            policies=policies_of(decision),
            policies_sha256=parts.policies.sha256,
            missing=decision.missing,
        )
    )


def _as_told(parts: Parts, facts: Facts, decision: Decision) -> NotFound | Refused:
    """Give what the asker hears: the gates, or that there is nothing."""
    if _is_hidden(parts, facts):
        return NotFound()
    return Refused(decision, case=facts.case.id, unit=facts.case.unit)


def _is_hidden(parts: Parts, facts: Facts) -> bool:
    if not parts.policies.decide(facts.question(Act.CASE_KNOW)).allowed:
        return True
    # A document that is closed for a reason one may know explains itself, listed or not.
    return (
        facts.document is not None
        and parts.policies.decide(facts.question(Act.DOCUMENT_KNOW)).hidden
    )


def with_fresh_facts(attempt: Callable[[], T]) -> T:
    """Do an act again, facts and decision too, while the case moves under it.

    Raises:
        CaseMoved: it moved at every try.
    """
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except CaseMoved:
            continue
    return attempt()


def record_act(
    parts: Parts,
    attempt: Attempt,
    draft: Draft | Sequence[Draft],
    change: Callable[[Session, int], T],
    case: CaseAt | None = None,
) -> T:
    """Write the entry, its change and the answer to the idempotency key in one commit.

    Args:
        parts: the service's parts.
        attempt: the request's idempotency key, or none.
        draft: the entry, or several that stand together.
        change: makes the SQL change and gives the act's result; gets the first entry's index.
        case: the revision that was decided on.

    Raises:
        CaseMoved, LogDown, IntegrityError: nothing was kept.
    """
    results: list[T] = []

    def effect(session: Session, index: int) -> None:
        result = change(session, index)
        session.flush()
        attempt.keep(session, result)
        results.append(result)

    drafts = [draft] if isinstance(draft, Draft) else draft
    parts.log.record_all(drafts, effect=effect, case=case)
    return results[0]


def commit_text_later(text: str) -> tuple[str, Callable[[Session], None]]:
    """Give a text's commitment for the log, and what keeps the text in the entry's own commit.

    An empty text gives an empty commitment, which an entry leaves out.
    """
    if not text:
        return "", lambda _session: None
    salt = secrets.token_bytes(32)
    commitment = commit(salt, text)
    row = CommittedText(commitment=commitment, salt=salt, text=text)
    return commitment, lambda session: session.add(row)


def facts_as_text(question: Question) -> str:
    """Write a question so that the decision can be run again (canonical JSON, ids only)."""
    return json.dumps(asdict(question), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
