"""Copies out: a PDF of marked JPEG pages, written page by page with flat memory.

The JPEGs go in as they are (DCTDecode). One revision, no text, no metadata, no producer, no date,
no id: nothing but pictures. Written by hand, for img2pdf and pikepdf hold the whole document in
memory before the first byte leaves, and add metadata (ISO 32000-2, 7.5: header, objects, table).
"""

from types import TracebackType
from typing import Protocol, Self

from watermark.errors import PageUnfit

POINTS_PER_INCH = 72
MOST_POINTS = 14_400  # a PDF page's side, without UserUnit
CATALOG, TREE, FIRST_FREE = 1, 2, 3
SOI = b"\xff\xd8"
EOI = b"\xff\xd9"
BASELINE = 0xC0
SEGMENT_PREFIX = 0xFF
FRAME_BYTES = 10
ALLOWED = frozenset({0xE0, 0xDB, 0xC4, 0xDD})  # JFIF, tables, restart interval: no metadata
EIGHT_BITS, COLOURS = 8, 3


class Sink(Protocol):
    """Takes bytes in order; need not seek."""

    def write(self, data: bytes, /) -> object:
        """Take all of the bytes."""


class PdfWriter:
    """Writes one PDF into a sink; pages are added in order, then `close` completes it.

    As a context it closes when all went well; after an error the file stays incomplete, which
    every reader notices.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._written = 0
        self._offsets: dict[int, int] = {}
        self._pages: list[int] = []
        self._closed = False
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._object(CATALOG, f"<</Type/Catalog/Pages {TREE} 0 R>>".encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()

    def add_page(self, jpeg: bytes, dpi: float) -> None:
        """Append one page that shows the JPEG at this resolution.

        Raises:
            PageUnfit: not a baseline JPEG of three components without metadata, or a page of
                an impossible size.
            ValueError: the document is closed.
        """
        if self._closed:
            raise ValueError("the document is closed")
        width, height = jpeg_size(jpeg)
        size = tuple(side * POINTS_PER_INCH / dpi if dpi > 0 else 0 for side in (width, height))
        if not 0 < min(size) <= max(size) <= MOST_POINTS:
            raise PageUnfit(f"{width} x {height} px at {dpi} dpi")
        across, down = (f"{side:.3f}" for side in size)
        number = FIRST_FREE + 3 * len(self._pages)
        content = f"q {across} 0 0 {down} 0 0 cm /P Do Q".encode()
        page = (
            f"<</Type/Page/Parent {TREE} 0 R/MediaBox[0 0 {across} {down}]"
            f"/Resources<</XObject<</P {number + 2} 0 R>>>>/Contents {number + 1} 0 R>>"
        )
        picture = (
            f"/Type/XObject/Subtype/Image/Width {width}/Height {height}"
            "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
        )
        self._object(number, page.encode())
        self._stream(number + 1, "", content)
        self._stream(number + 2, picture, jpeg)
        self._pages.append(number)

    def close(self) -> None:
        """Write page tree, table and end.

        Raises:
            ValueError: no page was added.
        """
        if self._closed:
            return
        if not self._pages:
            raise ValueError("a document needs a page")
        self._closed = True
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        self._object(TREE, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>".encode())
        start, count = self._written, len(self._offsets) + 1
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
        for number in range(1, count):
            self._write(f"{self._offsets[number]:010d} 00000 n \n".encode())
        trailer = f"trailer\n<</Size {count}/Root {CATALOG} 0 R>>\nstartxref\n{start}\n%%EOF\n"
        self._write(trailer.encode())

    def _object(self, number: int, body: bytes) -> None:
        """Write one object and remember where."""
        self._offsets[number] = self._written
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _stream(self, number: int, entries: str, data: bytes) -> None:
        """Write one stream, its bytes untouched and not copied."""
        self._offsets[number] = self._written
        self._write(f"{number} 0 obj\n<<{entries}/Length {len(data)}>>stream\n".encode())
        self._write(data)
        self._write(b"\nendstream\nendobj\n")

    def _write(self, data: bytes) -> None:
        """Write and count."""
        self._sink.write(data)
        self._written += len(data)


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Return width and height of a page's JPEG.

    Raises:
        PageUnfit: not baseline, not three components of eight bits, metadata, or not whole.
    """
    if not (jpeg.startswith(SOI) and jpeg.endswith(EOI)):
        raise PageUnfit("not a whole JPEG")
    at = len(SOI)
    while at + FRAME_BYTES <= len(jpeg) and jpeg[at] == SEGMENT_PREFIX:
        kind, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if kind == BASELINE:
            if (jpeg[at + 4], jpeg[at + 9]) != (EIGHT_BITS, COLOURS):
                raise PageUnfit("not three components of eight bits")
            height, width = jpeg[at + 5 : at + 7], jpeg[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        if kind not in ALLOWED:
            raise PageUnfit(f"segment {kind:#x}")
        at += 2 + length
    raise PageUnfit("no frame")
