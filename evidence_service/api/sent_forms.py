"""The forms that single values may have: lines, texts, ids, instants, days, choices."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_BREAKS = re.compile(r"[\t\n]")


class Sent(BaseModel):
    """The base of what may be sent: unknown fields are refused, values are never repeated."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, regex_engine="rust-regex"
    )


def _without_controls(text: str) -> str:
    if _CONTROLS.search(text):
        raise PydanticCustomError("characters", "control characters")
    return text


def _one_line(text: str) -> str:
    if _BREAKS.search(text):
        raise PydanticCustomError("characters", "more than one line")
    return _without_controls(text)


def _read_instant(value: object) -> datetime:
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        raise PydanticCustomError("form", "an instant of RFC 3339 with its zone")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("form", "an instant of RFC 3339 with its zone") from None


def _read_day(value: object) -> date:
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise PydanticCustomError("form", "a day as YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("form", "a day as YYYY-MM-DD") from None


def choice_check(choices: Sequence[str]) -> Callable[[str], str]:
    """Give the check of a field that takes one of these words."""
    words = frozenset(str(choice) for choice in choices)

    def check(text: str) -> str:
        if text not in words:
            raise PydanticCustomError("choice", "not one of the choices")
        return text

    return check


def _whole(value: object) -> object:
    """Take a whole number as a query writes it: digits alone."""
    if isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]{0,15}", value) is None:
        raise PydanticCustomError("form", "a whole number")
    return value


Line = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
]
Word = Annotated[str, StringConstraints(strict=True, max_length=64), AfterValidator(_one_line)]
Text = Annotated[
    str, StringConstraints(strict=True, max_length=2000), AfterValidator(_without_controls)
]
Secret = Annotated[str, StringConstraints(strict=True, max_length=1024)]
Sha256 = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
PartyId = Annotated[str, StringConstraints(strict=True, pattern=r"^par_[0-9a-f]{32}$")]
AnyId = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{3,4}_[0-9a-f]{32}$")]
CaseId = Annotated[str, StringConstraints(strict=True, pattern=r"^case_[0-9a-f]{32}$")]
UploadId = Annotated[str, StringConstraints(strict=True, pattern=r"^upl_[0-9a-f]{32}$")]
Instant = Annotated[
    datetime,
    PlainValidator(_read_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[
    date, PlainValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})
]
Whole = Annotated[int, BeforeValidator(_whole)]
