"""What the fork server loads and uses once, so that no child has to open a file later.

A missing library ends the server before it says that it is ready: nothing is swallowed.
"""

import importlib

import cv2
import numpy as np

from watermark.child import signatures
from watermark.child.draw import draw
from watermark.child.job import Job
from watermark.child.look import look
from watermark.child.mupdf import pymupdf
from watermark.limits import Limits
from watermark.wire import framed

TEXT = "警 Page 1"
LAZY = (  # loaded on first use otherwise, and children may not open files
    "numpy.random",
    "encodings.ascii",
    "encodings.latin_1",
    "encodings.raw_unicode_escape",
    "encodings.utf_16",
    "encodings.utf_16_be",
    "encodings.utf_16_le",
)


def warm_up() -> str:
    """Load everything, draw one page of each kind, and return the versions in use."""
    for module in LAZY:
        importlib.import_module(module)
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    for media, ending, sample in _samples():
        limits = Limits()
        first = Job(task="look", size_bytes=len(sample), limits=limits, ending=ending)
        look(memoryview(bytearray(sample)), first)
        page = Job(task="draw", size_bytes=len(sample), limits=limits, media=media, dpi=20)
        answer, _pixels = draw(memoryview(bytearray(sample)), page)
        framed(answer)
    return f"pymupdf {pymupdf.__version__}, opencv {cv2.__version__}, {signatures.version()}"


def _samples() -> list[tuple[str, str, bytes]]:
    """Return small files of each kind, made here: media, ending, bytes."""
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 72), TEXT, fontname="china-s")
    page.insert_text((72, 144), "helv")
    picture = np.full((32, 32, 3), 200, np.uint8)
    pictures = [
        (media, ending, cv2.imencode(ending, picture)[1].tobytes())
        for media, ending in (
            ("image/jpeg", ".jpg"),
            ("image/png", ".png"),
            ("image/tiff", ".tif"),
        )
    ]
    unseen = pymupdf.open()  # text without ink takes a way of its own
    unseen.new_page().insert_text((72, 72), "unseen", render_mode=3)
    pages = [("application/pdf", ".pdf", one.tobytes()) for one in (document, unseen)]
    return [*pages, *pictures]
