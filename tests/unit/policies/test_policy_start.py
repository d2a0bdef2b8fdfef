"""No complete, sound set: no start (SECURITY 2, rule 4)."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import cedarpy
import pytest

import policies
from policies.engine import PolicyEngine, faults_of
from policies.errors import PoliciesBroken
from policies.packaged import POLICIES, SCHEMA_FILE, read_packaged

SOURCES = read_packaged()
FOLDER = Path(policies.__file__).parent


def _swapped(old, new, count=1):
    assert old in SOURCES.policies
    return replace(SOURCES, policies=SOURCES.policies.replace(old, new, count))


def _refused(sources):
    with pytest.raises(PoliciesBroken) as caught:
        PolicyEngine.start(alarm=lambda _: None, sources=sources)
    assert caught.value.faults
    return str(caught.value)


def test_the_packaged_policies_start(engine):
    assert re.fullmatch(r"[0-9a-f]{64}", engine.sha256)


def test_the_digest_is_that_of_the_files_as_they_lie_there(engine):
    whole = b"".join((FOLDER / name).read_bytes() for name in [*POLICIES, SCHEMA_FILE])
    assert engine.sha256 == hashlib.sha256(whole).hexdigest()


def test_every_cedar_file_of_the_folder_is_packaged():
    assert {path.name for path in FOLDER.glob("*.cedar")} == set(POLICIES)


def test_each_file_holds_the_policies_that_the_list_says():
    for name, ids in POLICIES.items():
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert tuple(re.findall(r'^@id\("(.*)"\)$', text, re.MULTILINE)) == ids


@pytest.mark.parametrize(
    ("sources", "why"),
    [
        (replace(SOURCES, policies="", ids=()), "no policy"),
        (replace(SOURCES, policies="// nothing\n", ids=()), "no policy"),
        (replace(SOURCES, policies=""), "no policy"),
        (replace(SOURCES, schema=""), "schema is empty"),
        (replace(SOURCES, schema=" \n"), "schema is empty"),
        (replace(SOURCES, schema="entity {"), "do not parse"),
        (replace(SOURCES, schema="entity Asker; entity Case;"), "does not validate"),
        (replace(SOURCES, policies="permit ("), "do not parse"),
        (replace(SOURCES, policies=SOURCES.policies + "\ud800"), "do not parse"),
        (replace(SOURCES, ids=SOURCES.ids[:-1]), "packaged list"),
        (replace(SOURCES, ids=(*SOURCES.ids, "one-more")), "packaged list"),
        (replace(SOURCES, ids=SOURCES.ids[::-1]), "packaged list"),
    ],
)
def test_a_set_that_is_not_whole_does_not_start(sources, why):
    assert why in _refused(sources)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("resource.kind", "resource.knid", "vocabulary"),
        ('"scene_diagram"', '"scnee_diagram"', "vocabulary"),
        ('"scene_diagram"', '"scene_di\u0430gram"', "vocabulary"),
        ('principal.role == "party"', 'principal.role == "p\u0430rty"', "vocabulary"),
        ('principal.role == "party"', 'principal.role == "Party"', "vocabulary"),
        ('principal.role == "party"', 'principal.unit == "party"', "vocabulary"),
        ('principal.role == "party"', "true", "Value is not used"),
        ("principal.police || resource.released", "false", "Value is not used"),
        ("resource.readable", "resource has secrt", "vocabulary"),
        ('@id("second-officer")', '@id("no-recusal")', "doubled ['no-recusal']"),
        ('@id("second-officer")', '@id("second-offic\u0435r")', "no free token"),
        ('@id("second-officer")', '@id("engine-doubt")', "no free token"),
        ('@id("second-officer")', "", "annotations are"),
        ('@fact("second_officer")', "", "annotations are"),
        ('@fact("second_officer")', '@fact("")', "@fact is no token"),
        ('@next("counter")', '@next("somewhere")', "@next is no ending"),
        ('@basis("practice")', '@basis("custom")', "@basis is not"),
        ('@article("Order 146, art. 41(2)")', '@article("")', "names no @article"),
        ('@article("Order 146, art. 41(2)")', '@article("art. 41")', "no citation"),
        ('@hides("document")', '@hides("case")', "@hides hides"),
        ('@hides("document")', '@hiddes("document")', "annotations are"),
        (
            '@zh("\u8fd9\u4efd\u6750\u6599\u5df2\u6709\u65b0\u7248\u672c\u3002")',
            '@zh("")',
            "says nothing",
        ),
        ("resource.readable", 'resource.kind like "scene*"', "like is not used"),
        ("resource.readable", "if resource.readable then true else false", "is not used"),
        (
            "principal,\n    action == ",
            'principal == Asker::"per_1",\n    action == ',
            "names a person",
        ),
        ('Action::"learn"', 'Action::"lern"', "an act is not in the vocabulary"),
        ("resource.readable", "context.readable", "it reads context"),
        ("resource.readable", '"x" == resource.kind', "Value stands where a fact should"),
        ("resource is Service", "resource", "without naming act and type"),
        ("resource is Service", 'resource == Service::"x"', "names one thing"),
        (" when {\n    resource.closed\n}", "", "no condition"),
    ],
)
def test_what_validation_lets_pass_the_lint_finds(old, new, why):
    assert why in _refused(_swapped(old, new))


def test_a_template_is_refused():
    text = SOURCES.policies + '\n@id("t") permit (principal == ?principal, action, resource);\n'
    assert "templates" in _refused(replace(SOURCES, policies=text))


def test_a_second_permit_beside_the_list_is_refused():
    text = SOURCES.policies + '\n@id("door") permit (principal, action, resource);\n'
    assert "unknown ['door']" in _refused(replace(SOURCES, policies=text))


@pytest.mark.parametrize(
    "condition",
    [
        "1 + 9223372036854775807 > 0",
        'datetime("2026-01-01").offset(duration("1d")) > datetime("2026-01-01")',
        'decimal("1.0").lessThan(decimal("2.0"))',
        "principal.nothing",
    ],
)
def test_a_gate_that_could_raise_is_refused(condition):
    assert _refused(_swapped("principal.police || resource.released", condition))


def test_a_schema_with_an_optional_attribute_is_refused():
    schema = SOURCES.schema.replace("released: Bool", "released?: Bool")
    assert "optional" in _refused(replace(SOURCES, schema=schema))


def test_a_schema_that_knows_less_than_the_facts_is_refused():
    schema = SOURCES.schema.replace("    closed: Bool,\n", "")
    assert "closed" in _refused(replace(SOURCES, schema=schema))


def test_a_schema_that_knows_more_than_the_facts_fails_the_known_answers():
    schema = SOURCES.schema.replace("    closed: Bool,\n", "    closed: Bool, sealed: Bool,\n")
    assert "the known answer is another one" in _refused(replace(SOURCES, schema=schema))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "principal.police || principal.determination_served",
            "principal.police || !principal.determination_served",
        ),
        (
            'resource.secrecy == "none" ||',
            'resource.secrecy == "none" || resource.secrecy == "unknown" ||',
        ),
        ('principal.role == "party" && principal.standing != ""', 'principal.role == "party"'),
        ("resource.uploaded_by_asker", "!resource.uploaded_by_asker"),
        ("principal.recused && ", "!principal.recused && "),
        ("principal.assigned && ", "!principal.assigned && "),
    ],
)
def test_a_set_that_passes_all_checks_but_turns_a_rule_fails_the_known_answers(old, new):
    turned = _swapped(old, new, -1)
    assert faults_of(turned) == []
    assert "the known answer is another one" in _refused(turned)


def test_all_faults_are_named_at_once():
    text = SOURCES.policies.replace('"scene_diagram"', '"scnee"').replace('"wait"', '"later"')
    told = _refused(replace(SOURCES, policies=text))
    assert "online-kind" in told
    assert "@next" in told


def test_cedar_itself_lets_these_pass():
    # Why there is a lint at all: repeat on a new version of Cedar.
    for old, new in [('"scene_diagram"', '"scnee"'), ("resource.readable", "resource has secrt")]:
        text = SOURCES.policies.replace(old, new)
        assert cedarpy.validate_policies(text, SOURCES.schema).validation_passed
    assert cedarpy.validate_policies("", SOURCES.schema).validation_passed
    assert json.loads(cedarpy.policies_to_json_str(""))["staticPolicies"] == {}
