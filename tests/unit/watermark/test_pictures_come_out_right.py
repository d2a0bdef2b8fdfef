"""Pictures say how to be read: turn, depth, colours, pages. One place reads them."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from watermark.errors import PageUndrawable
from watermark.limits import Limits
from watermark.render import COPY, RasterSize, Renderer

TURNED = {  # what a camera stores, so that the orientation brings the F upright
    1: lambda f: f,
    2: lambda f: f[:, ::-1],
    3: lambda f: f[::-1, ::-1],
    4: lambda f: f[::-1],
    5: lambda f: f.transpose(1, 0, 2),
    6: lambda f: np.rot90(f, 1),
    7: lambda f: f[::-1, ::-1].transpose(1, 0, 2),  # mirrored along the other diagonal
    8: lambda f: np.rot90(f, 3),
}


def stored(letter, orientation):
    """Return the pixels that show an upright letter after this orientation."""
    return np.ascontiguousarray(TURNED.get(orientation, TURNED[1])(letter))


def close_to(pixels, wanted, levels=6.0):
    """Return whether two pictures differ little on average."""
    assert pixels.shape == wanted.shape
    return np.abs(pixels.astype(int) - wanted.astype(int)).mean() < levels


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("order", ["<", ">"])
def test_jpeg_is_turned_by_its_orientation(renderer, build, orientation, order):
    letter = build.letter_f()
    block = b"Exif\0\0" + build.exif_block(orientation, order)
    raster = renderer.render(build.jpeg(stored(letter, orientation), app1=block), "image/jpeg", 1)
    assert close_to(raster.pixels, letter)


@pytest.mark.parametrize("block", [None, b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif"])
def test_jpeg_with_missing_or_damaged_exif_is_shown_as_stored(renderer, build, block):
    letter = build.letter_f()
    data = build.jpeg(letter, app1=block)
    assert close_to(renderer.render(data, "image/jpeg", 1).pixels, letter)
    assert renderer.inspect(data, len(data), "f.jpg").flags == ()


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("mode", ["L", "RGB", "I;16", "1"])
def test_tiff_is_turned_once_whatever_its_depth(renderer, build, orientation, mode):
    letter = build.letter_f()
    pixels = stored(letter, orientation)
    picture = Image.fromarray(pixels[..., 0])
    if mode == "RGB":
        picture = Image.fromarray(pixels)
    elif mode == "I;16":
        picture = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    elif mode == "1":
        picture = picture.convert("1")
    out = io.BytesIO()
    picture.save(out, "TIFF", tiffinfo={274: orientation})
    assert close_to(renderer.render(out.getvalue(), "image/tiff", 1).pixels, letter)


def test_png_is_turned_by_its_exif_chunk(renderer, build):
    letter, out = build.letter_f(), io.BytesIO()
    Image.fromarray(stored(letter, 6)).save(out, "PNG", exif=b"Exif\0\0" + build.exif_block(6))
    raster = renderer.render(out.getvalue(), "image/png", 1)
    assert close_to(raster.pixels, letter)


@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_sixteen_bits_are_scaled_never_clipped(renderer, build, ending):
    ramp = np.tile(np.linspace(0, 65535, 512).astype(np.uint16), (480, 1))
    media = {".png": "image/png", ".tif": "image/tiff"}[ending]
    pixels = renderer.render(build.coded(ending, ramp), media, 1).pixels
    wanted = np.repeat((ramp / 257).round().astype(np.uint8)[..., None], 3, axis=2)
    assert close_to(pixels, wanted, 0.6)


def test_grey_comes_out_as_three_equal_channels(renderer, build):
    grey = np.tile(np.arange(256, dtype=np.uint8).repeat(2), (500, 1))
    pixels = renderer.render(build.coded(".png", grey), "image/png", 1).pixels
    assert (pixels[..., 0] == grey).all()
    assert (pixels[..., 1] == grey).all()
    assert (pixels[..., 2] == grey).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_over_white(renderer, mode):
    picture = Image.new(mode, (500, 500), (200, 0, 0, 0) if mode == "RGBA" else (0, 0))
    picture.paste((200, 0, 0, 255) if mode == "RGBA" else (0, 255), (0, 0, 250, 500))
    half = (200, 0, 0, 128) if mode == "RGBA" else (0, 128)
    picture.paste(half, (0, 0, 500, 100))
    out = io.BytesIO()
    picture.save(out, "PNG")
    pixels = renderer.render(out.getvalue(), "image/png", 1).pixels
    ink = (200, 0, 0) if mode == "RGBA" else (0, 0, 0)
    wanted = [round(c * 128 / 255 + 127) for c in ink]
    assert tuple(pixels[400, 400]) == (255, 255, 255)
    assert tuple(pixels[400, 100]) == ink
    assert np.abs(pixels[50, 300].astype(int) - wanted).max() <= 1


def test_transparent_tiff_lies_over_white(renderer):
    picture = Image.new("RGBA", (500, 500), (200, 0, 0, 128))
    out = io.BytesIO()
    picture.save(out, "TIFF")
    pixels = renderer.render(out.getvalue(), "image/tiff", 1).pixels
    assert np.abs(pixels[5, 5].astype(int) - (227, 127, 127)).max() <= 2


def test_transparent_tiff_of_sixteen_bits_lies_over_white(renderer, build):
    picture = np.zeros((500, 500, 4), np.uint16)
    picture[...] = (0, 0, 200 * 257, 128 * 257)
    pixels = renderer.render(build.coded(".tif", picture), "image/tiff", 1).pixels
    assert np.abs(pixels[5, 5].astype(int) - (227, 127, 127)).max() <= 2


def test_cmyk_jpeg_is_no_negative(renderer, good):
    data = (good / "jpegcmyk.jpg").read_bytes()
    wanted = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    pixels = renderer.render(data, "image/jpeg", 1).pixels
    wanted = cv2.resize(wanted, pixels.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    assert close_to(pixels, wanted)


def test_cmyk_tiff_is_no_negative(renderer):
    picture = Image.new("CMYK", (500, 500), (0, 255, 255, 0))
    out = io.BytesIO()
    picture.save(out, "TIFF")
    pixels = renderer.render(out.getvalue(), "image/tiff", 1).pixels
    assert pixels[9, 9, 0] > 200
    assert pixels[9, 9, 1:].max() < 60


def test_every_page_of_a_tiff_is_a_page(renderer):
    pages = [Image.new("L", (500, 480 + 10 * i), 40 * i) for i in range(5)]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    data = out.getvalue()
    seen = renderer.inspect(data, len(data), "fax.tiff")
    assert [page.height for page in seen.pages] == [480, 490, 500, 510, 520]
    assert seen.flags == ("mixed_page_sizes",)
    for number in range(1, 6):
        pixels = renderer.render(data, "image/tiff", number).pixels
        assert pixels.shape == (470 + 10 * number, 500, 3)
        assert (pixels == 40 * (number - 1)).all()


def test_page_beyond_the_last_is_undrawable(renderer, good):
    data = (good / "testTIFF_multipage.tif").read_bytes()
    with pytest.raises(PageUndrawable) as caught:
        renderer.render(data, "image/tiff", 3)
    assert (caught.value.page, caught.value.problem) == (3, "no_such_page")


def test_view_of_a_photograph_has_at_most_1600_px(renderer, good):
    data = (good / "Samsung SM-J327T1.jpg").read_bytes()
    assert renderer.render(data, "image/jpeg", 1).pixels.shape == (1600, 1200, 3)
    assert renderer.render(data, "image/jpeg", 1, COPY).pixels.shape == (2576, 1932, 3)
    small = renderer.render(data, "image/jpeg", 1, RasterSize(long_side_px=700))
    assert small.pixels.shape == (700, 525, 3)


def test_raster_keeps_to_the_pixel_limit_and_says_so(good):
    data = (good / "ultra-hdr.jpg").read_bytes()
    with Renderer(Limits(raster_pixels=1_000_000, ready=1)) as small:
        raster = small.render(data, "image/jpeg", 1, COPY)
    assert 950_000 < raster.pixels.shape[0] * raster.pixels.shape[1] <= 1_000_000
    assert raster.warnings == ("scaled_down",)


def test_tiny_picture_is_enlarged_by_a_whole_factor(renderer, good):
    data = (good / "basi6a16.png").read_bytes()
    raster = renderer.render(data, "image/png", 1)
    assert raster.pixels.shape == (480, 480, 3)
    assert raster.warnings == ("enlarged",)
