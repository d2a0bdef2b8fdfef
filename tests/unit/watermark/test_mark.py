"""A marked page says whose viewing it is, hides nothing, and carries nothing else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import cv2
import numpy as np
import pytest

from watermark.errors import PageUnfit
from watermark.mark import QUALITY, ViewingMark, mark
from watermark.prepare import encode, prepare
from watermark.render import Raster
from watermark.visible import ROW_PX, STROKE, Layout, layout, mark_visibly

VIEWING = ViewingMark(
    name="买买提·艾力",
    masked_id="1101**********1234",
    case_no="3301012026000123",
    viewed_at=datetime(2026, 11, 26, 2, 32, tzinfo=UTC),
    trace_code="K7QF-2M9X",
)
SIZES = [(1754, 1240), (1240, 1754), (1200, 1600), (480, 640), (2339, 1654), (100, 3000), (96, 96)]


def flat(level, height=1754, width=1240):
    return Raster(np.full((height, width, 3), level, np.uint8), 150.0)


def decoded(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def in_bands(shape, around=0):
    """Return a boolean per row: inside of a band, or within `around` rows of one."""
    rows = np.zeros(shape[0], bool)
    for band in layout(*shape[:2]).bands:
        rows[max(0, band.top - around) : band.bottom + around] = True
    return rows


def test_time_is_shown_as_in_china():
    assert VIEWING.fields == (
        "买买提·艾力", "1101**********1234", "3301012026000123", "2026-11-26 10:32", "K7QF-2M9X",
    )  # fmt: skip
    tokyo = replace(
        VIEWING, viewed_at=datetime(2026, 12, 31, 23, 30, tzinfo=timezone(timedelta(0)))
    )
    assert tokyo.fields[3] == "2027-01-01 07:30"


def test_time_without_a_zone_is_refused():
    naive = replace(VIEWING, viewed_at=VIEWING.viewed_at.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        mark(prepare(flat(255, 200, 300)), naive)


@pytest.mark.parametrize("code", ["", " ", "\u202e\u200b"])
def test_page_is_not_given_out_without_a_trace_code(code):
    with pytest.raises(PageUnfit):
        mark(prepare(flat(255, 200, 300)), replace(VIEWING, trace_code=code))


def test_marked_page_is_a_plain_jpeg(build):
    marked = mark(prepare(flat(200)), VIEWING)
    markers = build.jpeg_markers(marked)
    assert set(markers) == {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}  # JFIF, tables, baseline, scan
    at = marked.index(b"\xff\xc0")
    assert marked[at + 4 : at + 10] == b"\x08" + (1754).to_bytes(2) + (1240).to_bytes(2) + b"\x03"
    assert [marked[at + 11 + 3 * part] for part in range(3)] == [0x22, 0x11, 0x11]  # 4:2:0
    assert marked[2:11] == b"\xff\xe0\x00\x10JFIF\0"


@pytest.mark.parametrize("level", [0, 30, 100, 128, 180, 255])
def test_mark_stands_out_on_every_ground(level):
    shown = decoded(mark(prepare(flat(level)), VIEWING))[..., 1].astype(int)
    for band in layout(*shown.shape).bands:
        part = np.abs(shown[band.top : band.bottom] - level)
        assert (part > 45).mean() > 0.02
        assert part.max() <= STROKE + 30  # and a little of the encoder's ringing


def test_strokes_move_a_pixel_by_at_most_seventy_levels(renderer, good):
    for name, media in (("linn.pdf", "application/pdf"), ("Olympus C40Z.jpg", "image/jpeg")):
        clean = renderer.render((good / name).read_bytes(), media, 1).pixels
        marked = clean.copy()
        mark_visibly(marked, VIEWING.fields)
        moved = np.abs(marked.astype(int) - clean.astype(int))
        assert moved.max() == STROKE
        assert not moved[~in_bands(clean.shape)].any()


def test_writing_over_black_glyphs_is_lighter_so_both_stay_legible(renderer, good):
    clean = renderer.render((good / "linn.pdf").read_bytes(), "application/pdf", 1).pixels
    marked = clean.copy()
    mark_visibly(marked, VIEWING.fields)
    black, white = clean.max(axis=2) < 40, clean.min(axis=2) > 240
    moved = marked[..., 0].astype(int) - clean[..., 0]
    assert moved[black].min() >= 0
    assert moved[black].max() == STROKE
    assert moved[white].max() <= 0
    assert marked[white].min() - marked[black].max() > 50  # ink stays darker than paper


def test_outside_of_the_bands_the_page_is_the_clean_one(renderer, good):
    raster = renderer.render((good / "Olympus C40Z.jpg").read_bytes(), "image/jpeg", 1)
    prepared = prepare(raster)
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    clean = decoded(encode(prepared.pixels(), QUALITY, sampling))
    marked = decoded(mark(prepared, VIEWING))
    outside = ~in_bands(clean.shape, around=2)  # the decoder smooths colours across rows
    assert np.array_equal(marked[outside], clean[outside])
    assert not np.array_equal(marked, clean)


def test_two_viewings_differ_in_every_band():
    prepared = prepare(flat(255))
    other = replace(VIEWING, trace_code="B3XX-7TTT")
    first, second = decoded(mark(prepared, VIEWING)), decoded(mark(prepared, other))
    for band in layout(*first.shape[:2]).bands:
        assert not np.array_equal(first[band.top : band.bottom], second[band.top : band.bottom])


def test_bands_are_shifted_against_each_other():
    shown = decoded(mark(prepare(flat(255)), VIEWING))
    bands = layout(*shown.shape[:2]).bands
    parts = [shown[band.top : band.bottom] for band in bands]
    assert len({part.tobytes() for part in parts}) == len(parts) == 6


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_bands_lie_apart_one_in_each_sixth_on_whole_units(height, width):
    plan = layout(height, width)
    assert isinstance(plan, Layout)
    assert len(plan.bands) == 6
    for index, band in enumerate(plan.bands):
        assert band.top % ROW_PX == 0
        assert band.bottom % ROW_PX == 0 or band.bottom == height
        middle = (band.top + band.bottom) / 2
        assert index * height / 6 - ROW_PX <= middle <= (index + 1) * height / 6 + ROW_PX
    assert all(a.bottom <= b.top for a, b in zip(plan.bands, plan.bands[1:], strict=False))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 900), (900, 1), (15, 15), (17, 40)])
def test_smallest_pages_are_marked_without_a_fault(height, width):
    marked = decoded(mark(prepare(flat(255, height, width)), VIEWING))
    assert marked.shape == (height, width, 3)


def test_text_at_150_dpi_is_about_20_px_and_grows_with_the_page():
    assert layout(1754, 1240).text_px == 24
    assert layout(600, 480).text_px == 20
    assert layout(2339, 1654).text_px == 32


@pytest.mark.parametrize(
    "name", ["艾" * 30, "A" * 100, "王\u202e\0明", "=1+1", "𬖋𤆵", "", "a\u0301\u0301", "🙂"]
)
def test_odd_names_are_written(name):
    marked = mark(prepare(flat(255, 400, 600)), replace(VIEWING, name=name))
    assert decoded(marked).min() < 200


def test_threads_mark_what_one_marks():
    prepared = prepare(flat(128, 600, 800))
    viewings = [replace(VIEWING, trace_code=f"CODE-{number:04d}") for number in range(32)]
    alone = [mark(prepared, viewing) for viewing in viewings]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda viewing: mark(prepared, viewing), viewings)) == alone
