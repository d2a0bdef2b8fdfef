"""JPEG: walk the segments to the end of the picture without decoding it (ITU-T T.81, annex B).

Finds size, kind, orientation, position, further pictures, and where the picture's own bytes end.
"""

import re
from dataclasses import dataclass, field

from watermark.child.exif import read_exif
from watermark.child.facts import Frame, Picture, check_size
from watermark.child.verdict import Refused
from watermark.limits import Limits

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
APP1, APP2, APP14 = 0xE1, 0xE2, 0xEE
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
UNDECODED = {0xC3: "lossless", 0xC5: "hierarchical", 0xC6: "hierarchical", 0xC7: "hierarchical",
             0xCB: "lossless", 0xCD: "hierarchical", 0xCE: "hierarchical",
             0xCF: "hierarchical"}  # fmt: skip
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # ends a run of entropy-coded bytes
EXIF, XMP, MULTI = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"MPF\0"
MOTION = re.compile(rb"MotionPhoto|MicroVideo")
MAX_PICTURES = 64
PREFIX = 0xFF  # of every marker
LENGTH_BYTES = 2
FRAME_BYTES = 6
BITS = 8
CMYK = 4


@dataclass
class Walk:
    """What was met on the way through one picture."""

    width: int = 0
    height: int = 0
    components: int = 0
    precision: int = 8
    coding: int = 0
    adobe: bool = False
    orientation: int = 1
    flags: set[str] = field(default_factory=set)


def read_jpeg(document: memoryview, limits: Limits) -> Picture:
    """Return size, flags and end of a JPEG file; further pictures behind the first are walked.

    Raises:
        Refused: truncated, damaged, too_many_pixels, unsupported_variant.
    """
    walk = Walk()
    end = _walk(document, 0, walk, limits)
    check_kind(walk)
    for _picture in range(MAX_PICTURES):
        start = _next_start(document, end)
        if start is None:
            break
        walk.flags.add("multi_picture")
        try:
            end = _walk(document, start, Walk(), limits)
        except Refused:  # the first picture is what is shown; the rest is only told of
            break
    frame = Frame(walk.width, walk.height, walk.orientation)
    return Picture((frame,), frozenset(walk.flags), end)


def check_kind(walk: Walk) -> None:
    """Refuse the kinds that OpenCV cannot decode, or would show in wrong colours.

    Raises:
        Refused: unsupported_variant.
    """
    if walk.coding in UNDECODED:
        raise Refused("unsupported_variant", f"{UNDECODED[walk.coding]} JPEG", "frame")
    if walk.precision != BITS:
        raise Refused("unsupported_variant", f"{walk.precision} bits per sample", "frame")
    if walk.components == CMYK:
        walk.flags.add("cmyk")
        if not walk.adobe:  # then nothing says whether the inks are inverted
            raise Refused("unsupported_variant", "CMYK without an Adobe segment", "frame")


def _next_start(document: memoryview, end: int) -> int | None:
    """Return where another picture begins behind the end of one, padding skipped."""
    at = end
    while at < len(document) and document[at] == 0:
        at += 1
    return at if bytes(document[at : at + 3]) == b"\xff\xd8\xff" else None


def _walk(document: memoryview, start: int, walk: Walk, limits: Limits) -> int:
    """Walk one picture from its SOI and return the offset behind its EOI."""
    at = start + 2
    while True:
        marker, at = _marker(document, at)
        if marker == EOI:
            break
        length = int.from_bytes(document[at : at + 2], "big")
        if length < LENGTH_BYTES or at + length > len(document):
            raise Refused("truncated", "", "segment")
        _segment(marker, document[at + 2 : at + length], walk, limits)
        at += length
        if marker == SOS:
            found = MARKER.search(document, at)
            if found is None:
                raise Refused("truncated", "", "scan")
            at = found.start()
    if not walk.coding:
        raise Refused("damaged", "no frame", "segments")
    return at


def _marker(document: memoryview, at: int) -> tuple[int, int]:
    """Return the marker at this offset and the offset behind it."""
    if at + 2 > len(document):
        raise Refused("truncated", "", "marker")
    if document[at] != PREFIX:
        raise Refused("damaged", "", "marker")
    while at + 1 < len(document) and document[at + 1] == PREFIX:
        at += 1  # fill bytes
    if at + 1 >= len(document):
        raise Refused("truncated", "", "marker")
    return document[at + 1], at + 2


def _segment(marker: int, body: memoryview, walk: Walk, limits: Limits) -> None:
    """Learn from one segment."""
    if marker in FRAMES:
        _frame(marker, body, walk, limits)
    elif marker == APP1 and bytes(body[:6]) == EXIF:
        walk.orientation, flags = read_exif(body[6:])
        walk.flags |= flags
    elif marker == APP1 and bytes(body[: len(XMP)]) == XMP and MOTION.search(body):
        walk.flags.add("motion_photo")
    elif marker == APP2 and bytes(body[:4]) == MULTI:
        walk.flags.add("multi_picture")
    elif marker == APP14 and bytes(body[:5]) == b"Adobe":
        walk.adobe = True


def _frame(marker: int, body: memoryview, walk: Walk, limits: Limits) -> None:
    """Take size and kind from a frame header."""
    if len(body) < FRAME_BYTES or walk.coding:
        raise Refused("damaged", "frame header", "frame")
    walk.coding, walk.precision, walk.components = marker, body[0], body[5]
    walk.height = int.from_bytes(body[1:3], "big")
    walk.width = int.from_bytes(body[3:5], "big")
    check_size(walk.width, walk.height, limits, "frame")
