"""A decision in words: each closed gate with its articles and what to do next, and whom to call."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence_service.use_cases.contacts import ContactCard
from policies import explain
from policies.decision import Decision, Gate
from policies.explain import Language

CASE_PATH = "/api/v1/cases/{case}"


def endings_values(
    contact: ContactCard | None, *, reference: str = "", case: str = ""
) -> Mapping[str, str]:
    """Give what the braces of endings stand for."""
    return {
        "phone": contact.complaints_phone if contact else "",
        "ref": reference,
        "link": CASE_PATH.format(case=case) if case else "/api/v1/cases",
    }


def next_step(key: str, language: Language, values: Mapping[str, str]) -> dict[str, str]:
    """Say what to do next."""
    return {"key": key, "text": explain.ENDINGS[key].in_language(language, **values)}


def gate_in_words(gate: Gate, language: Language, values: Mapping[str, str]) -> dict[str, Any]:
    """Say one closed gate: whose rule, which articles, what is missing, what to do."""
    return {
        "policy": gate.policy,
        "basis": str(gate.basis),
        "rule": explain.whose_rule(gate, language),
        "articles": list(gate.articles),
        "missing": gate.missing,
        "text": gate.zh if language == "zh" else gate.en,
        "next": next_step(gate.next_step, language, values),
    }


def decision_in_words(
    decision: Decision, language: Language, values: Mapping[str, str]
) -> dict[str, Any]:
    """Say whether an act is open, and by which gates it is not."""
    gates = [gate_in_words(gate, language, values) for gate in decision.gates]
    return {"allowed": decision.allowed, "gates": gates}


def articles_of(gates: Sequence[Gate]) -> list[str]:
    """Give all articles of the gates, each once, in order."""
    return list(dict.fromkeys(article for gate in gates for article in gate.articles))


def steps_of(gates: Sequence[Gate], language: Language, values: Mapping[str, str]) -> list[Any]:
    """Give all next steps of the gates, each once, in order."""
    keys = dict.fromkeys(gate.next_step for gate in gates)
    return [next_step(key, language, values) for key in keys]
