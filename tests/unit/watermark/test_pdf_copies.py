"""A copy is marked pictures in a PDF and nothing else: no text, no metadata, one revision."""

import io
import tracemalloc

import cv2
import numpy as np
import pikepdf
import pymupdf
import pytest

from watermark.errors import PageUnfit
from watermark.pdf import PdfWriter, jpeg_size
from watermark.prepare import encode

BLACK = np.zeros((9, 9, 3), np.uint8)


def picture(height=300, width=200, level=128, sampling=cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420):
    return encode(np.full((height, width, 3), level, np.uint8), 80, sampling)


@pytest.fixture
def jpegs():
    return [picture(1754, 1240, 20), picture(1200, 1600, 120), picture(3300, 2550, 220)]


@pytest.fixture
def copy(jpegs):
    sink = io.BytesIO()
    with PdfWriter(sink) as writer:
        for jpeg, dpi in zip(jpegs, (150, 150, 300), strict=True):
            writer.add_page(jpeg, dpi)
    return sink.getvalue()


def test_jpegs_are_inside_byte_for_byte(copy, jpegs):
    with pikepdf.open(io.BytesIO(copy)) as document:
        inside = [page.Resources.XObject.P.read_raw_bytes() for page in document.pages]
    assert inside == jpegs


def test_pages_have_the_size_of_their_resolution(copy):
    document = pymupdf.open(stream=copy, filetype="pdf")
    sizes = [(page.rect.width, page.rect.height) for page in document]
    assert sizes == [
        pytest.approx((595.2, 841.92), abs=0.01),
        pytest.approx((768, 576)),
        pytest.approx((612, 792)),
    ]


def test_pages_show_the_pictures_filling_the_sheet(copy):
    document = pymupdf.open(stream=copy, filetype="pdf")
    for page, level in zip(document, (20, 120, 220), strict=True):
        pixels = np.frombuffer(page.get_pixmap(dpi=72).samples, np.uint8)
        assert abs(int(np.median(pixels)) - level) <= 1


def test_no_reader_has_to_repair_it(copy):
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert document.check_pdf_syntax() == []
        assert document.get_warnings() == []
    opened = pymupdf.open(stream=copy, filetype="pdf")
    assert not opened.is_repaired
    assert opened.version_count == 1


def test_there_is_no_text_and_no_metadata(copy):
    document = pymupdf.open(stream=copy, filetype="pdf")
    assert [page.get_text().strip() for page in document] == ["", "", ""]
    told = {name for name, value in document.metadata.items() if value}
    assert told <= {"format"}
    with pikepdf.open(io.BytesIO(copy)) as opened:
        assert set(opened.trailer.keys()) == {"/Root", "/Size"}
        assert set(opened.Root.keys()) == {"/Type", "/Pages"}
        for page in opened.pages:
            assert set(page.keys()) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
    assert copy.count(b"%%EOF") == 1
    assert copy.count(b"startxref") == 1


def test_the_first_look_takes_it_without_a_flag(copy, renderer):
    assert renderer.inspect(copy, len(copy), "copy.pdf").warnings == ()


def test_same_pages_give_the_same_bytes(jpegs, copy):
    sink = io.BytesIO()
    with PdfWriter(sink) as writer:
        for jpeg, dpi in zip(jpegs, (150, 150, 300), strict=True):
            writer.add_page(jpeg, dpi)
    assert sink.getvalue() == copy


class Counter:
    """A sink that only counts."""

    def __init__(self):
        self.size_bytes = 0

    def write(self, data):
        self.size_bytes += len(data)


def test_memory_stays_flat_over_two_thousand_pages():
    jpeg, sink = picture(1754, 1240), Counter()
    tracemalloc.start()
    with PdfWriter(sink) as writer:
        for _ in range(2000):
            writer.add_page(jpeg, 150)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sink.size_bytes > 2000 * len(jpeg)
    assert peak < 3_000_000


def test_many_pages_are_all_found():
    sink, jpeg = io.BytesIO(), picture(20, 20)
    with PdfWriter(sink) as writer:
        for _ in range(1500):
            writer.add_page(jpeg, 150)
    with pikepdf.open(io.BytesIO(sink.getvalue())) as document:
        assert len(document.pages) == 1500
        assert document.get_warnings() == []


def test_document_that_was_broken_off_is_no_document(jpegs):
    sink = io.BytesIO()
    with pytest.raises(RuntimeError), PdfWriter(sink) as writer:  # noqa: PT012 - it breaks amid
        writer.add_page(jpegs[0], 150)
        raise RuntimeError
    assert b"%%EOF" not in sink.getvalue()


def test_document_needs_a_page_and_takes_none_after_its_end(jpegs):
    with pytest.raises(ValueError, match="needs a page"):
        PdfWriter(io.BytesIO()).close()
    writer = PdfWriter(io.BytesIO())
    writer.add_page(jpegs[0], 150)
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.add_page(jpegs[0], 150)


def with_segment(kind, body=b"Exif\0\0secret"):
    jpeg = picture()
    return jpeg[:2] + bytes([0xFF, kind]) + (len(body) + 2).to_bytes(2) + body + jpeg[2:]


@pytest.mark.parametrize(
    "jpeg",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        picture()[:-2],
        picture() + b"more",
        with_segment(0xE1),
        with_segment(0xFE),
        with_segment(0xED),
        bytes(cv2.imencode(".jpg", BLACK[..., 0])[1]),
        bytes(cv2.imencode(".jpg", BLACK, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1]),
        bytes(cv2.imencode(".png", BLACK)[1]),
    ],
)  # fmt: skip
def test_other_jpegs_are_not_taken(jpeg):
    with pytest.raises(PageUnfit):
        jpeg_size(jpeg)


@pytest.mark.parametrize("dpi", [0, -150, 1])
def test_impossible_page_sizes_are_not_written(jpegs, dpi):
    sink = io.BytesIO()
    writer = PdfWriter(sink)
    before = sink.getvalue()
    with pytest.raises(PageUnfit):
        writer.add_page(jpegs[2], dpi)
    assert sink.getvalue() == before
