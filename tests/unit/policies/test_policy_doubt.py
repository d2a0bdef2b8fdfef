"""Any doubt refuses, with an alarm and without a word about the facts (SECURITY 2, rules 1, 3)."""

import copy
from dataclasses import fields, replace

import cedarpy
import pytest

from policies import engine as engine_module
from policies.asking import Asked, ask
from policies.decision import DEFAULT_DENY
from policies.engine import DOUBT, PolicyEngine, parse
from policies.facts import Act, Kind, Question
from policies.packaged import read_packaged

SOURCES = read_packaged()


def _without(asked):
    """Yield the question's entities with each entity and each attribute left out in turn."""
    for n, entity in enumerate(asked.entities):
        yield Asked(asked.request, [each for m, each in enumerate(asked.entities) if m != n])
        for part in (*entity["attrs"], None):
            entities = copy.deepcopy(asked.entities)
            if part is None:
                del entities[n]["attrs"]
            else:
                del entities[n]["attrs"][part]
            yield Asked(asked.request, entities)
    for part in ("principal", "action", "resource"):
        yield Asked({k: v for k, v in asked.request.items() if k != part}, asked.entities)


def _broken(what, name, value):
    """Copy frozen facts with one field turned into what its type forbids, or taken out."""
    copied = copy.copy(what)
    if value is ...:
        object.__delattr__(copied, name)
    else:
        object.__setattr__(copied, name, value)
    return copied


def test_what_is_left_out_in_turn_never_allows_and_never_raises(
    allowed_cases, engine, alarms, monkeypatch
):
    tried = 0
    for case in allowed_cases:
        for asked in _without(ask(case.question)):
            # What puts the question into words is stepped over: the engine has to hold alone.
            monkeypatch.setattr(engine_module, "ask", lambda _, asked=asked: asked)
            decision = engine.decide(case.question)
            assert not decision.allowed, (case.sentence, asked)
            tried += 1
    assert tried > 1000
    assert set(alarms) == {"engine_raised", "facts_incomplete"}


def test_cedar_itself_allows_where_the_document_is_absent(allowed_cases):
    # Why the engine checks that all is there: repeat on a new version of Cedar.
    asked = ask(next(case.question for case in allowed_cases if case.question.document))
    rule = "permit (principal, action, resource); "
    rule += "forbid (principal, action, resource) when { resource has kind && resource.released };"
    bare = cedarpy.is_authorized(asked.request, rule, asked.entities[:-1])
    assert bare.decision is cedarpy.Decision.Allow
    assert bare.diagnostics.errors == []


def test_facts_left_out_in_turn_never_allow_and_never_raise(allowed_cases, engine, alarms):
    for case in allowed_cases:
        question = case.question
        for part in ("asker", "case", "document"):
            if (what := getattr(question, part)) is None:
                continue
            spoilt = [_broken(question, part, None), _broken(question, part, ...)]
            for field in fields(what):
                if field.name == "revision":
                    continue  # not a fact that is decided on
                spoilt += [
                    _broken(question, part, _broken(what, field.name, value))
                    for value in (None, ..., 7, b"x", [], "\ud800")
                ]
            unread = question.act in {Act.CASE_KNOW, Act.CASE_RECORD} and part == "document"
            for each in spoilt:
                assert engine.decide(each) == DOUBT or unread, (case.sentence, part)
                assert engine.decide_all([each]) == [DOUBT] or unread
    assert set(alarms) == {"facts_incomplete", "engine_raised"}


@pytest.mark.parametrize("act", list(Act))
def test_an_act_without_its_case_or_document_is_refused(act, engine, allowed_cases):
    asker = allowed_cases[0].question.asker
    assert not engine.decide(Question(act=act, asker=asker)).allowed


@pytest.mark.parametrize(
    "bad_id",
    ["", "x" * 257, "per\x00", "per\n1", "per\x7f", "per\u202e1", "per\ud8001", "per\u200b1"],
)
def test_an_id_that_is_no_short_printable_text_is_refused(bad_id, engine, alarms, allowed_cases):
    question = allowed_cases[0].question
    assert engine.decide(replace(question, asker=replace(question.asker, id=bad_id))) == DOUBT
    assert alarms == ["facts_incomplete"]


def test_an_id_of_256_characters_is_taken(engine, allowed_cases):
    question = allowed_cases[0].question
    long = replace(question, asker=replace(question.asker, id="x" * 256))
    assert engine.decide(long).allowed


def test_a_plain_string_is_no_word_of_the_vocabulary(engine, allowed_cases):
    question = allowed_cases[0].question
    document = replace(question.document, kind=str(Kind.SCENE_DIAGRAM))
    assert engine.decide(replace(question, document=document)) == DOUBT


def test_a_case_without_a_unit_matches_no_officer_without_one(engine, cases):
    [case] = [each for each in cases if each.sentence == "an_assigned_officer_knows_the_case"]
    question = replace(
        case.question,
        asker=replace(case.question.asker, unit=""),
        case=replace(case.question.case, unit=""),
    )
    assert engine.decide(question) == DOUBT


