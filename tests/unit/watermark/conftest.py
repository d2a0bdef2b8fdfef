"""One renderer for all tests of a process, and files made on the fly."""

import json
import re
import struct
import zlib
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from watermark.render import Renderer


@pytest.fixture(scope="session")
def renderer():
    with Renderer() as one:
        yield one


@pytest.fixture(scope="session")
def good(shared):
    return shared / "samples" / "good"


@pytest.fixture(scope="session")
def samples(shared):
    """Return every sample with what is expected of it, and its path."""
    found = []
    for folder in (shared / "samples" / "good", shared / "samples" / "bad"):
        entries = json.loads((folder / "EXPECT.json").read_text())["files"]
        found += [{**entry, "path": folder / entry["file"]} for entry in entries]
    return found


def pdf(objects, *, tail=b"", table=None):
    """Return a PDF of these objects, the first being the catalog."""
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    if table is None:
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
    return out + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start + tail


def stream(data, entries=b""):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def page_pdf(content, *, resources=b"", page=b"", catalog=b"", more=(), box=b"[0 0 300 200]"):
    """Return a PDF of one page; `more` objects are numbered from 5."""
    return pdf([
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources<<%s>>%s>>"
        % (box, resources, page),
        stream(content),
        *more,
    ])  # fmt: skip


def nested_forms(levels=12, fan=10):
    """Return a PDF whose page draws one form, which draws ten, which draw ten each …"""
    more = []
    for level in range(levels):
        last = level == levels - 1
        below = b"" if last else b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level)
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]" + below
        more.append(stream(b"0 0 9 9 re f" if last else b"/F Do " * fan, entries))
    return page_pdf(b"/F Do", resources=b"/XObject<</F 5 0 R>>", more=more)


def crossing_lines(count=400_000):
    """Return a PDF of one path with so many edges that filling it takes minutes."""
    ends = np.random.default_rng(1).integers(0, 300, (count, 4))
    path = b"\n".join(b"%d %d m %d %d l" % tuple(line) for line in ends.tolist())
    body = stream(zlib.compress(path + b" f*"), b"/Filter/FlateDecode")
    return pdf([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R>>",
        body,
    ])  # fmt: skip


def png_header(width, height):
    """Return a PNG that claims a size and has next to nothing in it."""

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def letter_f(height=600, width=480):
    """Return a black F on white, uint8 (height, width, 3): no turn of it looks like another."""
    picture = np.full((height, width, 3), 255, np.uint8)
    picture[60:540, 60:120] = 0
    picture[60:120, 60:420] = 0
    picture[270:330, 60:300] = 0
    return picture


def exif_block(orientation, order="<"):
    """Return an EXIF block with one entry, the orientation."""
    mark = {"<": b"II", ">": b"MM"}[order]
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


def jpeg(picture, *, app1=None, quality=90):
    """Return a JPEG of RGB pixels, with an APP1 segment if one is given."""
    good, coded = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert good
    data = bytes(coded)
    if app1 is None:
        return data
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1 + data[2:]


def coded(ending, picture):
    """Return OpenCV's file of these pixels (blue first)."""
    good, data = cv2.imencode(ending, picture)
    assert good
    return bytes(data)


def jpeg_markers(data):
    """Return the markers of a JPEG up to its scan."""
    found, at = [], 2
    while data[at] == 0xFF:
        found.append(data[at + 1])
        if data[at + 1] == 0xDA:
            return found
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise AssertionError(re.escape(data[at : at + 4].hex()))


@pytest.fixture(scope="session")
def build():
    """Return the functions that make files."""
    return SimpleNamespace(
        coded=coded,
        crossing_lines=crossing_lines,
        exif_block=exif_block,
        jpeg=jpeg,
        jpeg_markers=jpeg_markers,
        letter_f=letter_f,
        nested_forms=nested_forms,
        page_pdf=page_pdf,
        pdf=pdf,
        png_header=png_header,
        stream=stream,
    )
