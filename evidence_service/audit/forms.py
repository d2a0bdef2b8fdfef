"""What one value of an entry must look like: the forms that the field table names."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from evidence_service.audit.canonical import MAX_INTEGER
from evidence_service.audit.fields import PATTERNS, VERSION

Form = Callable[[object], bool]

MAX_TOKENS = 16
_DATE_CHARACTERS = 10

_COMPILED = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}


def is_integer(value: object) -> bool:
    """Say whether a value is an integer 0 … 2^53-1; `True` is none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER


def ranges_of(text: str) -> list[tuple[int, int]]:
    """Read `1-3,5` as [(1, 3), (5, 5)]; the form of the text must have been checked."""
    pairs = (part.partition("-") for part in text.split(","))
    return [(int(first), int(last or first)) for first, _, last in pairs]


def _is_one(value: object) -> bool:
    return is_integer(value) and value == VERSION


def _matches(name: str) -> Form:
    fullmatch = _COMPILED[name].fullmatch
    return lambda value: isinstance(value, str) and fullmatch(value) is not None


def _with_real_day(name: str) -> Form:
    fullmatch = _COMPILED[name].fullmatch

    def check(value: object) -> bool:
        if not isinstance(value, str) or fullmatch(value) is None:
            return False
        try:
            date.fromisoformat(value[:_DATE_CHARACTERS])
        except ValueError:
            return False
        return True

    return check


def _is_pages(value: object) -> bool:
    """Ascending, without overlap: every set of pages has one text."""
    if not isinstance(value, str) or _COMPILED["pages"].fullmatch(value) is None:
        return False
    page = 0
    for first, last in ranges_of(value):
        if first <= page or last < first:
            return False
        page = last
    return True


def _is_range(value: object) -> bool:
    if not isinstance(value, str) or _COMPILED["range"].fullmatch(value) is None:
        return False
    [(first, last)] = ranges_of(value)
    return first <= last


def _is_tokens(value: object) -> bool:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MAX_TOKENS:
        return False
    is_token = FORMS["token"]
    return all(is_token(each) for each in value) and list(value) == sorted(set(value))


FORMS: Mapping[str, Form] = MappingProxyType(
    {name: _matches(name) for name in PATTERNS}
    | {name: _with_real_day(name) for name in ("time", "date")}
    | {
        "one": _is_one,
        "int": is_integer,
        "pages": _is_pages,
        "range": _is_range,
        "tokens": _is_tokens,
    }
)
"""Form name → whether a value has it."""
