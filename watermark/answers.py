"""Believe a child only what can be checked: known words, bounded numbers, short plain text."""

import re
from typing import Any

from watermark.cage import ChildGone
from watermark.errors import PROBLEMS, REFUSALS, FileRefused
from watermark.inspection import FLAGS, Inspection, PageSize
from watermark.limits import Limits

UNITS = {"application/pdf": "pt", "image/jpeg": "px", "image/png": "px", "image/tiff": "px"}
DRAW_WARNINGS = frozenset({"drawing_warnings", "enlarged", "scaled_down", "text_without_ink"})
PLAIN = re.compile(r"[^\w ./+%<!?:,-]", re.ASCII)
PLAIN_LENGTH = 100
MOST_DPI = 2400.0


def problem_in(answer: dict[str, Any]) -> str | None:
    """Return the known word for why there is no result, or None."""
    if "problem" not in answer:
        return None
    problem = answer["problem"]
    return problem if isinstance(problem, str) and problem in PROBLEMS else "reader_failed"


def refusal_in(answer: dict[str, Any]) -> FileRefused | None:
    """Return the refusal in an answer, if it is one."""
    if "refused" not in answer:
        return None
    match answer["refused"]:
        case [str(reason), str(found), str(where)]:
            pass
        case _:
            raise ChildGone
    if reason not in REFUSALS:
        raise ChildGone
    return FileRefused(reason, _plain(found), _plain(where))


def inspection_in(answer: dict[str, Any], limits: Limits) -> Inspection:
    """Return what the first look found.

    Raises:
        ChildGone: the answer has a word or a number that no honest child sends.
    """
    try:
        media = answer["media"]
        unit = UNITS[media]
        most = limits.page_side_pt + 1 if unit == "pt" else limits.picture_side_px
        pages = tuple(_page(size, unit, most) for size in answer["sizes"])
        flags = answer["flags"]
        unreadable = tuple(_whole(page, 1, len(pages)) for page in answer["unreadable"])
        if not set(flags) <= FLAGS:
            raise ChildGone
    except (KeyError, TypeError, ValueError) as odd:
        raise ChildGone from odd
    if not 1 <= len(pages) <= max(limits.pdf_pages, limits.tiff_pages):
        raise ChildGone
    return Inspection(media, pages, tuple(sorted(set(flags))), unreadable)


def raster_shape_in(
    answer: dict[str, Any], limits: Limits
) -> tuple[int, int, float, tuple[str, ...]]:
    """Return height, width, dpi and warnings of the pixels that follow.

    Raises:
        ChildGone: more pixels than allowed, or words that no honest child sends.
    """
    try:
        height = _whole(answer["height"], 1, limits.raster_pixels)
        width = _whole(answer["width"], 1, limits.raster_pixels)
        dpi = _number(answer["dpi"], 0.0, MOST_DPI)
        warnings = frozenset(answer["warnings"])
    except (KeyError, TypeError) as odd:
        raise ChildGone from odd
    if height * width > limits.raster_pixels or not warnings <= DRAW_WARNINGS:
        raise ChildGone
    return height, width, dpi, tuple(sorted(warnings))


def _page(size: Any, unit: str, most: float) -> PageSize:
    """Return one page's size."""
    width, height, shown_width, shown_height = (_number(side, 0.0, most) for side in size)
    return PageSize(width, height, unit, shown_width, shown_height)


def _number(value: Any, least: float, most: float) -> float:
    """Return a finite number within bounds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ChildGone
    if not least <= value <= most:  # also false for NaN
        raise ChildGone
    return value


def _whole(value: Any, least: int, most: int) -> int:
    """Return a whole number within bounds."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ChildGone
    return value


def _plain(text: str) -> str:
    """Return the harmless characters of a short text."""
    return PLAIN.sub("", text[:PLAIN_LENGTH])
