"""Parts that the pages of an appraisal share: headings, captions, formulas, printed photographs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evidence_service.demo.cast import DemoCase
from evidence_service.demo.drawings.photographs import SHOTS, drawn
from evidence_service.demo.drawings.scan import jpeg_of
from evidence_service.demo.drawings.sheet import POINT, Sheet, Spot

LEFT, WIDTH = 26.0, 158.0


@dataclass(frozen=True)
class Report:
    """The appraisal a page belongs to."""

    case: DemoCase
    number: str
    pages: int


def running_head(sheet: Sheet, report: Report) -> None:
    """Writes the institution and the number above a line."""
    sheet.text((LEFT, 24), f"{report.case.institute_name}司法鉴定意见书", 9.5)
    sheet.text((LEFT + WIDTH, 24), report.number, 9.5, align="right")
    sheet.line([(LEFT, 26.5), (LEFT + WIDTH, 26.5)], 0.25)


def heading(sheet: Sheet, y: float, text: str) -> float:
    """Writes a heading and gives the baseline of the text below."""
    sheet.text((LEFT, y), text, 14, bold=True)
    return y + 10


def paragraphs(
    sheet: Sheet, y: float, texts: Sequence[str], *, size: float = 12, leading: float = 1.8
) -> float:
    """Sets paragraphs and gives the baseline below them."""
    for text in texts:
        y = sheet.paragraph((LEFT, y), WIDTH, text, size, leading=leading) + 1
    return y


def caption(sheet: Sheet, y: float, text: str, *, middle: float = 105.0) -> None:
    """Writes the name of a figure or a table in the middle."""
    sheet.text((middle, y), text, 10.5, bold=True, align="centre")


def root(sheet: Sheet, at: Spot, before: str, inside: str, after: str, size: float = 13) -> None:
    """Writes a formula with a root: what stands before, under, and after the sign."""
    sheet.text(at, before, size)
    x, y = at[0] + sheet.measure(before, size) + 1, at[1]
    high = 1.15 * size / POINT
    wide = sheet.measure(inside, size) + 2
    sign = [(x, y - 0.35 * high), (x + 0.9, y - 0.45 * high), (x + 2.2, y + 0.22 * high)]
    sign += [(x + 3.8, y - 0.95 * high), (x + 3.8 + wide, y - 0.95 * high)]
    sheet.line(sign, 0.28)
    sheet.text((x + 4.6, y), inside, size)
    sheet.text((x + 3.8 + wide + 1.5, y), after, size)


@lru_cache(maxsize=24)
def printed_photo(case: DemoCase, shot: int, width: int) -> bytes:
    """One of the photographs as it was printed into a report: JPEG, `width` pixels wide."""
    return jpeg_of(drawn(case, SHOTS[shot % len(SHOTS)], width, width * 3 // 4), 92)


def photo(sheet: Sheet, report: Report, at: Spot, width: float, *, shot: int) -> None:
    """Puts a photograph into the page, `width` millimetres wide and three quarters high."""
    jpeg = printed_photo(report.case, shot, 960)
    sheet.picture(at[0], at[1], width, width * 3 / 4, jpeg)
    sheet.box(at[0], at[1], width, width * 3 / 4, 0.2)
