"""The drawn documents open, say what they should, and are the same each time."""

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pymupdf
import pytest
from PIL import ExifTags, Image

from evidence_service.demo import drawings
from evidence_service.demo.cast import DEMO_CASE, PEOPLE, id_number
from evidence_service.demo.drawings.lines import broken
from evidence_service.demo.drawings.pen import written

pytestmark = pytest.mark.slow  # whole documents are drawn

ROOT = Path(__file__).resolve().parents[3]


@cache
def drawn(name):
    if name == "alcohol":
        return drawings.blood_alcohol_report(DEMO_CASE, DEMO_CASE.party_b)
    return getattr(drawings, name)(DEMO_CASE)


def text_of(data):
    with pymupdf.open(stream=data) as document:
        return "".join(page.get_text() for page in document)


@pytest.mark.parametrize(
    ("name", "pages", "least_bytes", "most_bytes"),
    [
        ("scene_diagram", 1, 200_000, 5_000_000),
        ("determination", 3, 200_000, 5_000_000),
        ("inspection_record", 3, 300_000, 3_000_000),
        ("alcohol", 2, 300_000, 3_000_000),
        ("appraisal_opinion", 12, 2_000_000, 8_000_000),
        pytest.param(
            "vehicle_appraisal_with_photos", 16, 25_000_000, 40_000_000, marks=pytest.mark.slow
        ),
    ],
)
def test_each_document_has_its_pages_and_its_size(name, pages, least_bytes, most_bytes):
    data = drawn(name)
    with pymupdf.open(stream=data, filetype="pdf") as document:
        assert len(document) == pages
        assert not document.is_repaired
    assert least_bytes <= len(data) <= most_bytes


@pytest.mark.parametrize(
    "words",
    [
        "道路交通事故现场图",
        DEMO_CASE.case_no,
        DEMO_CASE.place,
        "制动印迹 14.60",
        "基准点 灯杆W17",
        "事故处理专用章",
        DEMO_CASE.party_a.vehicle.plate,
    ],
)
def test_the_diagram_says_what_it_shows_in_real_text(words):
    assert words in text_of(drawn("scene_diagram"))


@pytest.mark.parametrize(
    "words",
    [
        "当事人、车辆、道路和交通环境等基本情况",
        "道路交通事故发生经过",
        "道路交通事故证据及事故形成原因分析",
        "当事人导致道路交通事故的过错及责任",
        DEMO_CASE.unit_name,
        "2026年11月20日",
        DEMO_CASE.party_a.person.id_number,
        "周淑宁承担此事故的主要责任",
    ],
)
def test_the_determination_has_the_five_parts_of_article_64_in_real_text(words):
    assert words in "".join(text_of(drawn("determination")).split("\n"))


def test_the_text_of_the_diagram_keeps_within_the_page():
    with pymupdf.open(stream=drawn("scene_diagram")) as document:
        page = document[0]
        assert page.rect.width > page.rect.height
        words = [pymupdf.Rect(word[:4]) for word in page.get_text("words")]
        assert words
        assert all(page.rect.contains(word) for word in words)


@pytest.mark.parametrize("name", ["inspection_record", "alcohol", "appraisal_opinion"])
def test_a_scan_is_one_jpeg_of_200_dpi_on_each_page_and_no_text(name):
    with pymupdf.open(stream=drawn(name)) as document:
        for page in document:
            (image,) = page.get_images()
            extracted = document.extract_image(image[0])
            assert extracted["ext"] == "jpeg"
            assert (extracted["width"], extracted["height"]) == (1654, 2339)
            assert page.get_text().strip() == ""


def test_more_pages_of_the_appraisal_are_pages_of_photographs():
    with pymupdf.open(stream=drawings.appraisal_opinion(DEMO_CASE, pages=13)) as document:
        assert len(document) == 13


