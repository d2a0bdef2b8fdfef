"""Writing as pixels: every glyph is checked before it is drawn, none becomes an empty box.

Noto Sans SC first, MuPDF's built-in font second (Hangul and more), `U+XXXX` last. Pillow's
FreeType draws them: text of marks needs no MuPDF in a web thread, and only the rare character
that Noto lacks makes us ask MuPDF for the bytes of its built-in font, nothing else.
"""

import functools
import importlib
import io
import threading
import unicodedata
from dataclasses import dataclass

import numpy as np
from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path

CACHED_GLYPHS = 4096  # about 600 bytes each
CACHED_SIZES = 16
DROPPED = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # pick a glyph, have none
UNASSIGNED = "\U0010fffe"  # never a character: its picture is the font's box for "missing"
BUILT_IN = "china-s"  # MuPDF's name for its fallback font

_drawing = threading.Lock()  # one FreeType face must not be used by two threads at once


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One drawn character: `mask` uint8 (height, width), 255 where the ink is full."""

    mask: np.ndarray
    left: int  # pixels from the pen to the mask's left edge
    top: int  # pixels from the baseline down to the mask's top edge, mostly negative
    advance: int


def drawable(text: str) -> str:
    """Return the text as it can be drawn: no controls, bidi signs or selectors; one kind of space.

    Characters that no font has are written as `U+XXXX`. Nothing is normalised: names are shown
    with the characters they are written with.
    """
    return "".join(_drawable(character) for character in text)


def _drawable(character: str) -> str:
    """Return one character as it can be drawn."""
    kind = unicodedata.category(character)
    if kind == "Zs":
        return " "
    if kind in DROPPED or any(ord(character) in some for some in SELECTORS):
        return ""
    return character if _font_index(character) is not None else f"U+{ord(character):04X}"


def line(text: str, size_px: int) -> np.ndarray:
    """Return one line of text as a mask, uint8 (size_px * 4 / 3 rounded up, width).

    The text has passed `drawable`.
    """
    glyphs = [glyph(character, size_px) for character in text]
    height = -(-size_px * 4 // 3)
    baseline = round(size_px * 1.05)
    width = sum(one.advance for one in glyphs)
    mask = np.zeros((height, max(width, 1)), np.uint8)
    pen = 0
    for one in glyphs:
        _lay(mask, one, pen, baseline)
        pen += one.advance
    return mask


def _lay(mask: np.ndarray, one: Glyph, pen: int, baseline: int) -> None:
    """Lay one glyph over the line, cut where it would leave it."""
    top, left = baseline + one.top, pen + one.left
    rows = slice(max(0, top), min(mask.shape[0], top + one.mask.shape[0]))
    columns = slice(max(0, left), min(mask.shape[1], left + one.mask.shape[1]))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    ink = one.mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    np.maximum(mask[rows, columns], ink, out=mask[rows, columns])


@functools.lru_cache(maxsize=CACHED_GLYPHS)
def glyph(character: str, size_px: int) -> Glyph:
    """Return one character at this size; the cache is bounded."""
    index = _font_index(character) or 0
    with _drawing:
        font = _font(index, size_px)
        core, offset = font.getmask2(character, mode="L", anchor="ls")
        advance = round(font.getlength(character))
    width, height = core.size
    mask = np.asarray(core, dtype=np.uint8).reshape(height, width)
    if unicodedata.combining(character):
        advance = 0  # sits on the character before it
    return Glyph(mask, int(offset[0]), int(offset[1]), advance)


@functools.lru_cache(maxsize=CACHED_GLYPHS)
def _font_index(character: str) -> int | None:
    """Return which font has this character: 0 Noto, 1 MuPDF's; None for neither."""
    if character == " ":
        return 0
    return next((index for index in (0, 1) if _has(index, character)), None)


def _has(index: int, character: str) -> bool:
    """Return whether a font has the character, that is, shows another picture than the box."""
    size_px = 24
    with _drawing:
        font = _font(index, size_px)
        wanted, _offset = font.getmask2(character, mode="L")
        missing, _offset = font.getmask2(UNASSIGNED, mode="L")
    return bool(wanted.size[0]) and (wanted.size, bytes(wanted)) != (missing.size, bytes(missing))


@functools.lru_cache(maxsize=CACHED_SIZES)
def _font(index: int, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a font at a size."""
    source: str | io.BytesIO = str(sans_path()) if index == 0 else io.BytesIO(_built_in())
    return ImageFont.truetype(source, size_px, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=1)
def _built_in() -> bytes:
    """Return the bytes of MuPDF's built-in font."""
    return bytes(importlib.import_module("pymupdf").Font(BUILT_IN).buffer)
