"""The visible mark: six bands of half-transparent writing by which an eye can trace a page.

Strokes move a pixel by at most `STROKE` levels: darker on light ground, lighter on dark ground and
over dark glyphs, so the mark is legible on paper, on night photographs and over text, and what is
under it stays legible too. Only pixels inside of the bands change. Bands lie on rows of 16 pixels,
the unit of a 4:2:0 JPEG, so that they can be encoded apart from the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from watermark import glyphs
from watermark.errors import PageUnfit

STROKE = 70  # levels of 255
BANDS = 6
ROW_PX = 16
NEIGHBOURHOOD_PX = 65
DARK_PIXEL, LIGHT_PIXEL, DARK_GROUND = 56, 204, 142
TEXT_SHARE = 52  # text height: the page's width divided by this, at least TEXT_MIN_PX
TEXT_MIN_PX = 20
TEXT_SMALLEST_PX = 9
SEPARATOR = "    "


@dataclass(frozen=True, slots=True)
class Band:
    """Rows `top` to `bottom` (exclusive) of the page."""

    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the bands of a page lie and how large their text is."""

    bands: tuple[Band, ...]
    text_px: int


def layout(height: int, width: int) -> Layout:
    """Return the bands of a page of this size in pixels: one in every sixth of its height."""
    rows = -(-height // ROW_PX)
    count = min(BANDS, rows)
    wanted = max(TEXT_MIN_PX, round(width / TEXT_SHARE))
    band_rows = min(-(-wanted * 4 // (3 * ROW_PX)), max(1, rows // count))
    bands = []
    for index in range(count):
        middle = (2 * index + 1) * rows / (2 * count)
        first = min(max(0, round(middle - band_rows / 2)), max(0, rows - band_rows))
        bands.append(Band(first * ROW_PX, min(height, (first + band_rows) * ROW_PX)))
    text_px = min(wanted, band_rows * ROW_PX * 3 // 4)
    return Layout(tuple(bands), max(TEXT_SMALLEST_PX, text_px))


def mark_visibly(pixels: np.ndarray, fields: Sequence[str]) -> None:
    """Write the fields into the bands of a page, in place.

    Args:
        pixels: uint8 (height, width, 3), writable; the order of the colours does not matter here.
        fields: what every line repeats; it is made drawable first.

    Raises:
        PageUnfit: nothing of the fields can be drawn, so the page would stay unmarked.
    """
    height, width = pixels.shape[:2]
    plan = layout(height, width)
    text = SEPARATOR.join(glyphs.drawable(field) for field in fields) + SEPARATOR
    line = glyphs.line(text, plan.text_px)
    if not line.any():
        raise PageUnfit("nothing to write")
    for index, band in enumerate(plan.bands):
        shift = index * line.shape[1] // len(plan.bands)
        strokes = _strokes(line, band.bottom - band.top, width, shift)
        _blend(pixels, band, strokes)


def _strokes(line: np.ndarray, height: int, width: int, shift: int) -> np.ndarray:
    """Return the line repeated over a band, uint8 (height, width), moved left by `shift`."""
    repeats = -(-(width + shift) // line.shape[1])
    repeated = np.tile(line, (1, repeats))[:, shift : shift + width]
    strokes = np.zeros((height, width), np.uint8)
    used = min(height, line.shape[0])
    top = (height - used) // 2
    strokes[top : top + used] = repeated[:used]
    return strokes


def _blend(pixels: np.ndarray, band: Band, strokes: np.ndarray) -> None:
    """Move the pixels under the strokes of one band."""
    above = max(0, band.top - NEIGHBOURHOOD_PX // 2)
    below = min(pixels.shape[0], band.bottom + NEIGHBOURHOOD_PX // 2)
    luma = cv2.cvtColor(pixels[above:below], cv2.COLOR_BGR2GRAY)
    ground = cv2.blur(luma, (NEIGHBOURHOOD_PX, NEIGHBOURHOOD_PX))
    rows = slice(band.top - above, band.bottom - above)
    lighter = (luma[rows] < DARK_PIXEL) | (
        (ground[rows] < DARK_GROUND) & (luma[rows] < LIGHT_PIXEL)
    )
    amount = cv2.convertScaleAbs(strokes, alpha=STROKE / 255)
    part = pixels[band.top : band.bottom]
    up = cv2.merge([np.where(lighter, amount, 0).astype(np.uint8)] * 3)
    down = cv2.merge([np.where(lighter, 0, amount).astype(np.uint8)] * 3)
    part[:] = cv2.subtract(cv2.add(part, up), down)
