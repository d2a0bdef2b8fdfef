"""The first look takes four formats, names what is odd about a file, and refuses the rest."""

import io
import pathlib
import tempfile

import pymupdf
import pytest

from watermark.errors import FileRefused
from watermark.inspection import ending_of, shown_name
from watermark.limits import Limits
from watermark.render import Renderer


def look(renderer, data, name="a.pdf"):
    return renderer.inspect(data, len(data), name)


def refusal(renderer, data, name="a.pdf"):
    with pytest.raises(FileRefused) as caught:
        look(renderer, data, name)
    return caught.value


def scripted(action, catalog=b"/OpenAction 5 0 R"):
    return {"catalog": catalog, "more": (action,)}


@pytest.mark.parametrize(
    ("action", "flag"),
    [
        (b"<</S/JavaScript/JS(app.alert\\(1\\))>>", "active_content"),
        (b"<</S/J#61vaScript/J#53(1)>>", "active_content"),
        (b"<</S/Launch/F(cmd.exe)>>", "active_content"),
        (b"<</S/SubmitForm/F(http://example.org)>>", "active_content"),
        (b"<</S/GoToR/F(other.pdf)/D[0/Fit]>>", "active_content"),
        (b"<</S/ImportData/F(a.fdf)>>", "active_content"),
        (b"<</S/URI/URI(http://example.org)>>", "links_out"),
        (b"<</S/GoTo/D[3 0 R/Fit]>>", "open_action"),
    ],
)
def test_actions_are_found(renderer, build, action, flag):
    flags = look(renderer, build.page_pdf(b"", **scripted(action))).flags
    assert flag in flags
    assert "open_action" in flags


def test_actions_are_found_inside_of_object_streams(renderer, build):
    plain = build.page_pdf(b"", **scripted(b"<</S/JavaScript/JS(1)>>"))
    document = pymupdf.open(stream=plain, filetype="pdf")
    packed = document.tobytes(use_objstms=1, deflate=True)
    assert b"JavaScript" not in packed
    assert "active_content" in look(renderer, packed).flags


def test_words_inside_of_strings_are_no_actions(renderer, build):
    data = build.page_pdf(b"", catalog=b"/Lang(/JavaScript /JS \\(/Launch\\) /URI)")
    assert look(renderer, data).flags == ()


@pytest.mark.parametrize(
    ("page", "flag"),
    [(b"/AA<</O<</S/Named/N/Print>>>>", "active_content"), (b"/Rotate 90", "rotated_pages")],
)
def test_page_entries_are_found(renderer, build, page, flag):
    assert flag in look(renderer, build.page_pdf(b"", page=page)).flags


@pytest.mark.parametrize(
    ("catalog", "flag"),
    [
        (b"/Names<</EmbeddedFiles<</Names[]>>>>", "embedded_files"),
        (b"/Collection<<>>", "portfolio"),
        (b"/AcroForm<</Fields[]>>", "form_fields"),
        (b"/AcroForm<</Fields[]/XFA[]>>", "xfa"),
        (b"/OCProperties<</OCGs[]/D<<>>>>", "layers"),
    ],
)
def test_catalog_entries_are_found(renderer, build, catalog, flag):
    assert flag in look(renderer, build.page_pdf(b"", catalog=catalog)).flags


def test_form_that_only_its_own_program_draws_is_refused(renderer, build):
    data = build.page_pdf(b"", catalog=b"/NeedsRendering true/AcroForm<</Fields[]/XFA[]>>")
    assert refusal(renderer, data).reason == "unsupported_variant"


@pytest.mark.parametrize("said", [1, 3, 7, 100_000, -1])
def test_page_count_that_lies_is_refused(renderer, build, said):
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    tree = b"<</Type/Pages/Count %d/Kids[3 0 R 4 0 R]>>" % said
    data = build.pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, leaf, leaf])
    assert refusal(renderer, data).reason in {"damaged", "too_many_pages", "zero_pages"}


def test_too_many_pages_are_refused():
    document = pymupdf.open()
    for _page in range(6):
        document.new_page()
    with Renderer(Limits(pdf_pages=5, ready=1)) as small:
        assert refusal(small, document.tobytes()).reason == "too_many_pages"


def test_file_beyond_the_limit_is_refused_unread(renderer):
    with pytest.raises(FileRefused, match="too_large"):
        renderer.inspect(io.BytesIO(b""), renderer.limits.file_bytes + 1, "a.pdf")


@pytest.mark.parametrize("box", [b"[0 0 15000 100]", b"[0 0 10000000 10000000]"])
def test_box_beyond_the_limit_is_refused(renderer, build, box):
    assert refusal(renderer, build.page_pdf(b"", box=box)).reason == "too_many_pixels"


def test_user_unit_counts(renderer, build):
    data = build.page_pdf(b"", page=b"/UserUnit 20")
    page = look(renderer, data).pages[0]
    assert (page.width, page.height) == (6000, 4000)
    assert refusal(renderer, build.page_pdf(b"", page=b"/UserUnit 100000")).reason == (
        "too_many_pixels"
    )


def test_empty_box_is_told(renderer, build):
    seen = look(renderer, build.page_pdf(b"", box=b"[0 0 0 0]"))
    assert "empty_box" in seen.flags
    assert seen.warnings == ("empty_box",)


