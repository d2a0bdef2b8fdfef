"""Draw one page of a document that the first look has taken."""

import math

import cv2
import numpy as np

from watermark.child.draw_pdf import draw_page, open_pdf
from watermark.child.job import Job
from watermark.child.pictures import READERS, decode
from watermark.child.verdict import Refused, Undrawable

PICTURE_DPI = 150.0  # pictures have no size on paper of their own that could be trusted
SMALL_SIDE_PX = 480  # below, a mark would not be legible: enlarged by a whole factor


def draw(document: memoryview, job: Job) -> tuple[dict[str, object], np.ndarray]:
    """Return size, resolution and warnings, and pixels (height, width, 3; RGB).

    Raises:
        Undrawable: the page cannot be drawn.
    """
    if job.media == "application/pdf":
        opened = open_pdf(document)
        pixels, dpi, warnings = draw_page(opened, job.page, job.dpi, job.limits.raster_pixels)
    else:
        pixels, warnings = _picture(document, job)
        dpi = PICTURE_DPI
    height, width = pixels.shape[:2]
    answer = {"height": height, "width": width, "dpi": round(dpi, 3), "warnings": warnings}
    return answer, np.ascontiguousarray(pixels)


def _picture(document: memoryview, job: Job) -> tuple[np.ndarray, list[str]]:
    """Return a picture's page within the wanted size."""
    try:
        picture = READERS[job.media](document, job.limits)
    except Refused as refused:
        raise Undrawable("damaged") from refused
    if not 1 <= job.page <= len(picture.frames):
        raise Undrawable("no_such_page")
    frame = picture.frames[job.page - 1]
    pixels = decode(document, job.media, picture, job.page, job.long_side_px)
    return _fitted(pixels, (frame.width, frame.height), job)


def _fitted(pixels: np.ndarray, stored: tuple[int, int], job: Job) -> tuple[np.ndarray, list[str]]:
    """Return the picture scaled to the wanted size, and what was done to it."""
    height, width = pixels.shape[:2]
    long_side = max(height, width)
    if max(stored) < SMALL_SIDE_PX:
        factor = math.ceil(SMALL_SIDE_PX / max(stored))
        size = width * factor, height * factor
        return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)), ["enlarged"]
    fits = min(1.0, math.sqrt(job.limits.raster_pixels / (height * width)))
    wanted = min(1.0, job.long_side_px / long_side) if job.long_side_px else 1.0
    scale = min(fits, wanted)
    if scale < 1.0:
        size = max(1, math.floor(width * scale + 1e-6)), max(1, math.floor(height * scale + 1e-6))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    return pixels, ["scaled_down"] if fits < wanted else []
