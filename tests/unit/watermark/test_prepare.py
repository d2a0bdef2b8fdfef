"""A prepared page is kept as bytes and comes back as it was, or not at all."""

import numpy as np
import pytest

from watermark.errors import PageUnfit, PreparedBroken
from watermark.prepare import Prepared, pid, prepare
from watermark.render import Raster

DIGEST = "ab" * 32


@pytest.fixture
def prepared():
    ramp = np.tile(np.arange(250, dtype=np.uint8), (100, 1))
    return prepare(Raster(np.dstack([ramp, ramp[::-1], 255 - ramp]), 149.5))


def test_it_comes_back_as_it_was(prepared):
    assert Prepared.from_bytes(prepared.to_bytes()) == prepared
    assert (prepared.height, prepared.width, prepared.dpi) == (100, 250, 149.5)


def test_its_pixels_are_nearly_those_of_the_raster(renderer, good):
    raster = renderer.render((good / "linn.pdf").read_bytes(), "application/pdf", 1)
    kept = prepare(raster).pixels()[..., ::-1]
    assert np.abs(kept.astype(int) - raster.pixels).mean() < 1


@pytest.mark.parametrize("spoil", [
    lambda b: b[:0], lambda b: b[:10], lambda b: b[:-1], lambda b: b + b"x", lambda b: b"X" + b[1:],
    lambda b: b[:3] + b"\x02" + b[4:], lambda b: b[:100] + b"\0\xff" + b[102:],
    lambda b: b[:4] + b"\0\0\0\0" + b[8:], lambda b: b[:4] + b"\xff\xff\xff\xff" + b[8:],
])  # fmt: skip
def test_cut_or_altered_bytes_are_no_prepared_page(prepared, spoil):
    with pytest.raises(PreparedBroken):
        Prepared.from_bytes(spoil(prepared.to_bytes()))


def test_picture_of_another_size_is_no_prepared_page(prepared):
    with pytest.raises(PreparedBroken):
        Prepared(90, 250, 150.0, prepared.clean).pixels()
    with pytest.raises(PreparedBroken):
        Prepared(100, 250, 150.0, b"no picture").pixels()


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.uint16),
        np.zeros((0, 10, 3), np.uint8),
        np.zeros((65_501, 1, 3), np.uint8),
    ],
)
def test_other_pixels_cannot_be_prepared(pixels):
    with pytest.raises(PageUnfit):
        prepare(Raster(pixels, 150.0))


def test_page_ids_differ_with_every_field():
    ids = {
        pid(DIGEST, 1, 150), pid(DIGEST, 2, 150), pid(DIGEST, 1, 200), pid("cd" * 32, 1, 150),
        pid(DIGEST, 11, 50), pid(DIGEST, 1, 1150),
    }  # fmt: skip
    assert len(ids) == 6
    assert all(len(one) == 64 and int(one, 16) >= 0 for one in ids)
    assert pid(DIGEST, 1, 150) == pid(DIGEST, 1, 150)


@pytest.mark.parametrize(
    ("digest", "page", "dpi"),
    [("", 1, 150), ("AB" * 32, 1, 150), ("zz" * 32, 1, 150), (DIGEST, 0, 150), (DIGEST, 1, 0)],
)
def test_page_ids_need_a_digest_a_page_and_a_resolution(digest, page, dpi):
    with pytest.raises(ValueError, match=r"digest|hexadecimal"):
        pid(digest, page, dpi)
