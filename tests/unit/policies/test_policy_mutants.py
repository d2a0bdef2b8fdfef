"""Every policy, condition, act and word is held by a case: change one, and a case changes."""

import copy
import json

import cedarpy
import pytest

from policies.engine import PolicyEngine, parse
from policies.lint import in_order
from policies.packaged import Sources, read_packaged

SOURCES = read_packaged()
TREE = json.loads(cedarpy.policies_to_json_str(SOURCES.policies))
NAMES = [policy["annotations"]["id"] for policy in in_order(TREE)]
NEGATED = {".", "==", "!=", "contains"}


def _engine(tree):
    sources = Sources(cedarpy.policies_from_json_str(json.dumps(tree)), SOURCES.schema, ())
    return PolicyEngine(parse(sources), alarm=lambda _: None)


def _answers(engine, cases):
    return engine.decide_all([case.question for case in cases])


def _spots(node, path=()):
    """Yield the path of every sub-expression that is true or false."""
    [(operator, body)] = node.items()
    if operator in NEGATED:
        yield path
    elif operator in {"&&", "||"}:
        yield path
        yield from _spots(body["left"], (*path, operator, "left"))
        yield from _spots(body["right"], (*path, operator, "right"))
    elif operator == "!":
        yield from _spots(body["arg"], (*path, operator, "arg"))


def _at(node, path):
    for step in path:
        node = node[step]
    return node


def _turns(node):
    """Yield what a sub-expression may be turned into: its opposite, or one half of it."""
    yield "negated", {"!": {"arg": node}}
    for operator in ("&&", "||"):
        if operator in node:
            yield "left half", node[operator]["left"]
            yield "right half", node[operator]["right"]
    if "contains" in node:
        words = node["contains"]["left"]["Set"]
        for n, word in enumerate(words):
            fewer = copy.deepcopy(node)
            del fewer["contains"]["left"]["Set"][n]
            yield f"without {word['Value']}", fewer


def _mutants_of(key):
    """Yield what was changed, and the whole tree with that one change."""
    policy = TREE["staticPolicies"][key]
    for n, condition in enumerate(policy["conditions"]):
        other = "unless" if condition["kind"] == "when" else "when"
        yield f"{other} for {condition['kind']}", _with(key, ("conditions", n, "kind"), other)
        for path in _spots(condition["body"]):
            for what, turned in _turns(_at(condition["body"], path)):
                yield f"{what} at {path}", _with(key, ("conditions", n, "body", *path), turned)
    group = policy["action"].get("entity", {}).get("id")
    if group in {"learn", "look"}:
        other = "look" if group == "learn" else "learn"
        yield f"{other} for {group}", _with(key, ("action", "entity", "id"), other)
    for n, act in enumerate(policy["action"].get("entities", [])):
        rest = [each for m, each in enumerate(policy["action"]["entities"]) if m != n]
        yield f"without {act['id']}", _with(key, ("action", "entities"), rest)


def _with(key, path, value):
    tree = copy.deepcopy(TREE)
    _at(tree["staticPolicies"][key], path[:-1])[path[-1]] = value
    return tree


@pytest.mark.parametrize("name", NAMES)
def test_a_case_changes_when_the_policy_is_taken_away(name, cases, engine):
    tree = copy.deepcopy(TREE)
    del tree["staticPolicies"][f"policy{NAMES.index(name)}"]
    assert _answers(_engine(tree), cases) != _answers(engine, cases)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_case_changes_with_every_change_of_a_condition_an_act_or_a_word(name, cases, engine):
    whole = _answers(engine, cases)
    mutants = list(_mutants_of(f"policy{NAMES.index(name)}"))
    assert mutants
    survivors = [what for what, tree in mutants if _answers(_engine(tree), cases) == whole]
    assert survivors == []
