"""A sheet of paper to draw on, in millimetres from the upper left corner.

Sizes of type are in points, as printers count them; every other measure is in millimetres.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from evidence_service.demo.drawings import fonts, lines, pen
from evidence_service.demo.drawings.fonts import HEI, MUPDF, SONG

POINT = 72 / 25.4  # points in a millimetre
Colour = tuple[float, float, float]
Spot = tuple[float, float]
Picture = npt.NDArray[np.uint8]
BLACK: Colour = (0.08, 0.08, 0.09)
INK: Colour = (0.06, 0.1, 0.42)
RED: Colour = (0.83, 0.1, 0.12)
GREY: Colour = (0.55, 0.55, 0.57)
A4 = (210.0, 297.0)
A3_LANDSCAPE = (420.0, 297.0)


class Sheet:
    """One page. `faces` are the fonts it writes with, `used` collects the characters per face."""

    def __init__(self, page: Any, faces: dict[str, Any], used: dict[str, set[str]]) -> None:
        self.page = page
        self.faces = faces
        self.used = used
        self.ink: dict[Colour, list[pen.Floats]] = {}
        self.width, self.height = page.rect.width / POINT, page.rect.height / POINT

    def measure(self, text: str, size: float, face: str = SONG) -> float:
        """Says how wide a text is, in millimetres."""
        return float(fonts.whole_face(face).text_length(text, fontsize=size)) / POINT

    def text(
        self,
        at: Spot,
        text: str,
        size: float = 10.5,
        *,
        face: str = SONG,
        bold: bool = False,
        colour: Colour = BLACK,
        align: str = "left",
        turn: float = 0.0,
    ) -> None:
        """Writes one line; `at` is a point of the baseline, `turn` degrees against the clock."""
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * self.measure(text, size, face)
        self.used[face].update(text)
        x, y = at[0] * POINT, at[1] * POINT
        writer = MUPDF.TextWriter(self.page.rect, color=colour)
        writer.append((x - shift * POINT, y), text, font=self.faces[face], fontsize=size)
        morph = (MUPDF.Point(x, y), MUPDF.Matrix(turn)) if turn else None
        writer.write_text(self.page, render_mode=2 if bold else 0, morph=morph)

    def paragraph(
        self,
        at: Spot,
        width: float,
        text: str,
        size: float = 10.5,
        *,
        face: str = SONG,
        leading: float = 1.75,
        indent: float = 2.0,
        bold: bool = False,
    ) -> float:
        """Sets a paragraph with even edges and gives the baseline after it.

        Args:
            at: left end of the first baseline.
            width: length of a full line.
            text: one paragraph.
            size: of the type, in points.
            face: SONG or HEI.
            leading: distance of lines as a multiple of the size.
            indent: of the first line, in characters.
            bold: heavier type.
        """
        em = size / POINT
        broken = lines.broken(text, width, lambda t: self.measure(t, size, face), indent * em)
        writer = MUPDF.TextWriter(self.page.rect, color=BLACK)
        self.used[face].update(text)
        y = at[1]
        for number, line in enumerate(broken):
            x = at[0] + (indent * em if number == 0 else 0.0)
            natural = sum(self.measure(token, size, face) for token in line)
            spare = at[0] + width - x - natural
            last = number == len(broken) - 1
            gap = 0.0 if last or len(line) < 2 else spare / (len(line) - 1)
            gap = min(gap, 0.22 * em)
            for token in line:
                spot = (x * POINT, y * POINT)
                writer.append(spot, token, font=self.faces[face], fontsize=size)
                x += self.measure(token, size, face) + gap
            y += leading * em
        writer.write_text(self.page, render_mode=2 if bold else 0)
        return y

    def line(
        self, spots: Sequence[Spot], width: float = 0.25, colour: Colour = BLACK, dash: str = ""
    ) -> None:
        """Draws a line through spots; `width` in millimetres, `dash` as "on off" in millimetres."""
        shape = self.page.new_shape()
        for a, b in pairwise(spots):
            shape.draw_line(_points(a), _points(b))
        dashes = " ".join(f"{float(part) * POINT:.2f}" for part in dash.split())
        shape.finish(
            color=colour,
            width=width * POINT,
            closePath=False,
            dashes=f"[{dashes}] 0" if dash else None,
        )
        shape.commit()

    def shape(
        self,
        spots: Sequence[Spot],
        *,
        fill: Colour | None = None,
        edge: Colour | None = BLACK,
        width: float = 0.25,
    ) -> None:
        """Draws a closed shape."""
        shape = self.page.new_shape()
        shape.draw_polyline([_points(spot) for spot in spots])
        shape.finish(color=edge, fill=fill, width=width * POINT, closePath=True)
        shape.commit()

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        line: float = 0.25,
        fill: Colour | None = None,
    ) -> None:
        """Draws a rectangle."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.shape(corners, fill=fill, width=line)

    def circle(
        self,
        centre: Spot,
        radius: float,
        *,
        fill: Colour | None = None,
        edge: Colour | None = BLACK,
        width: float = 0.25,
    ) -> None:
        """Draws a circle."""
        shape = self.page.new_shape()
        shape.draw_circle(_points(centre), radius * POINT)
        shape.finish(color=edge, fill=fill, width=width * POINT)
        shape.commit()

    def hand(
        self,
        at: Spot,
        text: str,
        size: float,
        seed: int,
        *,
        joined: bool = False,
        colour: Colour = INK,
        turn: float = 0.0,
    ) -> float:
        """Writes by hand, `size` in millimetres, and gives the width of the line."""
        outlines, width = pen.written(text, size, seed, joined=joined)
        angle = np.radians(turn)
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        ink = self.ink.setdefault(colour, [])
        ink += [outline @ rotation + at for outline in outlines]
        return width

    def finish(self) -> None:
        """Puts the ink of all handwriting on the page as PDF operators, in one go.

        MuPDF reads the whole page again for each thing that is added to it.
        """
        for colour, outlines in self.ink.items():
            shape = self.page.new_shape()
            shape.draw_cont = "".join(self._operators(outline) for outline in outlines)
            shape.finish(color=None, fill=colour, closePath=False, even_odd=False)
            shape.commit()

    def _operators(self, outline: pen.Floats) -> str:
        spots = [f"{x * POINT:.2f} {(self.height - y) * POINT:.2f}" for x, y in outline.tolist()]
        return f"{spots[0]} m {' l '.join(spots[1:])} l h\n"

    def picture(self, x: float, y: float, width: float, height: float, jpeg: bytes) -> None:
        """Puts a JPEG into a rectangle, untouched."""
        area = MUPDF.Rect(x * POINT, y * POINT, (x + width) * POINT, (y + height) * POINT)
        self.page.insert_image(area, stream=jpeg, keep_proportion=False)