def test_an_appraisal_of_fewer_than_twelve_pages_is_not_drawn():
    with pytest.raises(ValueError, match="12 pages"):
        drawings.appraisal_opinion(DEMO_CASE, pages=11)


def test_the_photographs_are_pictures_of_a_camera():
    photographs = drawn("scene_photographs")
    assert len(photographs) == 6
    for data in photographs:
        assert 300_000 < len(data) < 8_000_000
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "JPEG"
            assert image.size == (2000, 1500)
            exif = image.getexif()
            assert exif[ExifTags.Base.Make]
            taken = exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
            assert taken.startswith("2026:10:28 ")


def test_exactly_one_photograph_says_where_it_was_taken():
    located = []
    for data in drawn("scene_photographs"):
        with Image.open(io.BytesIO(data)) as image:
            located.append(bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo)))
    assert sum(located) == 1


def test_one_photograph_was_taken_at_night():
    light = []
    for data in drawn("scene_photographs"):
        with Image.open(io.BytesIO(data)) as image:
            grey = image.convert("L").resize((1, 1), Image.Resampling.BOX)
            light.append(grey.getpixel((0, 0)))
    assert sum(value < 70 for value in light) == 1


def test_another_process_draws_the_same_bytes():
    code = (
        "import hashlib;"
        "from evidence_service.demo import drawings as d;"
        "from evidence_service.demo.cast import DEMO_CASE as c;"
        "parts = [d.scene_diagram(c), d.blood_alcohol_report(c, c.party_b), d.determination(c),"
        " d.scene_photographs(c, 1)[0]];"
        "print(*(hashlib.sha256(p).hexdigest() for p in parts))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"},
    ).stdout
    here = [drawn(name) for name in ("scene_diagram", "alcohol", "determination")]
    here.append(drawn("scene_photographs")[0])
    assert other.split() == [hashlib.sha256(data).hexdigest() for data in here]


def test_a_case_of_another_day_is_drawn_with_its_own_dates():
    later = replace(
        DEMO_CASE,
        happened_at=DEMO_CASE.happened_at + timedelta(days=100),
        determined_on=date(2027, 3, 5),
    )
    text = "".join(text_of(drawings.determination(later)).split("\n"))
    assert "2027年02月05日" in text
    assert "2027年3月5日" in text
    assert "2026年10月28日" not in text


def test_a_report_on_the_other_party_is_another_report():
    other = drawings.blood_alcohol_report(DEMO_CASE, DEMO_CASE.party_a)
    assert other != drawn("alcohol")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.login)
def test_an_id_number_has_a_valid_check_digit_and_an_area_that_does_not_exist(person):
    number = person.id_number
    assert len(number) == 18
    assert number.startswith("330899")
    values = [10 if digit == "X" else int(digit) for digit in number]
    weights = [2 ** (17 - place) % 11 for place in range(18)]
    assert sum(v * w for v, w in zip(values, weights, strict=True)) % 11 == 1
    assert int(number[16]) % 2 == (1 if person.sex == "男" else 0)


def test_a_known_id_number_has_the_known_check_digit():
    assert id_number(date(1990, 3, 15), 241).endswith("2417")


def test_a_line_never_begins_with_a_mark_that_closes():
    lines = broken("甲乙丙丁，戊己庚辛。壬癸（子丑）寅卯", 4, len)
    assert (
        "".join(token for line in lines for token in line) == "甲乙丙丁，戊己庚辛。壬癸（子丑）寅卯"
    )
    assert not any(line[0] in "，。）" for line in lines)
    assert not any(line[-1] == "（" for line in lines)


def test_the_same_hand_writes_the_same_name_the_same_way():
    first, width = written("高明岚", 7, 5, joined=True)
    again, _ = written("高明岚", 7, 5, joined=True)
    other, _ = written("高明岚", 7, 6, joined=True)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert any(a.shape != b.shape or (a != b).any() for a, b in zip(first, other, strict=False))
    assert 15 < width < 25
