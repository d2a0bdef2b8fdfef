"""PDF pages to pixels with MuPDF: as a reader shows them, annotations and form fields included.

MuPDF says only in warnings that it drew something else than the file asked for (a broken picture
becomes black), so they are read after every page; and text that left no ink is told.
"""

import math
import re
from typing import Any

import numpy as np

from watermark.child.mupdf import ERRORS, Document, pymupdf
from watermark.child.verdict import Undrawable

POINTS_PER_INCH = 72
HARMLESS = re.compile(r"non-embedded font using identity encoding")
ROUNDING = 0.9999
SAMPLE_STEP = 997  # a prime, so that samples do not fall into one column
NO_MEMORY = re.compile(r"(m|c|re)alloc|out of memory|array too large", re.IGNORECASE)


def open_pdf(data: memoryview) -> Document:
    """Return the document; `filetype` alone does not bind MuPDF, so its kind is checked.

    Raises:
        Undrawable: MuPDF cannot open it, or takes it for another format.
    """
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except ERRORS as failed:
        raise _undrawable(failed) from failed
    if not document.is_pdf:
        raise Undrawable("damaged")
    return document


def draw_page(
    document: Document, number: int, dpi: int, most_pixels: int
) -> tuple[np.ndarray, float, list[str]]:
    """Return pixels (height, width, 3; RGB), the resolution in dpi, and warnings.

    Raises:
        Undrawable: no such page, damaged beyond drawing, or out of memory.
    """
    try:
        if not 1 <= number <= document.page_count:
            raise Undrawable("no_such_page")
        page = document.load_page(number - 1)
        pymupdf.TOOLS.reset_mupdf_warnings()
        scale, warnings = _scale(page.rect, dpi, most_pixels)
        pixmap = page.get_pixmap(
            matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False, annots=True
        )
        said = pymupdf.TOOLS.mupdf_warnings(reset=True)
        warnings += _heard(said)
        shape = pixmap.height, pixmap.width, 3
        pixels = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(shape).copy()  # outlives it
        if shows_nothing(pixels) and page.get_text("text").strip():
            warnings.append("text_without_ink")
    except ERRORS as failed:
        raise _undrawable(failed) from failed
    return pixels, scale * POINTS_PER_INCH, sorted(warnings)


def shows_nothing(pixels: np.ndarray) -> bool:
    """Return whether all pixels are alike; most pages prove the contrary at the first samples."""
    dots = pixels.reshape(-1, 3)
    return all(bool((part == dots[0]).all()) for part in (dots[::SAMPLE_STEP], dots))


def _scale(rect: Any, dpi: int, most_pixels: int) -> tuple[float, list[str]]:
    """Return pixels per point: the wanted resolution, or what the pixel limit leaves."""
    scale = dpi / POINTS_PER_INCH
    across, down = rect.width, rect.height
    # MuPDF rounds outwards, so each side may get one pixel more
    if (across * scale + 1) * (down * scale + 1) <= most_pixels:
        return scale, []
    area, sides = across * down, across + down
    largest = (math.sqrt(sides * sides + 4 * area * (most_pixels - 1)) - sides) / (2 * area)
    return largest * ROUNDING, ["scaled_down"]


def _heard(said: str) -> list[str]:
    """Return what MuPDF's warnings mean for the picture.

    Raises:
        Undrawable: the page is incomplete because memory ran out.
    """
    if NO_MEMORY.search(said):
        raise Undrawable("out_of_memory")
    lines = [line for line in said.splitlines() if not HARMLESS.search(line)]
    return ["drawing_warnings"] if lines else []


def _undrawable(failed: Exception) -> Undrawable:
    """Return the word for what MuPDF raised."""
    return Undrawable("out_of_memory" if NO_MEMORY.search(str(failed)) else "damaged")