def _points(spot: Spot) -> tuple[float, float]:
    return (spot[0] * POINT, spot[1] * POINT)


Painter = Callable[[Sheet], None]


def _drawn(
    painters: Sequence[Painter], size: Spot, faces: dict[str, Any]
) -> tuple[Any, list[Sheet], dict[str, set[str]]]:
    document = MUPDF.open()
    used: dict[str, set[str]] = {SONG: set(), HEI: set()}
    sheets = []
    for painter in painters:
        page = document.new_page(width=size[0] * POINT, height=size[1] * POINT)
        sheet = Sheet(page, faces, used)
        painter(sheet)
        sheets.append(sheet)
    return document, sheets, used


def vector_pdf(painters: Sequence[Painter], *, title: str, size: Spot = A4, made_by: str) -> bytes:
    """Makes a PDF with real text; drawn twice, for the fonts are cut to what the first time used.

    Args:
        painters: one for each page.
        title: of the document.
        size: of the pages, in millimetres.
        made_by: the program that would have made it.
    """
    whole = {face: fonts.whole_face(face) for face in (SONG, HEI)}
    _, _, used = _drawn(painters, size, whole)
    cut = {face: fonts.cut_face(face, used[face]) for face in (SONG, HEI) if used[face]}
    document, sheets, _ = _drawn(painters, size, cut)
    for sheet in sheets:
        sheet.finish()
    document.set_metadata({"title": title, "creator": made_by, "producer": made_by})
    made: bytes = document.tobytes(garbage=3, deflate=True, no_new_id=True)
    return made


def raster_page(painter: Painter, *, size: Spot = A4, dpi: int = 200) -> Picture:
    """Draws a page and gives it as a picture of shape (height, width, 3), blue first."""
    whole = {face: fonts.whole_face(face) for face in (SONG, HEI)}
    document, sheets, _ = _drawn([painter], size, whole)
    pixels = document[0].get_pixmap(dpi=dpi)
    flat = np.frombuffer(pixels.samples, np.uint8)
    picture: Picture = flat.reshape(pixels.height, pixels.width, 3)[:, :, ::-1].copy()
    for colour, outlines in sheets[0].ink.items():
        tone = [round(255 * part) for part in colour[::-1]]
        for outline in outlines:
            corners = np.round(outline * (dpi / 25.4 * 16)).astype(np.int32)
            cv2.fillPoly(picture, [corners], tone, cv2.LINE_AA, 4)
    return picture