def _raising(alarms):
    # Overflow in a gate: Cedar skips the gate, and the permit wins.
    gate = '@id("{}") @article("") @basis("ours") @fact("x") @next("wait") @zh("x") @en("x") '
    gate += "forbid (principal, action, resource) when {{ {} }};"
    text = SOURCES.policies + gate.format("raises", "9223372036854775807 + 1 > 0")
    return PolicyEngine(parse(replace(SOURCES, policies=text)), alarm=alarms.append)


def test_a_gate_that_raises_refuses_although_cedar_allows(allowed_cases, alarms):
    question = allowed_cases[0].question
    raising = _raising(alarms)
    asked = ask(question)
    bare = cedarpy.is_authorized(asked.request, raising._policies.every, asked.entities)
    assert bare.decision is cedarpy.Decision.Allow
    assert raising.decide(question) == DOUBT
    assert alarms == ["policy_error"]


def test_a_permit_whose_id_is_not_known_refuses(allowed_cases, alarms):
    policies = parse(SOURCES)
    renamed = replace(policies, permit_ids=frozenset({"another"}))
    engine = PolicyEngine(renamed, alarm=alarms.append)
    assert engine.decide(allowed_cases[0].question) == DOUBT
    assert alarms == ["unknown_reason"]


def test_a_gate_whose_id_is_not_known_refuses_in_doubt(cases, alarms):
    [case] = [each for each in cases if each.sentence.startswith("the_officer_who_uploaded")]
    engine = PolicyEngine(replace(parse(SOURCES), gates={}), alarm=alarms.append)
    assert engine.decide(case.question) == DOUBT
    assert alarms == ["unknown_reason"]


class _Panic(BaseException):
    """As the engine's own panics: no Exception."""


def _answering(monkeypatch, answer):
    def answers(requests, *_):
        if isinstance(answer, BaseException):
            raise answer
        return [cedarpy.AuthzResult(answer) for _ in requests]

    monkeypatch.setattr(cedarpy, "is_authorized_batch", answers)


@pytest.mark.parametrize(
    ("answer", "alarm"),
    [
        (_Panic(), "engine_raised"),
        (MemoryError(), "engine_raised"),
        (ValueError("all the facts"), "engine_raised"),
        ({"decision": "NoDecision", "diagnostics": {}}, "no_decision"),
        ({"decision": "Perhaps", "diagnostics": {}}, "engine_raised"),
        ({"decision": "Allow", "diagnostics": {}}, "unknown_reason"),
        ({"decision": "Allow", "diagnostics": {"reason": ["policy0"]}}, "unknown_reason"),
        ({}, "engine_raised"),
    ],
)
def test_whatever_cedar_answers_in_doubt_is_a_refusal(answer, alarm, monkeypatch, allowed_cases):
    alarms = []
    engine = PolicyEngine.start(alarm=alarms.append)
    question = allowed_cases[0].question
    _answering(monkeypatch, answer)
    assert engine.decide(question) == DOUBT
    assert set(alarms) == {alarm}
    assert engine.decide_all([question, question]) == [DOUBT, DOUBT]


def test_fewer_answers_than_questions_refuse(monkeypatch, engine, allowed_cases):
    monkeypatch.setattr(cedarpy, "is_authorized_batch", lambda *_: [])
    assert engine.decide(allowed_cases[0].question) == DOUBT


def test_an_interrupt_is_no_decision(monkeypatch, engine, allowed_cases):
    _answering(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        engine.decide(allowed_cases[0].question)


def test_an_alarm_that_fails_leaves_the_refusal(allowed_cases):
    def broken(_token):
        raise OSError("no place for alarms")

    question = replace(allowed_cases[0].question, case=None)
    assert PolicyEngine.start(alarm=broken).decide(question) == DOUBT


def test_an_alarm_carries_a_token_and_nothing_of_the_facts(engine, alarms, allowed_cases):
    question = allowed_cases[0].question
    canary = replace(question, asker=replace(question.asker, id="330899199001012417\n"))
    engine.decide(canary)
    engine.decide_all([canary, canary])
    assert set(alarms) == {"facts_incomplete"}


def test_one_spoilt_question_of_a_batch_spoils_itself_alone(engine, allowed_cases):
    good = next(case.question for case in allowed_cases if case.question.document)
    spoilt = replace(good, document=replace(good.document, readable=None))
    twin = replace(
        good, document=replace(good.document, released=False)
    )  # the same id, other facts
    decisions = engine.decide_all([good, spoilt, good, twin])
    assert [decision.allowed for decision in decisions] == [True, False, True, False]
    assert decisions[1] == DOUBT
    assert decisions[3].policies == ("document-released",)


def test_an_empty_batch_has_no_answers(engine):
    assert engine.decide_all([]) == []


def test_a_stranger_behind_closed_gates_learns_of_none(engine, cases):
    [case] = [each for each in cases if each.sentence == "a_stranger_is_told_no_closed_gate"]
    decision = engine.decide(case.question)
    assert decision.policies == (DEFAULT_DENY,)
    assert decision.gates == ()
    assert decision.hidden