def test_bytes_behind_the_end_are_told(renderer, build):
    data = build.page_pdf(b"") + b"some more bytes"
    assert look(renderer, data).flags == ("trailing_bytes",)


@pytest.mark.parametrize(
    "tail",
    [b"PK\x03\x04", b"<HTML>", b"<script>", b"<?php ", b"\x7fELF", b"x" * 5000 + b"PK\x03\x04"],
)
def test_other_formats_behind_the_end_are_refused(renderer, build, tail):
    photo = build.jpeg(build.letter_f())
    png = build.coded(".png", build.letter_f())
    for data, name in ((build.page_pdf(b""), "a.pdf"), (photo, "a.jpg"), (png, "a.png")):
        refused = refusal(renderer, data + tail, name)
        assert (refused.reason, refused.where) == ("polyglot", "tail")


@pytest.mark.parametrize("hidden", [b"%PDF-1.7", b"PK\x03\x04", b"<html>", b"<?PHP"])
def test_other_formats_in_a_picture_head_are_refused(renderer, build, hidden):
    data = build.jpeg(build.letter_f(), app1=b"xx" + hidden)
    assert refusal(renderer, data, "a.jpg").reason == "polyglot"


def test_no_end_mark_is_damage(renderer, build):
    data = build.page_pdf(b"")
    assert refusal(renderer, data[:-8]).reason == "damaged"
    assert refusal(renderer, data + b"x" * 1025).reason == "damaged"


@pytest.mark.parametrize("kept", [3, 20, 200, 1000])
def test_cut_pictures_are_refused(renderer, build, kept):
    for ending in (".jpg", ".png", ".tif"):
        data = build.coded(ending, build.letter_f())
        refused = refusal(renderer, data[: min(kept, len(data) - 3)], f"a{ending}")
        assert refused.reason in {"truncated", "damaged", "unsupported_format", "type_mismatch"}


def test_second_picture_in_a_jpeg_is_told(renderer, build):
    data = build.jpeg(build.letter_f()) + build.jpeg(build.letter_f())
    assert look(renderer, data, "a.jpg").flags == ("multi_picture",)


@pytest.mark.parametrize("name", ["a.png", "a", "a.pdf.exe", "a.jpg.", ""])
def test_name_has_to_fit(renderer, build, name):
    refused = refusal(renderer, build.jpeg(build.letter_f()), name)
    assert (refused.reason, refused.where) == ("type_mismatch", "name")


@pytest.mark.parametrize(
    "name", ["A.JPG", "现场照片.jpeg", "../../etc/x.jpg", "a\u202egpj.jpg", "a.b.jpe"]
)
def test_only_the_ending_of_a_name_counts(renderer, build, name):
    assert look(renderer, build.jpeg(build.letter_f()), name).media == "image/jpeg"


@pytest.mark.parametrize(
    "start", [b"<html>", b"<svg xmlns='http://www.w3.org/2000/svg'>", b" %PDF-1.4"]
)
def test_pdf_reader_is_not_bound_by_a_name(renderer, start):
    assert refusal(renderer, start + b"\n%%EOF\n", "a.pdf").reason == "type_mismatch"


def test_all_kinds_of_sources_are_read_alike(renderer, good):
    path = good / "linn.pdf"
    data = path.read_bytes()
    seen = look(renderer, data)
    with path.open("rb") as opened:
        opened.seek(100)
        assert renderer.inspect(opened, len(data), "a.pdf") == seen
        assert renderer.inspect(opened.fileno(), len(data), "a.pdf") == seen
    assert renderer.inspect(io.BytesIO(data), len(data), "a.pdf") == seen
    assert renderer.inspect(memoryview(data), len(data), "a.pdf") == seen


def test_source_that_is_shorter_than_said_is_an_error_of_the_caller(renderer):
    with tempfile.TemporaryFile() as short:
        short.write(b"%PDF-")
        with pytest.raises(ValueError, match="ends after 5 of 100"):
            renderer.inspect(short, 100, "a.pdf")


def test_nothing_is_written_to_disk(renderer, good):
    folder = pathlib.Path(tempfile.gettempdir())
    before = {entry.name for entry in folder.iterdir()}
    look(renderer, (good / "linn.pdf").read_bytes())
    made = {entry.name for entry in folder.iterdir()} - before
    assert not [name for name in made if name.endswith((".pdf", ".tmp"))]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("现场图.pdf", "现场图.pdf"),
        ("x" * 300, "x" * 200),
        ("x" * 300 + ".jpg", "x" * 196 + ".jpg"),
        ("x." + "y" * 300, "x." + "y" * 190 + "." + "y" * 7),
        ("\u2066\u200b", ""),
    ],
)
def test_sent_names_are_cleaned_for_showing(sent, shown):
    assert shown_name(sent) == shown


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("A.PDF", ".pdf"),
        ("a", ""),
        ("a.p\u0000df", ""),
        ("a.ｐｄｆ", ""),
        (".pdf", ""),
        ("a." + "x" * 9, ""),
    ],
)
def test_endings_are_short_and_plain(name, ending):
    assert ending_of(name) == ending
