"""The field table is the same as the schema that outsiders read."""

import pytest

from evidence_service.audit import fields, forms

from .vectors import read

SCHEMA = read("schema.json")


def test_the_patterns_are_those_of_the_schema():
    assert dict(fields.PATTERNS) == SCHEMA["patterns"]


def test_every_entry_has_the_common_fields():
    assert dict(fields.COMMON.required) == SCHEMA["common_required"]
    assert dict(fields.COMMON.optional) == SCHEMA["common_optional"]


def test_the_table_has_no_other_type():
    assert set(fields.TYPES) == set(SCHEMA["types"])


@pytest.mark.parametrize("kind", sorted(SCHEMA["types"]))
def test_a_type_has_the_fields_of_the_schema(kind):
    assert dict(fields.TYPES[kind].required) == SCHEMA["types"][kind]["required"]
    assert dict(fields.TYPES[kind].optional) == SCHEMA["types"][kind]["optional"]


@pytest.mark.parametrize("event", sorted(SCHEMA["log_events"]))
def test_an_event_of_the_log_has_the_fields_of_the_schema(event):
    assert fields.LOG_EVENTS[event].required == set(SCHEMA["log_events"][event]["required"])
    assert fields.LOG_EVENTS[event].optional == set(SCHEMA["log_events"][event]["optional"])


@pytest.mark.parametrize("result", sorted(SCHEMA["trace_results"]))
def test_a_result_of_a_trace_has_the_fields_of_the_schema(result):
    asked = SCHEMA["trace_results"][result]
    assert fields.TRACE_RESULTS[result].required == set(asked.get("required", []))
    assert fields.TRACE_RESULTS[result].absent == set(asked.get("absent", []))


def test_there_is_no_other_event_result_or_outcome():
    assert set(fields.LOG_EVENTS) == set(SCHEMA["log_events"])
    assert set(fields.TRACE_RESULTS) == set(SCHEMA["trace_results"])
    assert list(fields.CLOSE_OUTCOMES) == SCHEMA["close_outcomes"]


def test_every_form_that_the_table_names_is_checked():
    tables = [fields.COMMON, *fields.TYPES.values()]
    named = {form for each in tables for form in {**each.required, **each.optional}.values()}
    assert named <= set(forms.FORMS)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("date", "2026-02-29"),
        ("time", "2026-04-31T00:00:00.000000Z"),
        ("time", "2026-03-02T23:59:60.000000Z"),
        ("time", "2026-03-02T08:15:30.000001Z\n"),
        ("pages", "3-2"),
        ("pages", "1,1"),
        ("pages", "2,1"),
        ("range", "5-4"),
        ("tokens", []),
        ("tokens", ["b", "a"]),
        ("tokens", ["a", "a"]),
        ("tokens", [f"t{n:02d}" for n in range(17)]),
        ("tokens", "a"),
        ("one", True),
        ("int", True),
        ("case", "case_" + "A" * 32),
    ],
)
def test_a_value_out_of_form_is_found(form, value):
    assert not forms.FORMS[form](value)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("date", "2028-02-29"),
        ("time", "2026-03-02T23:59:59.999999Z"),
        ("pages", "1-3,5,7-9"),
        ("range", "0-0"),
        ("tokens", ["a", "b"]),
        ("one", 1),
        ("int", 2**53 - 1),
    ],
)
def test_a_value_in_form_is_taken(form, value):
    assert forms.FORMS[form](value)
