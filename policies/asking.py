"""A question in Cedar's words: the request, and the entities it speaks of (SECURITY 2, rule 1).

Cedar takes an absent entity for one without secrets, and says so to nobody. So completeness is
checked before it is asked: every word is one of the vocabulary, every id is short and printable
(`ask`), and every entity that is named is there (`check_whole`, called by the engine itself).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from policies.errors import FactsIncomplete
from policies.facts import (
    POLICE_ROLES,
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

TEXT_LIMIT = 256

Fact = TypeVar("Fact", CaseFacts, DocumentFacts)
Word = TypeVar("Word", bound=StrEnum)
Reference = dict[str, str]
Entity = dict[str, Any]

SERVICE: Reference = {"type": "Service", "id": "evidence"}

SERVICE_ACTS = frozenset({Act.CASE_OPEN, Act.LOG_READ})
DOCUMENT_ACTS = frozenset(
    {
        Act.DOCUMENT_KNOW,
        Act.DOCUMENT_VIEW,
        Act.DOCUMENT_COPY,
        Act.DOCUMENT_RELEASE,
        Act.DOCUMENT_REVIEW,
        Act.DOCUMENT_WITHDRAW,
        Act.DOCUMENT_SERVE,
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the engine takes it."""

    request: dict[str, Any]
    entities: list[Entity]


def ask(question: Question) -> Asked:
    """Put a question into Cedar's words.

    Raises:
        FactsIncomplete: something that the act needs is missing, or no word of ours.
    """
    act = _word(question.act, Act)
    principal = _id("Asker", question.asker.id)
    entities = [asker_entity(question.asker)]
    resource = SERVICE
    if act in SERVICE_ACTS:
        entities.append({"uid": SERVICE, "attrs": {}, "parents": []})
    else:
        case = _there(question.case)
        resource = _id("Case", case.id)
        entities.append(case_entity(case))
        if act in DOCUMENT_ACTS:
            document = _there(question.document)
            entities.append(document_entity(document, resource))
            resource = _id("Document", document.id)
    return Asked(request_for(act, principal, resource), entities)


def request_for(act: Act, principal: Reference, resource: Reference) -> dict[str, Any]:
    """Build the request; the context is always empty, so that every fact has a schema."""
    return {
        "principal": principal,
        "action": {"type": "Action", "id": act.value},
        "resource": resource,
        "context": {},
    }


def asker_entity(asker: Asker) -> Entity:
    """Say who asks."""
    role = _word(asker.role, Role)
    attributes = {
        "role": role.value,
        "police": role in POLICE_ROLES,
        "unit": _text(asker.unit),
        "assigned": asker.assigned,
        "recused": asker.recused,
        "standing": _text(asker.standing),
        "determination_served": asker.determination_served,
    }
    return {"uid": _id("Asker", asker.id), "attrs": attributes, "parents": []}


def case_entity(case: CaseFacts) -> Entity:
    """Say what is true of the case. A case without a unit would match askers without one."""
    attributes = {
        "unit": _filled(case.unit),
        "procedure": _word(case.procedure, Procedure).value,
        "criminal": case.criminal,
        "closed": case.closed,
        "determination_made": case.determination_made,
    }
    return {"uid": _id("Case", case.id), "attrs": attributes, "parents": []}


def document_entity(document: DocumentFacts, case: Reference) -> Entity:
    """Say what is true of the document, and of the asker towards it."""
    attributes = {
        "case": case,
        "kind": _word(document.kind, Kind).value,
        "secrecy": _word(document.secrecy, Secrecy).value,
        "released": document.released,
        "withdrawn": document.withdrawn,
        "superseded": document.superseded,
        "examined": document.examined,
        "rejected": document.rejected,
        "redacted": document.redacted,
        "subject_party": _text(document.subject_party),
        "report_served": document.report_served,
        "uploaded_by_asker": document.uploaded_by_asker,
        "readable": document.readable,
    }
    return {"uid": _id("Document", document.id), "attrs": attributes, "parents": []}


def check_whole(asked: Asked) -> None:
    """Check that principal, resource and everything they name are among the entities.

    Raises:
        FactsIncomplete: one of them is not.
    """
    there = set()
    named = {_key(asked.request["principal"]), _key(asked.request["resource"])}
    for entity in asked.entities:
        there.add(_key(entity["uid"]))
        named.update(_key(value) for value in entity["attrs"].values() if type(value) is dict)
    if not named <= there:
        raise FactsIncomplete("an entity that is named is not there")


def _key(reference: Reference) -> tuple[str, str]:
    return reference["type"], reference["id"]


def _id(kind: str, value: str) -> Reference:
    return {"type": kind, "id": _filled(value)}


def _there(fact: Fact | None) -> Fact:
    if fact is None:
        raise FactsIncomplete("the act is about something that was not given")
    return fact


def _word(value: object, words: type[Word]) -> Word:
    # A plain string that equals a word is not that word: it came around the vocabulary.
    if not isinstance(value, words):
        raise FactsIncomplete(f"not a word of {words.__name__}")
    return value


def _text(value: str) -> str:
    # `isprintable` is false for controls, surrogates, bidi signs and unassigned characters.
    if type(value) is not str or len(value) > TEXT_LIMIT or not value.isprintable():
        raise FactsIncomplete("an id is no short printable text")
    return value


def _filled(value: str) -> str:
    if not value:
        raise FactsIncomplete("an id is empty")
    return _text(value)
