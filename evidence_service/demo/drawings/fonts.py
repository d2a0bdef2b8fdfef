"""Chinese faces for the drawn documents, and a cut of them that fits into a small PDF.

The faces are Noto Sans SC and Noto Serif SC (OFL) out of a package. A whole face has 65 000
glyphs and 8 to 12 MB; `cut_face` keeps the outlines of the characters in use. The table formats
are OpenType's `cmap` and Adobe's Technical Note 5176 (CFF).
"""

import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pylopdf_fonts_zh_cn
import pymupdf

MUPDF: Any = pymupdf  # the library ships few types; its answers are annotated where they land
SONG = "song"
HEI = "hei"
_KEPT_TABLES = (b"CFF ", b"OS/2", b"cmap", b"head", b"hhea", b"hmtx", b"maxp", b"name", b"post")
_CHARSET = 15
_CHARSTRINGS = 17


@lru_cache(maxsize=2)
def face_bytes(face: str) -> bytes:
    """Reads the font file of `SONG` (serif) or `HEI` (sans), with glyph numbers as CIDs."""
    path = pylopdf_fonts_zh_cn.serif_path() if face == SONG else pylopdf_fonts_zh_cn.sans_path()
    font: bytes = path.read_bytes()
    outlines = _tables(font)[b"CFF "]
    at = font.index(outlines[:64])
    return font[:at] + _with_plain_charset(outlines) + font[at + len(outlines) :]


@lru_cache(maxsize=2)
def whole_face(face: str) -> Any:
    """Opens a face with all its glyphs."""
    return MUPDF.Font(fontbuffer=face_bytes(face))


def _tables(font: bytes) -> dict[bytes, bytes]:
    count = struct.unpack(">H", font[4:6])[0]
    found = {}
    for number in range(count):
        tag, _, start, size = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        found[tag] = font[start : start + size]
    return found


def _index_end(cff: bytes, at: int) -> tuple[int, int]:
    """Says where the data of the INDEX at `at` begins and ends."""
    count = struct.unpack_from(">H", cff, at)[0]
    if count == 0:
        return at + 2, at + 2
    size = cff[at + 2]
    base = at + 3 + (count + 1) * size - 1
    last = int.from_bytes(cff[base + 1 - size : base + 1], "big")
    return base + 1, base + last


def _operand(cff: bytes, operator: int) -> int:
    """Finds the last operand of an operator in the Top DICT."""
    _, names_end = _index_end(cff, cff[2])
    at, top_end = _index_end(cff, names_end)
    operand = 0
    while at < top_end:
        first = cff[at]
        if first == operator:
            return operand
        if first == 30:  # a real number: nibbles up to an 0xf
            while cff[at + 1] & 15 != 15:
                at += 1
            at += 2
        elif first <= 21:
            at += 2 if first == 12 else 1
        elif first == 28:
            operand, at = struct.unpack_from(">h", cff, at + 1)[0], at + 3
        elif first == 29:
            operand, at = struct.unpack_from(">i", cff, at + 1)[0], at + 5
        else:
            at += 1 if first <= 246 else 2
    return operand


def _with_plain_charset(cff: bytes) -> bytes:
    """Makes each glyph's CID its index: MuPDF writes the index where a PDF reader takes a CID."""
    at = _operand(cff, _CHARSET)
    count = struct.unpack_from(">H", cff, _operand(cff, _CHARSTRINGS))[0]
    one_range = struct.pack(">BHH", 2, 1, count - 2)
    return cff[:at] + one_range + cff[at + len(one_range) :]


def _cut_outlines(cff: bytes, kept: Iterable[int]) -> bytes:
    """Packs the kept outlines at the front and fills the rest with zeros, which deflate to nothing.

    Nothing moves that other parts point at, so no other offset changes.
    """
    at = _operand(cff, _CHARSTRINGS)
    count, width = struct.unpack_from(">H", cff, at)[0], cff[at + 2]
    table = np.frombuffer(cff, np.uint8, (count + 1) * width, at + 3).reshape(-1, width)
    starts: npt.NDArray[np.int64] = table.astype(np.int64) @ 256 ** np.arange(
        width - 1, -1, -1, dtype=np.int64
    )
    base = at + 3 + (count + 1) * width - 1
    sizes = np.zeros(count + 1, np.int64)
    data = bytearray()
    for glyph in sorted(kept):
        outline = cff[base + starts[glyph] : base + starts[glyph + 1]]
        sizes[glyph + 1] = len(outline)
        data += outline
    moved = 1 + np.cumsum(sizes)
    shifts = 8 * np.arange(width - 1, -1, -1)
    packed = ((moved[:, None] >> shifts) & 255).astype(np.uint8).tobytes()
    filled = int(starts[-1]) - 1 - len(data)
    return cff[: at + 3] + packed + bytes(data) + bytes(filled) + cff[base + int(starts[-1]) :]


def _cmap(glyphs: dict[int, int]) -> bytes:
    groups = b"".join(
        struct.pack(">III", code, code, glyph) for code, glyph in sorted(glyphs.items())
    )
    head = struct.pack(">HHHHI", 0, 1, 3, 10, 12)
    return head + struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups


def cut_face(face: str, characters: Iterable[str]) -> Any:
    """Makes a face with the outlines of `characters` alone; deflated it has some ten kilobytes.

    Its character map knows each character by the code it was asked for, so that text taken out
    of the PDF is the text that was put in.
    """
    whole = whole_face(face)
    glyphs = {ord(character): whole.has_glyph(ord(character)) for character in characters}
    tables = _tables(face_bytes(face))
    tables[b"CFF "] = _cut_outlines(tables[b"CFF "], {0, *glyphs.values()})
    tables[b"cmap"] = _cmap(glyphs)
    head = struct.pack(">4sHHHH", b"OTTO", len(_KEPT_TABLES), 128, 3, 16)
    at, body = len(head) + 16 * len(_KEPT_TABLES), b""
    for tag in _KEPT_TABLES:
        head += struct.pack(">4sIII", tag, 0, at + len(body), len(tables[tag]))
        body += tables[tag] + bytes(-len(tables[tag]) % 4)
    return MUPDF.Font(fontbuffer=head + body)
