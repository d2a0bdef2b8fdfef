"""What a file may cost before it is refused: sizes, pixels, pages, memory and time."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of first look and drawing; all are settings, these are the defaults."""

    file_bytes: int = 512 * MIB
    pdf_pages: int = 2_000
    tiff_pages: int = 500
    picture_pixels: int = 50_000_000
    picture_side_px: int = 30_000
    inner_picture_pixels: int = 600_000_000  # inside a PDF: A0 at 600 dpi, one bit a pixel
    raster_pixels: int = 25_000_000
    page_side_pt: int = 14_400  # box times UserUnit; below 1 pt it counts as empty
    first_look_seconds: float = 20.0
    page_seconds: float = 10.0
    memory_bytes: int = 1024 * MIB  # address space of a child, the file itself comes on top
    workers: int = 2  # children that work at once
    ready: int = 2  # children that wait, forked and caged
    queue: int = 16  # callers that may wait for a worker
    queue_seconds: float = 20.0  # and how long
