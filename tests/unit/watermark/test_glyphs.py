"""Writing: every character is drawn or spelled, none becomes an empty box."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from watermark import glyphs
from watermark.glyphs import drawable, glyph, line


@pytest.mark.parametrize(
    "name",
    ["王小明", "欧阳娜娜", "买买提·艾力", "䶮㛃", "Anne-Marie O'Neill", "Łukasz Żółć", "Σωκράτης",
     "홍길동", "山田太郎", "龘", "1101**********1234"],
)  # fmt: skip
def test_names_of_people_are_drawn_as_they_are_written(name):
    assert drawable(name) == name


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("𬖋", "U+2C58B"),
        ("𤆵", "U+241B5"),
        ("王𬖋", "王U+2C58B"),
        ("\ue000", "U+E000"),
        ("มาลี", "U+0E21U+0E32U+0E25U+0E35"),
    ],
)
def test_characters_that_no_font_has_are_spelled(written, drawn):
    assert drawable(written) == drawn


@pytest.mark.parametrize("odd", [
    "\0", "\n", "\x1b", "\x7f", "\u200b", "\u202e", "\u2066", "\ufeff", "\ufe0f",
    "\U000e0101", "\ud800", "\u2028",
])  # fmt: skip
def test_controls_and_bidi_signs_are_dropped(odd):
    assert drawable(f"王{odd}明") == "王明"


@pytest.mark.parametrize("blank", ["\u3000", "\u00a0", "\u2003", " "])
def test_all_blanks_are_one_kind_of_space(blank):
    assert drawable(f"王{blank}明") == "王 明"


def test_names_are_not_normalised():
    assert drawable("\uf914") != "樂"  # a variant that normalising would replace


@pytest.mark.parametrize("character", [*"王䶮㛃·gjA1*-:U+홍"])
def test_no_glyph_is_blank_or_the_box_for_missing(character):
    drawn, missing = glyph(character, 24).mask, glyph(glyphs.UNASSIGNED, 24).mask
    assert drawn.max() > 200
    assert drawn.shape != missing.shape or not np.array_equal(drawn, missing)


def test_line_is_as_long_as_its_characters():
    mask = line("王明 A1", 24)
    assert mask.shape == (32, sum(glyph(character, 24).advance for character in "王明 A1"))
    assert mask.dtype == np.uint8


@pytest.mark.parametrize("size_px", [16, 20, 24, 32, 64])
def test_nothing_is_cut_off_at_top_or_bottom(size_px):
    for character in "Åg王龘|jÄ(Q":
        whole = np.count_nonzero(glyph(character, size_px).mask)
        assert np.count_nonzero(line(f" {character} ", size_px)) == whole, character


def test_cache_is_bounded():
    for number in range(0x4E00, 0x4E00 + glyphs.CACHED_GLYPHS + 50):
        glyph(chr(number), 9)
    assert glyph.cache_info().currsize <= glyphs.CACHED_GLYPHS


def test_threads_draw_what_one_draws():
    texts = [f"王小明{number} 买买提·艾力 홍 {number * 7919}" for number in range(32)]
    alone = [line(text, 21) for text in texts]
    glyph.cache_clear()
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda text: line(text, 21), texts))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
