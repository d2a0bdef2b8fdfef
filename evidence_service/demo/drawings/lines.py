"""Breaking Chinese text into lines: by character, words and numbers whole, no stray marks."""

import re
from collections.abc import Callable

_TOKEN = re.compile(r"[A-Za-z0-9.,:/%+\-·]+|\s|.")
_NOT_FIRST = set("，。、；：？！）》”’〕】…%")
_NOT_LAST = set("（《“‘〔【")


def tokens_of(text: str) -> list[str]:
    """Splits text into single Chinese characters and whole words or numbers."""
    return _TOKEN.findall(text)


def broken(
    text: str, width: float, measure: Callable[[str], float], first_indent: float = 0.0
) -> list[list[str]]:
    """Breaks text into lines of tokens.

    Args:
        text: one paragraph.
        width: room of a line.
        measure: says how wide a token is, in the unit of `width`.
        first_indent: room that the first line gives away.
    """
    lines: list[list[str]] = [[]]
    room = width - first_indent
    for token in tokens_of(text):
        wide = measure(token)
        if wide > room + 1e-6 and lines[-1]:
            carried: list[str] = []
            while lines[-1] and (token in _NOT_FIRST or lines[-1][-1] in _NOT_LAST):
                carried.insert(0, lines[-1].pop())
                if carried[0] not in _NOT_FIRST and token in _NOT_FIRST:
                    break
            lines.append(carried)
            room = width - sum(measure(part) for part in carried)
        if token.isspace() and not lines[-1]:
            continue
        lines[-1].append(token)
        room -= wide
    return lines
