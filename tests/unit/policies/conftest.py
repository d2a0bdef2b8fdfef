"""The cases as data, the engine, and the second reading, for all tests of the policies.

A case file is named as a sentence. It says who asks what, what is different from the bases in
`tests/cases/base.json`, and which policies must decide.
"""

import importlib.util
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from policies.engine import PolicyEngine
from policies.facts import (
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

HERE = Path(__file__).resolve().parent
CASES = HERE.parents[1] / "cases"
BASE = json.loads((CASES / "base.json").read_text(encoding="utf-8"))
WORDS = {"role": Role, "procedure": Procedure, "kind": Kind, "secrecy": Secrecy}


@dataclass(frozen=True, slots=True)
class Case:
    """One file: a question, and what must come of it."""

    sentence: str
    question: Question
    allowed: bool
    policies: tuple[str, ...]
    missing: tuple[str, ...]
    hidden: bool


def _facts(kind: type, base: dict[str, Any], but: dict[str, Any]) -> Any:
    values = base | but
    assert set(values) <= {field.name for field in fields(kind)}, "a fact that does not exist"
    return kind(
        **{name: WORDS[name](value) if name in WORDS else value for name, value in values.items()}
    )


def _case(path: Path) -> Case:
    told = json.loads(path.read_text(encoding="utf-8"))
    assert set(told) <= {"why", "asker", "act", "document", "but", "policies", "missing", "hidden"}
    but = told.get("but", {})
    assert set(but) <= {"asker", "case", "document"}
    act = Act(told["act"])
    of_the_service = act in {Act.CASE_OPEN, Act.LOG_READ}
    document = told.get("document")
    return Case(
        sentence=path.stem,
        question=Question(
            act=act,
            asker=_facts(Asker, BASE["askers"][told["asker"]], but.get("asker", {})),
            case=None if of_the_service else _facts(CaseFacts, BASE["case"], but.get("case", {})),
            document=document
            and _facts(DocumentFacts, BASE["documents"][document], but.get("document", {})),
        ),
        allowed=path.parent.name == "allow",
        policies=tuple(told["policies"]),
        missing=tuple(told.get("missing", ())),
        hidden=told.get("hidden", False),
    )


def all_cases() -> list[Case]:
    return [_case(path) for path in sorted(CASES.glob("*/*.json"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `case` every file, under its sentence."""
    if "case" in metafunc.fixturenames:
        found = all_cases()
        metafunc.parametrize("case", found, ids=[each.sentence for each in found])


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    return all_cases()


@pytest.fixture(scope="session")
def allowed_cases(cases: list[Case]) -> list[Case]:
    return [case for case in cases if case.allowed]


@pytest.fixture
def alarms() -> list[str]:
    return []


@pytest.fixture
def engine(alarms: list[str]) -> PolicyEngine:
    return PolicyEngine.start(alarm=alarms.append)


@pytest.fixture(scope="session")
def second_reading() -> Callable[[Question], tuple[str, ...] | None]:
    """The same rules in plain Python, written apart: None if allowed, else the deciding ids."""
    return _beside("second_reading").read


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"policy_tests_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
