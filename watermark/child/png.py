"""PNG: walk the chunks to IEND without inflating anything (PNG, third edition, section 5)."""

import zlib

from watermark.child.exif import read_exif
from watermark.child.facts import Frame, Picture, check_size
from watermark.child.verdict import Refused
from watermark.limits import Limits

SIGNATURE_BYTES = 8
AROUND_BYTES = 12  # length, type and check value around a chunk's data
IHDR_BYTES = 13


def read_png(document: memoryview, limits: Limits) -> Picture:
    """Return size, flags and end of a PNG file.

    Raises:
        Refused: truncated, damaged or too_many_pixels.
    """
    width, height = _header(document, limits)
    at, orientation, flags, data_seen = SIGNATURE_BYTES, 1, set[str](), False
    while True:
        kind, body, at = _chunk(document, at)
        data_seen |= kind == b"IDAT"
        if kind == b"IEND":
            break
        if kind == b"acTL":
            flags.add("animated")
        elif kind == b"eXIf":
            orientation, found = read_exif(body)
            flags |= found
    if not data_seen:
        raise Refused("damaged", "no picture data", "chunks")
    return Picture((Frame(width, height, orientation),), frozenset(flags), at)


def _header(document: memoryview, limits: Limits) -> tuple[int, int]:
    """Return width and height from the first chunk."""
    kind, body, end = _chunk(document, SIGNATURE_BYTES)
    if kind != b"IHDR" or len(body) != IHDR_BYTES:
        raise Refused("damaged", "no header first", "chunks")
    width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
    check_size(width, height, limits, "header")
    check = int.from_bytes(document[end - 4 : end], "big")
    if zlib.crc32(document[SIGNATURE_BYTES + 4 : end - 4]) != check:
        raise Refused("damaged", "check value", "header")
    return width, height


def _chunk(document: memoryview, at: int) -> tuple[bytes, memoryview, int]:
    """Return type and data of the chunk at this offset, and the offset behind it."""
    length = int.from_bytes(document[at : at + 4], "big")
    end = at + AROUND_BYTES + length
    if at + AROUND_BYTES > len(document) or end > len(document):
        raise Refused("truncated", "", "chunks")
    return bytes(document[at + 4 : at + 8]), document[at + 8 : end - 4], end
