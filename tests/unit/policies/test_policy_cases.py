"""Every case file is decided as its folder and its lines say, alone and in one batch."""

import re

from policies.decision import DEFAULT_DENY
from policies.packaged import read_packaged


def test_the_case_comes_out_as_its_sentence_says(case, engine, alarms):
    decision = engine.decide(case.question)
    assert decision.allowed is case.allowed
    assert decision.policies == case.policies
    assert decision.missing == case.missing
    assert decision.hidden is case.hidden
    assert alarms == []


def test_the_second_reading_agrees_with_the_case(case, second_reading):
    assert second_reading(case.question) == (None if case.allowed else case.policies)


def test_a_batch_answers_as_one_by_one(cases, engine, alarms):
    questions = [case.question for case in cases]
    assert engine.decide_all(questions) == [engine.decide(question) for question in questions]
    assert alarms == []


def test_every_policy_has_a_case_that_it_decides(cases):
    deciding = {policy for case in cases for policy in case.policies}
    assert deciding == {*read_packaged().ids, DEFAULT_DENY}


def test_case_names_are_sentences(cases):
    for case in cases:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){3,}", case.sentence)
