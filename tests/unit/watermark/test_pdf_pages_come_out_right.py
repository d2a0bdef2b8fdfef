"""PDF pages are drawn as a reader shows them, and what went wrong is said."""

import zlib

import numpy as np
import pytest

from watermark.errors import PageUndrawable
from watermark.render import COPY, VIEW

PDF = "application/pdf"
RED = b"1 0 0 rg 0 0 300 200 re f"


def stamp(build, kind, extra=b""):
    """Return a page with one annotation or field whose appearance is a red square."""
    look = build.stream(
        b"1 0 0 rg 0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]"
    )
    annotation = b"<</Type/Annot/Subtype/%s/Rect[100 50 200 150]/F 4/AP<</N 6 0 R>>%s>>" % (
        kind,
        extra,
    )
    return build.page_pdf(b"", page=b"/Annots[5 0 R]", more=(annotation, look))


def test_page_is_drawn_at_150_dpi_and_copies_at_200(renderer, build):
    data = build.page_pdf(RED, box=b"[0 0 595 842]")
    assert renderer.render(data, PDF, 1, VIEW).pixels.shape == (1755, 1240, 3)
    copy = renderer.render(data, PDF, 1, COPY)
    assert copy.pixels.shape == (2339, 1653, 3)
    assert copy.dpi == 200


def test_pixels_are_red_green_blue_in_this_order(renderer, build):
    full = renderer.render(build.page_pdf(RED), PDF, 1)
    assert tuple(full.pixels[100, 100]) == (255, 0, 0)


def test_stamps_are_drawn(renderer, build):
    raster = renderer.render(stamp(build, b"Stamp"), PDF, 1)
    assert tuple(raster.pixels[208, 312]) == (255, 0, 0)


def test_form_fields_are_drawn(renderer, build):
    data = stamp(build, b"Widget", b"/FT/Tx/T(a)/V(b)")
    raster = renderer.render(data, PDF, 1)
    assert tuple(raster.pixels[208, 312]) == (255, 0, 0)


def layered(build, configuration, content=b"/OC /L BDC %s EMC" % RED):
    return build.page_pdf(
        content,
        resources=b"/Properties<</L 5 0 R>>",
        catalog=b"/OCProperties<</OCGs[5 0 R]/D<<%s>>>>" % configuration,
        more=(b"<</Type/OCG/Name(Layer)>>",),
    )


@pytest.mark.parametrize("configuration", [b"/OFF[5 0 R]", b"/BaseState/OFF"])
def test_layers_that_are_off_are_not_drawn(renderer, build, configuration):
    assert (renderer.render(layered(build, configuration), PDF, 1).pixels == 255).all()


@pytest.mark.parametrize("configuration", [b"", b"/BaseState/OFF/ON[5 0 R]"])
def test_layers_that_are_on_are_drawn(renderer, build, configuration):
    raster = renderer.render(layered(build, configuration), PDF, 1)
    assert tuple(raster.pixels[200, 300]) == (255, 0, 0)


def test_form_object_on_a_layer_that_is_off_is_not_drawn(renderer, build):
    form = build.stream(RED, b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]/OC 5 0 R")
    data = build.page_pdf(
        b"/F Do",
        resources=b"/XObject<</F 6 0 R>>",
        catalog=b"/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>",
        more=(b"<</Type/OCG/Name(Layer)>>", form),
    )
    assert (renderer.render(data, PDF, 1).pixels == 255).all()


def test_rotated_and_cropped_page_is_drawn_upright(renderer, build):
    content = b"1 0 0 rg 100 50 50 100 re f"
    data = build.page_pdf(content, page=b"/CropBox[100 50 200 150]/Rotate 270")
    raster = renderer.render(data, PDF, 1)
    height, width = raster.pixels.shape[:2]
    assert abs(height - 208) <= 1
    assert abs(width - 208) <= 1
    # left half of the box, turned by 270 degrees clockwise, is the lower half
    assert tuple(raster.pixels[150, 100]) == (255, 0, 0)
    assert tuple(raster.pixels[50, 100]) == (255, 255, 255)


@pytest.mark.parametrize("filters", [b"/FlateDecode", b"/JBIG2Decode", b"/DCTDecode"])
def test_broken_picture_in_a_page_is_told(renderer, build, filters):
    entries = (
        b"/Type/XObject/Subtype/Image/Width 50/Height 50/BitsPerComponent %d/ColorSpace/DeviceGray"
        b"/Filter%s" % (1 if b"JBIG2" in filters else 8, filters)
    )
    broken = zlib.compress(bytes(range(256)) * 10)[:40] + b"\xff" * 60
    data = build.page_pdf(
        b"q 300 0 0 200 0 0 cm /P Do Q",
        resources=b"/XObject<</P 5 0 R>>",
        more=(build.stream(broken, entries),),
    )
    assert "drawing_warnings" in renderer.render(data, PDF, 1).warnings


def unembedded_font(build):
    """Return the objects of a Chinese font that is named and not there, its text extractable."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/KaiTi/Encoding/Identity-H"
        b"/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>"
    )
    descendant = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/KaiTi/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    )
    descriptor = (
        b"<</Type/FontDescriptor/FontName/KaiTi/Flags 4/FontBBox[0 0 1000 1000]"
        b"/ItalicAngle 0/Ascent 900/Descent -100/CapHeight 700/StemV 80>>"
    )
    names = build.stream(
        b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"2 beginbfchar <5BDF> <8B66> <8B66> <5BDF> endbfchar\nendcmap end end"
    )
    return font, descendant, descriptor, names


def test_chinese_text_without_its_font_is_drawn_or_told(renderer, build):
    data = build.page_pdf(
        b"BT /F 20 Tf 20 100 Td <5BDF8B66> Tj ET",
        resources=b"/Font<</F 5 0 R>>",
        more=unembedded_font(build),
    )
    raster = renderer.render(data, PDF, 1)
    assert (raster.pixels.min() > 200) == ("text_without_ink" in raster.warnings)
    assert "fonts_not_embedded" in renderer.inspect(data, len(data), "a.pdf").flags


def test_text_that_leaves_no_ink_is_told(renderer, build):
    invisible = build.page_pdf(
        b"BT 3 Tr /F 20 Tf 20 100 Td (hidden) Tj ET",
        resources=b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>",
    )
    assert renderer.render(invisible, PDF, 1).warnings == ("text_without_ink",)
    assert renderer.inspect(invisible, len(invisible), "a.pdf").unreadable_pages == (1,)


def test_empty_page_without_text_is_no_fault(renderer, build):
    assert renderer.render(build.page_pdf(b""), PDF, 1).warnings == ()


def test_large_page_keeps_to_the_pixel_limit(renderer, build):
    raster = renderer.render(build.page_pdf(RED, box=b"[0 0 14000 3000]"), PDF, 1)
    assert raster.pixels.shape[0] * raster.pixels.shape[1] <= 25_000_000
    assert raster.warnings == ("scaled_down",)
    assert raster.pixels.shape[1] == pytest.approx(14000 * raster.dpi / 72, abs=2)


@pytest.mark.parametrize("page", [0, 2, -1, 10**9])
def test_page_that_is_not_there_is_undrawable(renderer, build, page):
    with pytest.raises(PageUndrawable, match=f"page {page}: no_such_page"):
        renderer.render(build.page_pdf(RED), PDF, page)


def test_same_page_gives_the_same_pixels_twice(renderer, good):
    data = (good / "linn.pdf").read_bytes()
    first, second = (renderer.render(data, PDF, 1).pixels for _ in range(2))
    assert np.array_equal(first, second)
