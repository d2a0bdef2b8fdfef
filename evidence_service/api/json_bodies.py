"""Bodies are read strictly, before anything looks at them (SEC-ERR-3).

UTF-8 only, at most 256 KiB, 20 levels, whole numbers to 2^53; no doubled name, no NaN, no lone
surrogate. Flask alone takes UTF-16, doubled names, NaN and surrogates, and answers 500 to a depth
of 100,000. Files of a form gather in our own spool folder, without a name and of mode 0600.
"""

import json
import math
import re
import tempfile
from typing import IO, Any

from flask import Request, current_app
from werkzeug.exceptions import UnsupportedMediaType

from evidence_service.errors import BadInput, TooLarge

JSON_MAX_BYTES = 256 << 10
DEPTH_MAX = 20
INTEGER_MAX = 1 << 53
SPOOL = "EVIDENCE_SPOOL"

_BRACKETS_AND_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_INTEGER_DIGITS = 17  # of 2^53, and a sign


class StrictRequest(Request):
    """A request whose JSON is read by our rules, whoever asks for it."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002  Flask's signature
        """Give the body's JSON.

        Raises:
            BadInput, TooLarge: it is none by our rules.
            UnsupportedMediaType: it does not say that it is JSON in UTF-8.
        """
        charset = self.mimetype_params.get("charset", "utf-8").lower()
        if self.mimetype != "application/json" or charset != "utf-8":
            raise UnsupportedMediaType
        return read_json(self.get_data(cache=True))

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  Werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002  names that were sent are never used
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return tempfile.TemporaryFile("w+b", dir=current_app.config[SPOOL])


def read_json(raw: bytes) -> Any:
    """Read JSON by our rules.

    Raises:
        TooLarge: over 256 KiB.
        BadInput: anything else; says what as a token, never where or with which value.
    """
    if len(raw) > JSON_MAX_BYTES:
        raise TooLarge("json")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("json_not_utf8") from None
    _check_depth(text)
    try:
        found = json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        raise BadInput("json_form") from None
    _check_texts(found)
    return found


def _check_depth(text: str) -> None:
    depth = 0
    for found in _BRACKETS_AND_STRINGS.finditer(text):
        mark = found[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        if depth > DEPTH_MAX:
            raise BadInput("json_depth")


def _check_texts(found: object) -> None:
    if isinstance(found, str):
        if any("\ud800" <= character <= "\udfff" for character in found):
            raise BadInput("json_surrogate")
    elif isinstance(found, dict):
        for name, value in found.items():
            _check_texts(name)
            _check_texts(value)
    elif isinstance(found, list):
        for value in found:
            _check_texts(value)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadInput("json_doubled_name")
    return found


def _no_constant(_name: str) -> float:
    raise BadInput("json_not_a_number")


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_DIGITS or abs(int(digits)) > INTEGER_MAX:
        raise BadInput("json_large_number")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BadInput("json_large_number")
    return number
