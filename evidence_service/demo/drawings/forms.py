"""The parts that forms share: tables, seals, fingerprints and lines for signatures."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from evidence_service.demo.drawings.fonts import HEI, SONG
from evidence_service.demo.drawings.sheet import BLACK, POINT, RED, Colour, Sheet, Spot


def table(
    sheet: Sheet,
    at: Spot,
    widths: Sequence[float],
    rows: Sequence[Sequence[str]],
    *,
    height: float = 8.0,
    size: float = 10.0,
    head: bool = True,
    face: str = SONG,
) -> float:
    """Draws a ruled table with centred cells and gives its lower edge.

    Args:
        sheet: to draw on.
        at: upper left corner.
        widths: of the columns.
        rows: text of the cells; a cell too wide for its column is set smaller.
        height: of a row.
        size: of the type, in points.
        head: whether the first row is set heavier.
        face: SONG or HEI.
    """
    edges = [at[0], *accumulate(widths, initial=at[0])][1:]
    bottom = at[1] + height * len(rows)
    for number in range(len(rows) + 1):
        y = at[1] + height * number
        sheet.line([(edges[0], y), (edges[-1], y)], 0.35 if number in (0, len(rows)) else 0.2)
    for number, x in enumerate(edges):
        sheet.line([(x, at[1]), (x, bottom)], 0.35 if number in (0, len(widths)) else 0.2)
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            room = widths[column] - 2
            fitted = min(size, size * room / max(sheet.measure(cell, size, face), 0.1))
            middle = (edges[column] + edges[column + 1]) / 2
            y = at[1] + height * (line + 0.5) + 0.36 * fitted / POINT
            bold = head and line == 0
            sheet.text((middle, y), cell, fitted, face=face, bold=bold, align="centre")
    return bottom


def seal(
    sheet: Sheet,
    centre: Spot,
    name: str,
    purpose: str,
    *,
    radius: float = 20.0,
    turn: float = 0.0,
    colour: Colour = RED,
) -> None:
    """Draws a red round seal: name along the rim, star, purpose below, and 示例 for what it is.

    What lies under a seal stays legible on paper: draw the seal first, then the text.
    """
    cx, cy = centre
    sheet.circle(centre, radius, edge=colour, width=radius * 0.055)
    points = []
    for corner in range(10):
        angle = np.radians(36 * corner - 90 - turn)
        reach = radius * (0.3 if corner % 2 == 0 else 0.3 * 0.382)
        points.append((cx + reach * float(np.cos(angle)), cy + reach * float(np.sin(angle))))
    sheet.shape(points, fill=colour, edge=None)
    span = min(232.0, 17.0 * len(name))
    size = min(radius * 0.26, radius * 0.66 * np.radians(span) / max(len(name) - 1, 1)) * POINT
    for number, character in enumerate(name):
        degrees = 90 + span / 2 - span * number / max(len(name) - 1, 1) + turn
        angle = np.radians(degrees)
        reach = radius * 0.7
        spot = (cx + reach * float(np.cos(angle)), cy - reach * float(np.sin(angle)))
        sheet.text(
            spot,
            character,
            size,
            face=SONG,
            bold=True,
            colour=colour,
            align="centre",
            turn=degrees - 90,
        )
    away = np.radians(-90 + turn)
    for text, reach, share in ((purpose, 0.52, 0.16), ("示例", 0.77, 0.14)):
        spot = (
            cx + radius * reach * float(np.cos(away)),
            cy - radius * reach * float(np.sin(away)),
        )
        fitted = min(share * radius * POINT, 1.12 * radius * POINT / len(text))
        sheet.text(spot, text, fitted, face=HEI, colour=colour, align="centre", turn=turn)


def fingerprint(sheet: Sheet, centre: Spot, seed: int, size: float = 8.0) -> None:
    """Draws the red print of a finger: bent ridges inside an oval, with breaks."""
    rng = np.random.default_rng(seed)
    lean = rng.uniform(-0.4, 0.4)
    shape = sheet.page.new_shape()
    for ridge in range(1, 11):
        reach = size / 2 * ridge / 10.5
        for start in np.arange(0, 2 * np.pi, 0.8):
            if rng.random() < 0.14:
                continue
            angles = start + np.linspace(0, 0.8 - rng.uniform(0, 0.18), 7)
            wave = 1 + 0.05 * np.sin(3 * angles + ridge * 0.4)
            x = reach * 0.72 * wave * np.cos(angles)
            y = reach * wave * np.sin(angles) + 0.18 * size * (1 - ridge / 11)
            spots = [
                ((centre[0] + a + lean * b) * POINT, (centre[1] + b - lean * a) * POINT)
                for a, b in zip(x, y, strict=True)
            ]
            shape.draw_polyline(spots)
            shape.finish(
                color=RED, width=size * 0.026 * POINT, closePath=False, stroke_opacity=0.75
            )
    shape.commit()


def signing_line(
    sheet: Sheet, at: Spot, label: str, names: Sequence[str], seed: int, *, size: float = 10.5
) -> float:
    """Writes a label and the signatures behind it, and gives where the line ends."""
    sheet.text(at, label, size)
    x = at[0] + sheet.measure(label, size) + 2
    for number, name in enumerate(names):
        rise = (seed + number) % 3 - 1
        x += (
            sheet.hand((x, at[1] + 0.4), name, 6.4, seed + number, joined=True, turn=rise * 1.5) + 5
        )
    return x


def page_number(sheet: Sheet, number: int, count: int) -> None:
    """Writes the number of the page at its foot."""
    text = f"— 第{number}页，共{count}页 —"
    sheet.text((sheet.width / 2, sheet.height - 14), text, 9, align="centre", colour=BLACK)
