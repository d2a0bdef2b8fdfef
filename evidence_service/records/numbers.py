"""Case numbers and plates as people type them, and as they are kept (wording, formats).

NFKC once at the door, then only what such a number can hold (PEER-FAULTS 48, 55).
"""

import re
import unicodedata

from evidence_service.errors import FieldWrong

_IGNORED = re.compile(r"[\s\-‐-―·•・‧]+")
_CASE_NO = re.compile(r"([0-9]{6})([0-9]{4})([0-9]{6})")
_PLATE = re.compile(r"[\u4e00-\u9fff]?[A-Z0-9\u4e00-\u9fff]{4,12}")
_PROVINCE_PLATE = re.compile(r"([\u4e00-\u9fff][A-Z])([A-Z0-9\u4e00-\u9fff]+)")


def read_case_no(text: str, *, field: str = "case_no") -> str:
    """Give a case number as it is kept: `330899-2026-000147`; blanks and hyphens are optional.

    Raises:
        FieldWrong: `form`.
    """
    found = _CASE_NO.fullmatch(_plain(text))
    if found is None:
        raise FieldWrong(field, "form")
    return "-".join(found.groups())


def read_plate(text: str, *, field: str = "plate") -> str:
    """Give a plate as it is kept: `浙Z·8K6M2`; accepted without dot, small or full-width.

    Raises:
        FieldWrong: `form`.
    """
    plain = _plain(text).upper()
    if _PLATE.fullmatch(plain) is None:
        raise FieldWrong(field, "form")
    found = _PROVINCE_PLATE.fullmatch(plain)
    return f"{found[1]}·{found[2]}" if found else plain


def _plain(text: str) -> str:
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text))
