"""Names of people: what is taken, when two are the same, and how others see them.

A name has 1 to 100 characters of any script and is kept as written; it is never put through NFKC
and never tested against a list of allowed letters (PEER-FAULTS 46-48). Only what can turn or hide
text is refused. Middle dots of all kinds are equal when compared. Masks follow the table of
formats in the wording.
"""

import re
import unicodedata

from evidence_service.errors import FieldWrong
from evidence_service.identity.id_numbers import is_resident_number, normalise_number
from evidence_service.identity.surnames import COMPOUND_SURNAMES

NAME_MAX_CHARACTERS = 100

# Also full stops: many systems have no middle dot on the keyboard.
_DOTS = "\u00b7\u2022\u30fb\u2027\uff65\u22c5\u2219\u2e31\u16eb\u0387\uff0e."
_DOT = re.compile(f"[{re.escape(_DOTS)}]")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")  # spelling in Persian, Malayalam and others
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HAN = re.compile(
    "[\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0010fffd]"
)

_COMPARED = 4 * NAME_MAX_CHARACTERS  # a name that was stored is never longer, blanks and all
_OTHERS_SHOWN_AT_THE_END = 3
_OTHERS_LEAST = 7  # shorter papers would be shown almost whole


def read_name(text: str, *, field: str = "name") -> str:
    """Take a person's name as written, without blanks around it.

    Raises:
        FieldWrong: `missing`, `too_long` (over 100 characters) or `characters` (controls,
            direction signs, surrogates).
    """
    if len(text) > 2 * NAME_MAX_CHARACTERS:
        raise FieldWrong(field, "too_long")
    name = text.strip()
    if any(_is_refused(character) for character in name):
        raise FieldWrong(field, "characters")
    if not comparable_name(name).strip("".join(_JOINERS) + "·"):
        raise FieldWrong(field, "missing")
    if len(name) > NAME_MAX_CHARACTERS:
        raise FieldWrong(field, "too_long")
    return name


def comparable_name(text: str) -> str:
    """Give the form in which names are compared: dots alike, no blanks, no case; not for display.

    Canonical composition only (NFC): a letter and its accent are one, look-alikes stay two.
    """
    composed = unicodedata.normalize("NFC", "".join(text[:_COMPARED].split())).casefold()
    return unicodedata.normalize("NFC", _DOT.sub("·", composed))


def is_same_name(one: str, other: str) -> bool:
    """Say whether two spellings are the same person's name."""
    return comparable_name(one) == comparable_name(other)


def mask_name(name: str) -> str:
    """Show somebody else's name: `周*宁`, `欧阳*`, `阿**·**提`, `J*** S***`."""
    if len(_clusters(name.strip())) <= 1:
        return "*"
    if not _HAN.search(name):
        return _mask_words(name)
    dots = _DOT.findall(name)
    parts = [part for part in _DOT.split("".join(name.split())) if part]
    return _mask_parts(parts, dots[0]) if len(parts) > 1 else _mask_han("".join(parts))


def mask_id_number(number: str) -> str:
    """Show an ID number to others: `3308**********2417`; other papers `E***678`."""
    plain = normalise_number(number)
    if is_resident_number(plain):
        return f"{plain[:4]}{'*' * 10}{plain[-4:]}"
    if len(plain) >= _OTHERS_LEAST:
        return f"{plain[0]}***{plain[-_OTHERS_SHOWN_AT_THE_END:]}"
    return "***" if plain else ""


def _is_refused(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _BIDI or (category in _REFUSED_CATEGORIES and character not in _JOINERS)


def _clusters(text: str) -> list[str]:
    """Cut into what a reader takes for characters: marks and variation signs stay with theirs."""
    found: list[str] = []
    for character in text:
        if found and (unicodedata.category(character)[0] == "M" or character in _JOINERS):
            found[-1] += character
        else:
            found.append(character)
    return found


def _mask_han(name: str) -> str:
    characters = _clusters(name)
    compound = len(characters) > 2 and "".join(characters[:2]) in COMPOUND_SURNAMES  # noqa: PLR2004  欧阳 alone is 欧 + 阳
    length = 2 if compound else 1
    surname, given = "".join(characters[:length]), characters[length:]
    if not given:
        return "*"
    if len(given) == 1:
        return f"{surname}*"
    return f"{surname}*{given[-1]}" if len(given) == 2 else f"{surname}**{given[-1]}"  # noqa: PLR2004  one star stands for one


def _mask_parts(parts: list[str], dot: str) -> str:
    first, last = _clusters(parts[0]), _clusters(parts[-1])
    shown = [f"{first[0]}**" if len(first) > 1 else "**"]
    shown += ["**"] * (len(parts) - 2)
    shown += [f"**{last[-1]}" if len(last) > 1 else "**"]
    return dot.join(shown)


def _mask_words(name: str) -> str:
    words = name.split()
    return " ".join(_mask_word(word) for word in ([words[0], words[-1]] if words[1:] else words))


def _mask_word(word: str) -> str:
    characters = _clusters(word)
    return f"{characters[0]}***" if len(characters) > 1 else "***"
