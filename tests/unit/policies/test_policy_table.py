"""Roles by acts by kinds by facts, against the second reading; and what holds for all of them."""

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.asking import DOCUMENT_ACTS, SERVICE_ACTS
from policies.engine import PolicyEngine, parse
from policies.facts import (
    EXAMINED_KINDS,
    NINE_KINDS,
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
from policies.packaged import read_packaged
from policies.selfcheck import CASE, DOCUMENT

SOURCES = read_packaged()
STAFF = {"unit": CASE.unit, "assigned": True}
ASKERS = [
    Asker(id="per_1", role=role, **facts)
    for role in Role
    for facts in (
        {},
        STAFF,
        STAFF | {"recused": True},
        STAFF | {"standing": "par_1", "determination_served": True},
        {"standing": "par_1", "determination_served": True},
        {"standing": "par_1"},
        {"unit": "unit_west", "assigned": True},
        {"unit": CASE.unit},
    )
]
CASES = [
    CASE,
    *(replace(CASE, **{flag: not getattr(CASE, flag)}) for flag in ("criminal", "closed")),
    replace(CASE, determination_made=False),
    replace(CASE, procedure=Procedure.SIMPLE),
    replace(CASE, procedure=Procedure.SELF, criminal=True, determination_made=False),
]
FLAGS = [field.name for field in fields(DocumentFacts) if field.type in {"bool", bool}]
DOCUMENTS = [
    *(replace(DOCUMENT, kind=kind) for kind in Kind),
    *(replace(DOCUMENT, secrecy=s, redacted=r) for s, r in product(Secrecy, (True, False))),
    *(
        replace(DOCUMENT, subject_party=p, redacted=r)
        for p, r in product(("par_1", "par_2"), (True, False))
    ),
    *(
        replace(DOCUMENT, kind=kind, **{flag: not getattr(DOCUMENT, flag)})
        for kind, flag in product((Kind.SCENE_PHOTO, *EXAMINED_KINDS), FLAGS)
    ),
]
# Each document under its own id, so that all may stand in one set of entities.
DOCUMENTS = [replace(each, id=f"doc_{n}") for n, each in enumerate(DOCUMENTS)]


def _table():
    """Yield all documents for the usual case, and one of each kind for the others."""
    for asker, case in product(ASKERS, CASES):
        documents = DOCUMENTS if case is CASE else DOCUMENTS[: len(Kind)]
        for act in Act:
            for document in documents if act in DOCUMENT_ACTS else [None]:
                of_case = None if act in SERVICE_ACTS else case
                yield Question(act=act, asker=asker, case=of_case, document=document)


@pytest.fixture(scope="module")
def table():
    """Every question of the table with its decision, asked in batches."""
    engine = PolicyEngine.start(alarm=pytest.fail)
    questions = list(_table())
    return list(zip(questions, engine.decide_all(questions), strict=True))


def test_the_table_agrees_with_the_second_reading(table, second_reading):
    assert len(table) > 10_000
    for question, decision in table:
        expected = second_reading(question)
        assert decision.allowed is (expected is None), question
        assert expected is None or decision.policies == expected, question


def test_whoever_is_recused_does_nothing_in_office(table):
    for question, decision in table:
        if question.asker.recused and question.asker.role is not Role.PARTY:
            assert not decision.allowed, question


def test_outside_the_police_only_the_nine_kinds_are_seen_and_only_when_all_is_open(table):
    seen = set()
    for question, decision in table:
        outside = question.asker.role not in POLICE_ROLES
        if decision.allowed and outside and question.act in {Act.DOCUMENT_VIEW, Act.DOCUMENT_COPY}:
            document = question.document
            assert document.released
            assert document.examined
            assert not document.rejected
            assert not document.withdrawn
            assert question.asker.determination_served
            seen.add(document.kind)
    assert seen == NINE_KINDS


def test_whoever_may_view_may_know(engine, table):
    viewed = [q for q, decision in table if decision.allowed and q.act is Act.DOCUMENT_VIEW]
    knowing = engine.decide_all([replace(question, act=Act.DOCUMENT_KNOW) for question in viewed])
    assert all(decision.allowed for decision in knowing)


def test_what_is_not_hidden_is_known_or_says_why_it_is_not_listed(engine, table):
    closed = [(q, d) for q, d in table if q.act is Act.DOCUMENT_VIEW and not d.allowed]
    knowing = engine.decide_all([replace(q, act=Act.DOCUMENT_KNOW) for q, _ in closed])
    for (question, decision), known in zip(closed, knowing, strict=True):
        if question.asker.recused or decision.hidden:
            assert not known.allowed, question
        else:
            unlisted = {gate.policy for gate in known.gates}
            assert unlisted <= {"online-kind", "no-criminal-case"}, question


def _facts(kind):
    """Any facts of the vocabulary, with the ids that can meet one another."""
    strategies = {
        "id": st.just(f"{kind.__name__}_1"),
        "revision": st.just(1),
        "unit": st.sampled_from(["unit_east", "unit_west"]),
        "standing": st.sampled_from(["", "par_1"]),
        "subject_party": st.sampled_from(["", "par_1", "par_2"]),
        "role": st.sampled_from(Role),
        "procedure": st.sampled_from(Procedure),
        "kind": st.sampled_from(Kind),
        "secrecy": st.sampled_from(Secrecy),
    }
    return st.builds(
        kind, **{field.name: strategies.get(field.name, st.booleans()) for field in fields(kind)}
    )


QUESTIONS = st.builds(
    Question,
    act=st.sampled_from(Act),
    asker=_facts(Asker),
    case=_facts(CaseFacts),
    document=_facts(DocumentFacts),
)
ENGINE = PolicyEngine.start(alarm=lambda _: None)
SHARED_FIXTURES = [HealthCheck.function_scoped_fixture]


@settings(max_examples=300, deadline=None, suppress_health_check=SHARED_FIXTURES)
@given(question=QUESTIONS)
def test_any_facts_are_read_the_same_way_twice(question, second_reading):
    expected = second_reading(question)
    decision = ENGINE.decide(question)
    assert decision.allowed is (expected is None)
    assert expected is None or decision.policies == expected


CONDITIONS = st.recursive(
    st.sampled_from(
        [
            "principal.police",
            "principal.assigned",
            "principal.recused",
            "principal.determination_served",
            'principal.role == "party"',
            'principal.standing != ""',
            'principal.unit == "unit_east"',
            "true",
            "1 + 9223372036854775807 > 0",
        ]
    ),
    lambda inner: st.one_of(
        inner.map("!({})".format),
        st.tuples(inner, inner).map(lambda two: "({} && {})".format(*two)),
        st.tuples(inner, inner).map(lambda two: "({} || {})".format(*two)),
    ),
    max_leaves=4,
)
GATE = (
    '\n@id("added") @article("") @basis("ours") @fact("added") @next("call") @zh("x") @en("x")\n'
    "forbid (principal, action, resource) {} {{ {} }};\n"
)


@settings(max_examples=60, deadline=None, suppress_health_check=SHARED_FIXTURES)
@given(kind=st.sampled_from(["when", "unless"]), condition=CONDITIONS)
def test_a_gate_that_is_added_never_grants(kind, condition, cases):
    text = SOURCES.policies + GATE.format(kind, condition)
    added = PolicyEngine(parse(replace(SOURCES, policies=text)), alarm=lambda _: None)
    after = added.decide_all([case.question for case in cases])
    for case, decision in zip(cases, after, strict=True):
        assert case.allowed or not decision.allowed


def test_the_table_is_taken_from_words_that_are_all_used(table):
    assert {question.act for question, _ in table} == set(Act)
    assert {question.asker.role for question, _ in table} == set(Role)
    assert {q.document.kind for q, _ in table if q.document} == set(Kind)
    assert {q.document.secrecy for q, _ in table if q.document} == set(Secrecy)
