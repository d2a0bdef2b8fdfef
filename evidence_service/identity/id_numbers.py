"""Numbers and codes that people type: one form for each, made in one place (PEER-FAULTS 48, 55).

NFKC once at the door, blanks and hyphens out, capitals; then plain ASCII where a rule says so.
Resident ID numbers carry the check digit of GB 11643 (ISO 7064, MOD 11-2). Other papers (passports,
permits, officers' cards) follow rules of their own, so 1 to 40 characters are taken as given.
"""

import re
import unicodedata

from evidence_service.errors import FieldWrong

PAPER_MAX_CHARACTERS = 40

_TYPED_MAX_CHARACTERS = 200  # nothing longer is looked at
_LEFT_OUT = re.compile("[\\s\\-\u00ad\u2010-\u2015\u2212\u200b\u2060\ufeff]")
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_SIGN_IN_NAME = re.compile(r"[A-Z][0-9A-Z._]{2,39}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def normalise_number(text: str) -> str:
    """Give the one form of a typed number, code or sign-in name; it may still be a wrong one."""
    folded = unicodedata.normalize("NFKC", text[:_TYPED_MAX_CHARACTERS])
    return _LEFT_OUT.sub("", folded).upper()


def is_resident_number(number: str) -> bool:
    """Say whether a normalised number has the form of a resident ID number (18 characters)."""
    return _RESIDENT.fullmatch(number) is not None


def read_id_number(text: str, *, field: str = "id_number") -> str:
    """Take the number of an ID card or another paper, normalised.

    Raises:
        FieldWrong: `missing`, `too_long` (over 40), `characters`, or `check_digit` (GB 11643).
    """
    number = normalise_number(text)
    if not number:
        raise FieldWrong(field, "missing")
    if len(number) > PAPER_MAX_CHARACTERS or len(text) > _TYPED_MAX_CHARACTERS:
        raise FieldWrong(field, "too_long")
    if any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in number):
        raise FieldWrong(field, "characters")
    if is_resident_number(number) and number[-1] != _check_digit(number):
        raise FieldWrong(field, "check_digit")
    return number


def read_sign_in_name(text: str, *, field: str = "sign_in_name") -> str:
    """Take the name that a member of staff will sign in with: a letter, then 2 to 39 others.

    Raises:
        FieldWrong: `characters`: not letters, digits, dots and underscores, or a wrong length.
    """
    name = normalise_number(text)
    if _SIGN_IN_NAME.fullmatch(name) is None or len(text) > _TYPED_MAX_CHARACTERS:
        raise FieldWrong(field, "characters")
    return name


def _check_digit(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]
