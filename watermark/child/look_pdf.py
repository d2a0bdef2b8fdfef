"""First look at a PDF: opened by MuPDF alone, counted, measured, searched, page one drawn."""

from dataclasses import dataclass, field

from watermark.child.draw_pdf import draw_page, open_pdf, shows_nothing
from watermark.child.job import Job
from watermark.child.mupdf import ERRORS, Document, Page, pymupdf
from watermark.child.pdf_objects import Findings, find_in_objects
from watermark.child.signatures import check_tail
from watermark.child.verdict import Refused, Undrawable
from watermark.limits import Limits

END_BYTES = 1024  # the end mark has to stand in this much
TAIL_BYTES = 8 * 1024 * 1024  # foreign bytes are looked for in this much behind the end mark
MANY_PAGES = 1000
HUGE_SIDE_PT = 2160
TRIAL_DPI = 36
QUARTER = 90


@dataclass
class Pages:
    """Sizes in points, as stored and as shown, and what the boxes told."""

    sizes: list[list[float]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    unreadable: list[int] = field(default_factory=list)


def look_pdf(data: memoryview, job: Job) -> dict[str, object]:
    """Return page sizes and flags of a PDF.

    Raises:
        Refused: polyglot, damaged, encrypted, zero_pages, too_many_pages, too_many_pixels,
            unsupported_variant.
    """
    flags = {"trailing_bytes"} if _check_end(data) else set[str]()
    document = _opened(data)
    count = _counted(document, job.limits)
    pages = _measured(document, count, job.limits)
    findings = find_in_objects(document)
    if findings.needs_rendering:
        raise Refused("unsupported_variant", "XFA form that only its own program draws", "form")
    _check_pictures(findings, job.limits)
    _draw_first(document, job, pages)
    flags |= pages.flags | findings.flags | _of_document(document, count)
    if document.is_repaired:  # known for certain only after everything was looked at
        flags.add("damaged_repaired")
    return {
        "media": "application/pdf",
        "unit": "pt",
        "sizes": pages.sizes,
        "flags": sorted(flags),
        "unreadable": pages.unreadable,
    }


def _check_end(data: memoryview) -> bool:
    """Return whether other bytes stand behind the last end mark.

    Raises:
        Refused: polyglot, or damaged when there is no end mark near the end.
    """
    tail = bytes(data[-TAIL_BYTES:])
    end = tail.rfind(b"%%EOF")
    others = check_tail(tail[end + 5 :]) if end >= 0 else False
    if end < 0 or len(tail) - end > END_BYTES:
        raise Refused("damaged", "no %%EOF", "end")
    return others


def _opened(data: memoryview) -> Document:
    """Return the document, readable without a password.

    Raises:
        Refused: encrypted, type_mismatch or damaged.
    """
    try:
        document = open_pdf(data)
    except Undrawable as failed:
        encrypted = b"/Encrypt" in bytes(data[-TAIL_BYTES:])
        raise Refused("encrypted" if encrypted else "damaged", "", "document") from failed
    if document.needs_pass:
        raise Refused("encrypted", "password", "document")
    return document


def _counted(document: Document, limits: Limits) -> int:
    """Return the number of pages, if the page tree does not lie about it.

    Raises:
        Refused: zero_pages, too_many_pages or damaged.
    """
    try:
        count = int(document.page_count)
        if count < 1:
            raise Refused("zero_pages", "", "page tree")
        if count > limits.pdf_pages:
            raise Refused("too_many_pages", str(count), "page tree")
        leaves = _leaves(document, limits.pdf_pages)
    except ERRORS as failed:
        raise Refused("damaged", "", "page tree") from failed
    if leaves != count:
        raise Refused("damaged", f"{count} pages said, {leaves} there", "page tree")
    return count


def _leaves(document: Document, most: int) -> int:
    """Return how many pages hang in the page tree, counted up to one more than allowed."""
    root = document.xref_get_key(document.pdf_catalog(), "Pages")[1]
    waiting, seen, leaves = _references(root), set[int](), 0
    while waiting and leaves <= most:
        number = waiting.pop()
        if number in seen:
            raise Refused("damaged", "loop", "page tree")
        seen.add(number)
        kind, kids = document.xref_get_key(number, "Kids")
        if kind == "xref":  # the list itself is an object of its own
            kind, kids = "array", document.xref_object(_references(kids)[0], compressed=True)
        if kind == "array":
            waiting += _references(kids)
        else:
            leaves += 1
    return leaves


def _references(text: str) -> list[int]:
    """Return the object numbers that a written array or reference names."""
    words = text.replace("[", " ").replace("]", " ").split()
    return [
        int(words[i])
        for i in range(len(words) - 2)
        if words[i + 2] == "R" and words[i].isdecimal() and words[i].isascii()
    ]


def _measured(document: Document, count: int, limits: Limits) -> Pages:
    """Return the sizes of all pages.

    Raises:
        Refused: too_many_pixels for a box beyond the limit, damaged when no page can be loaded.
    """
    pages = Pages()
    for index in range(count):
        try:
            page = document.load_page(index)
        except ERRORS:
            pages.unreadable.append(index + 1)
            pages.sizes.append([0.0, 0.0, 0.0, 0.0])
            continue
        _measure(page, pages, limits)
    if len(pages.unreadable) == count:
        raise Refused("damaged", "no page can be read", "pages")
    stored = {(round(width), round(height)) for width, height, _w, _h in pages.sizes}
    if len(stored) > 1:
        pages.flags.add("mixed_page_sizes")
    return pages


def _measure(page: Page, pages: Pages, limits: Limits) -> None:
    """Add the size of one page: the visible box times UserUnit, before and after rotation."""
    shown = page.rect.width, page.rect.height
    if max(shown) > limits.page_side_pt:
        raise Refused("too_many_pixels", f"{shown[0]:.0f} x {shown[1]:.0f} pt", "page box")
    stored = shown[::-1] if page.rotation % (2 * QUARTER) else shown
    pages.sizes.append([round(side, 3) for side in (*stored, *shown)])
    if page.rotation:
        pages.flags.add("rotated_pages")
    if max(shown) >= HUGE_SIDE_PT:
        pages.flags.add("huge_page")
    box = _box(page)
    if box is None:
        pages.flags |= {"empty_box", "damaged_repaired"}
    elif min(box) < 1:
        pages.flags.add("empty_box")


def _box(page: Page) -> tuple[float, float] | None:
    """Return width and height of the MediaBox as written, inherited ones too; None without."""
    written = pymupdf.mupdf.pdf_dict_get_inheritable(
        pymupdf.mupdf.pdf_page_from_fz_page(page.this).obj(), pymupdf.PDF_NAME("MediaBox")
    )
    if not pymupdf.mupdf.pdf_is_array(written):
        return None
    box = pymupdf.mupdf.pdf_to_rect(written)
    return abs(box.x1 - box.x0), abs(box.y1 - box.y0)


def _check_pictures(findings: Findings, limits: Limits) -> None:
    """Refuse pictures inside of pages that no page size can justify, and those in disguise.

    Raises:
        Refused: too_many_pixels or damaged.
    """
    if findings.largest_picture > limits.inner_picture_pixels:
        raise Refused("too_many_pixels", f"a picture of {findings.largest_picture} px", "objects")
    if findings.disguised_picture:
        raise Refused("damaged", "picture bytes that are no picture", "objects")


def _of_document(document: Document, count: int) -> set[str]:
    """Return the flags that the document as a whole has."""
    flags = set()
    if count > MANY_PAGES:
        flags.add("many_pages")
    if document.version_count > 1:
        flags.add("incremental_updates")
    if (document.metadata or {}).get("encryption"):
        flags.add("encrypted_owner_only")
    return flags


def _draw_first(document: Document, job: Job, pages: Pages) -> None:
    """Draw the first page small; what exhausts the memory is too large a picture.

    Raises:
        Refused: too_many_pixels, or damaged for a document whose only page cannot be drawn.
    """
    try:
        pixels, _dpi, warnings = draw_page(document, 1, TRIAL_DPI, job.limits.raster_pixels)
    except (MemoryError, Undrawable) as failed:
        if isinstance(failed, MemoryError) or failed.problem == "out_of_memory":
            raise Refused("too_many_pixels", "more than fits into memory", "page 1") from failed
        _first_is_lost(pages)
        return
    if "drawing_warnings" in warnings:
        pages.flags.add("drawing_warnings")
        if shows_nothing(pixels):
            _first_is_lost(pages)
    if "text_without_ink" in warnings:
        pages.unreadable = sorted({1, *pages.unreadable})


def _first_is_lost(pages: Pages) -> None:
    """Call page one unreadable, or refuse the document if it has no other.

    Raises:
        Refused: damaged.
    """
    if len(pages.sizes) == 1:
        raise Refused("damaged", "cannot be drawn", "page 1")
    pages.unreadable = sorted({1, *pages.unreadable})
