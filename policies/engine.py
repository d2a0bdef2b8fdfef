"""The one place that asks Cedar. Any doubt refuses (SECURITY 2, the four rules).

1. Whole facts: all that is named is there, and fits the schema where the entities are made.
2. A gate opens on a fact that is there: held by `policies.lint`.
3. Any doubt refuses: an error, no decision, an exception, an id that we do not know.
4. No complete set, no start: `PolicyEngine.start` names every fault at once.

What Cedar says about an error repeats the facts it was given. It goes nowhere: the alarm gets a
token, never a text.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

import cedarpy

from policies.asking import Asked, Entity, ask, check_whole
from policies.decision import DEFAULT_DENY, ENGINE_DOUBT, Basis, Decision, Gate
from policies.errors import FactsIncomplete, PoliciesBroken
from policies.facts import Question
from policies.lint import articles, in_order, lint
from policies.packaged import Sources, read_packaged
from policies.selfcheck import known_answers

Alarm = Callable[[str], None]

STRANGER = Decision(allowed=False, policies=(DEFAULT_DENY,))
DOUBT = Decision(allowed=False, policies=(ENGINE_DOUBT,))


@dataclass(frozen=True, slots=True)
class UncheckedPolicies:
    """Policies that were parsed and nothing else. Only `PolicyEngine.start` makes them safe."""

    every: cedarpy.PolicySet
    permits: cedarpy.PolicySet  # the same without gates: does anything permit at all?
    schema: cedarpy.Schema
    permit_ids: frozenset[str]
    gates: dict[str, Gate]  # in the order of the text
    sha256: str


def parse(sources: Sources) -> UncheckedPolicies:
    """Parse the texts. Nothing is checked here beyond what the parser does.

    Raises:
        ValueError: a text does not parse.
    """
    tree = json.loads(cedarpy.policies_to_json_str(sources.policies))
    policies = in_order(tree)
    permits = {
        "templates": {},
        "templateLinks": [],
        "staticPolicies": {
            f"policy{n}": each for n, each in enumerate(policies) if each["effect"] == "permit"
        },
    }
    gates = [_gate(each["annotations"]) for each in policies if each["effect"] == "forbid"]
    return UncheckedPolicies(
        every=cedarpy.PolicySet.from_str(sources.policies),
        permits=cedarpy.PolicySet.from_json_str(json.dumps(permits)),
        schema=cedarpy.Schema.from_str(sources.schema),
        permit_ids=frozenset(
            each["annotations"]["id"] for each in policies if each["effect"] == "permit"
        ),
        gates={gate.policy: gate for gate in gates},
        sha256=sources.sha256,
    )


def faults_of(sources: Sources) -> list[str]:
    """Name all that is wrong with the texts, before they are used."""
    if not sources.schema.strip():
        return ["the schema is empty"]  # Cedar takes the empty text for "no schema"
    try:
        tree = json.loads(cedarpy.policies_to_json_str(sources.policies))
        cedarpy.Schema.from_str(sources.schema)
    except ValueError:
        return ["the policies or the schema do not parse"]
    found = lint(tree, sources.schema, sources.ids)
    validation = cedarpy.validate_policies(sources.policies, sources.schema)
    if not validation.validation_passed:
        found.append(f"does not validate: {'; '.join(map(str, validation.errors))}")
    return found


class PolicyEngine:
    """Decides questions. Immutable; one engine serves all threads."""

    def __init__(self, policies: UncheckedPolicies, *, alarm: Alarm) -> None:
        self._policies = policies
        self._alarm = alarm
        self._schema = policies.schema

    @classmethod
    def start(cls, *, alarm: Alarm, sources: Sources | None = None) -> "PolicyEngine":
        """Load the packaged policies, check them, and ask the known questions.

        Args:
            alarm: called with a token whenever a decision had to be refused in doubt.
            sources: other texts, for tests.

        Raises:
            PoliciesBroken: with every fault that was found; then nothing may be decided.
        """
        sources = sources or read_packaged()
        if faults := faults_of(sources):
            raise PoliciesBroken(faults)
        engine = cls(parse(sources), alarm=alarm)
        wrong = [
            f"the known answer is another one: {known.name}"
            for known in known_answers()
            if (decision := engine.decide(known.question)).allowed != known.allowed
            or decision.policies != known.policies
        ]
        if wrong:
            raise PoliciesBroken(wrong)
        return engine

    @property
    def sha256(self) -> str:
        """SHA-256, lower-case hex, of exactly the policy and schema texts that decide."""
        return self._policies.sha256

    @property
    def gates(self) -> Mapping[str, Gate]:
        """All gates by their id, in the order in which closed ones are told."""
        return MappingProxyType(self._policies.gates)

    def decide(self, question: Question) -> Decision:
        """Decide one question. Never raises; what cannot be decided is refused, with an alarm."""
        [decision] = self._guarded([question])
        return decision

    def decide_all(self, questions: Iterable[Question]) -> list[Decision]:
        """Decide many, in their order; each answer is judged alone.

        Neighbours with the same asker and case are asked together. Where one of them spoils the
        rest (a bad entity spoils all), each is asked again by itself.
        """
        decisions: list[Decision] = []
        for _, together in groupby(questions, key=_asker_and_case):
            decisions.extend(self._guarded(list(together)))
        return decisions

    def _guarded(self, questions: Sequence[Question]) -> list[Decision]:
        try:
            return self._decide([ask(question) for question in questions])
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as problem:  # noqa: BLE001 - a panic of the engine is no Exception
            if len(questions) > 1:
                return [self.decide(question) for question in questions]
            whole = not isinstance(problem, FactsIncomplete)
            return [self._doubt("engine_raised" if whole else "facts_incomplete")]

    def _decide(self, asked: Sequence[Asked]) -> list[Decision]:
        for each in asked:
            check_whole(each)
        entities = cedarpy.Entities.from_json_str(_merged(asked), self._schema)
        requests = [each.request for each in asked]
        answers = self._ask(requests, self._policies.every, entities)
        decisions = [self._judge(answer) for answer in answers]
        closed = [n for n, decision in enumerate(decisions) if decision.gates]
        if closed:
            # A forbid hides whether anything permitted: ask again without gates.
            permits = self._ask([requests[n] for n in closed], self._policies.permits, entities)
            for n, answer in zip(closed, permits, strict=True):
                permitted = self._judge(answer)
                if not permitted.allowed:
                    decisions[n] = permitted
        return decisions

    def _ask(
        self,
        requests: list[dict[str, Any]],
        policies: cedarpy.PolicySet,
        entities: cedarpy.Entities,
    ) -> list[cedarpy.AuthzResult]:
        answers = cedarpy.is_authorized_batch(requests, policies, entities, self._schema)
        if len(answers) != len(requests):
            raise FactsIncomplete("another number of answers than of questions")
        return answers

    def _judge(self, answer: cedarpy.AuthzResult) -> Decision:
        """Believe an answer only if nothing about it is in doubt (SEC-POL-7)."""
        names = answer.diagnostics.id_annotations_by_reason
        ids = {names.get(reason, "") for reason in answer.diagnostics.reasons}
        allowed = answer.decision is cedarpy.Decision.Allow
        known = self._policies.permit_ids if allowed else self._policies.gates.keys()
        if answer.diagnostics.errors:
            return self._doubt("policy_error")
        if not allowed and answer.decision is not cedarpy.Decision.Deny:
            return self._doubt("no_decision")
        if not ids <= known or (allowed and not ids):
            return self._doubt("unknown_reason")
        if not allowed and not ids:
            return STRANGER
        gates = tuple(gate for name, gate in self._policies.gates.items() if name in ids)
        return Decision(allowed=allowed, policies=tuple(sorted(ids)), gates=gates)

    def _doubt(self, token: str) -> Decision:
        self._sound(token)
        return DOUBT

    def _sound(self, token: str) -> None:
        with suppress(Exception):  # an alarm that fails must not turn a refusal into an error
            self._alarm(token)


def _asker_and_case(question: Question) -> tuple[int, int]:
    return id(getattr(question, "asker", None)), id(getattr(question, "case", None))


def _merged(asked: Sequence[Asked]) -> str:
    """Write all entities once. Two that differ under one id stay two: Cedar refuses them."""
    if len(asked) == 1:
        return json.dumps(asked[0].entities)
    entities: dict[str, Entity] = {}
    for each in asked:
        entities.update((json.dumps(entity), entity) for entity in each.entities)
    return f"[{','.join(entities)}]"


def _gate(annotations: dict[str, str]) -> Gate:
    return Gate(
        policy=annotations["id"],
        articles=articles(annotations["article"]),
        basis=Basis(annotations["basis"]),
        missing=annotations["fact"],
        next_step=annotations["next"],
        zh=annotations["zh"],
        en=annotations["en"],
        hides="hides" in annotations,
    )
