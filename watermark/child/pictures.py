"""Pictures: headers first, then OpenCV, then one turn, eight bits, three channels.

The only place that decodes pictures: views, copies and tracing use what comes out here. Turned by
EXIF orientation, 16 bits scaled to 8, transparency over white.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from watermark.child.facts import Frame, Picture
from watermark.child.jpeg import read_jpeg
from watermark.child.png import read_png
from watermark.child.tiff import read_tiff
from watermark.child.verdict import Undrawable
from watermark.limits import Limits

Pixels = np.ndarray  # uint8, (height, width, 3), RGB where it leaves this module

READERS: dict[str, Callable[[memoryview, Limits], Picture]] = {
    "image/jpeg": read_jpeg,
    "image/png": read_png,
    "image/tiff": read_tiff,
}
REDUCED = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)
GREY_AXES, COLOURS = 2, 3
OPAQUE = 255
TURNS: dict[
    int, tuple[Callable[[Pixels], Any], ...]
] = {  # EXIF orientation: steps that bring the picture upright
    2: (lambda p: cv2.flip(p, 1),),
    3: (lambda p: cv2.rotate(p, cv2.ROTATE_180),),
    4: (lambda p: cv2.flip(p, 0),),
    5: (cv2.transpose,),
    6: (lambda p: cv2.rotate(p, cv2.ROTATE_90_CLOCKWISE),),
    7: (lambda p: cv2.rotate(p, cv2.ROTATE_180), cv2.transpose),
    8: (lambda p: cv2.rotate(p, cv2.ROTATE_90_COUNTERCLOCKWISE),),
}


def decode(
    document: memoryview, media: str, picture: Picture, page: int, long_side_px: int = 0
) -> Pixels:
    """Return page `page` (from 1) upright, as RGB.

    With `long_side_px` a JPEG may come reduced, but never below that many pixels.

    Raises:
        Undrawable: the decoder gives no such picture.
    """
    frame = picture.frames[page - 1]
    if media == "image/tiff":
        stored = _decode_tiff(document, frame, page)
    else:
        reduction = _reduction(frame, long_side_px) if media == "image/jpeg" else None
        stored = _decode_one(document, reduction)
    if stored is None or not _as_announced(stored, frame):
        raise Undrawable("damaged")
    return upright(to_rgb(stored, premultiplied=frame.premultiplied), frame.orientation)


def to_rgb(stored: np.ndarray, *, premultiplied: bool = False) -> Pixels:
    """Return OpenCV's pixels as 8-bit RGB: depth scaled, transparency over white.

    Args:
        stored: uint8 or uint16, (height, width) or (height, width, 3 or 4), blue first.
        premultiplied: whether the colours were multiplied by alpha already.
    """
    if stored.dtype == np.uint16:
        stored = cv2.convertScaleAbs(stored, alpha=1 / 257)
    if stored.dtype != np.uint8:
        raise Undrawable("damaged")
    if stored.ndim == GREY_AXES or stored.shape[2] == 1:
        return np.asarray(cv2.cvtColor(stored, cv2.COLOR_GRAY2RGB))
    if stored.shape[2] == COLOURS:
        return np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB))
    return _over_white(stored, premultiplied=premultiplied)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Return the picture turned by its EXIF orientation (1 to 8)."""
    for step in TURNS.get(orientation, ()):
        pixels = np.asarray(step(pixels))
    return pixels


def _over_white(stored: np.ndarray, *, premultiplied: bool) -> Pixels:
    """Lay blue, green, red, alpha over white paper."""
    colours = cv2.cvtColor(stored, cv2.COLOR_BGRA2RGB)
    alpha = stored[..., 3]
    if alpha.min() == OPAQUE:
        return np.asarray(colours)
    share = cv2.merge([alpha, alpha, alpha])
    paper = cv2.bitwise_not(share)
    if not premultiplied:
        colours = cv2.multiply(colours, share, scale=1 / 255)
    return np.asarray(cv2.add(colours, paper))


def _as_announced(stored: np.ndarray, frame: Frame) -> bool:
    """Return whether the size is the one the header told, or a reduction of it."""
    height, width = stored.shape[:2]
    return any(
        width == -(-frame.width // by) and height == -(-frame.height // by) for by in (1, 2, 4, 8)
    )


def _reduction(frame: Frame, long_side_px: int) -> int | None:
    """Return OpenCV's flag for the smallest reduced decoding that is still large enough."""
    if not long_side_px:
        return None
    long_side = max(frame.width, frame.height)
    return next((flag for by, flag in REDUCED if long_side // by >= long_side_px), None)


def _decode_one(document: memoryview, reduction: int | None) -> np.ndarray | None:
    """Decode a JPEG or PNG, not turned."""
    flags = cv2.IMREAD_UNCHANGED if reduction is None else reduction | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        return cv2.imdecode(np.frombuffer(document, np.uint8), flags)
    except cv2.error as failed:
        raise _undrawable(failed) from failed


def _decode_tiff(document: memoryview, frame: Frame, page: int) -> np.ndarray | None:
    """Decode one page of a TIFF, not turned."""
    if frame.orientation_at is not None:
        at, upright_value = frame.orientation_at
        document[at : at + len(upright_value)] = upright_value
    try:
        good, pages = cv2.imdecodemulti(
            np.frombuffer(document, np.uint8), cv2.IMREAD_UNCHANGED, range=(page - 1, page)
        )
    except cv2.error as failed:
        raise _undrawable(failed) from failed
    return pages[0] if good and len(pages) == 1 else None


def _undrawable(failed: cv2.error) -> Undrawable:
    """Return the word for what OpenCV raised."""
    return Undrawable("out_of_memory" if failed.code == cv2.Error.StsNoMem else "damaged")
