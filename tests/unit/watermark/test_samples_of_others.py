"""Every sample file gets a verdict that its EXPECT.json allows, and is measured rightly."""

import pytest

from watermark.errors import FileRefused, PageUndrawable

pytestmark = pytest.mark.slow  # all samples, all pages; the upload tries them in the quick gate

# Flags that we add to the expected ones, and why they are right.
EXTRA = {
    "md5-1.pdf": {"empty_box": "the page has no MediaBox and is drawn as Letter"},
    "md5-2.pdf": {"empty_box": "the page has no MediaBox and is drawn as Letter"},
    "javascript.pdf": {"open_action": "its script starts from OpenAction"},
    "lshort-zh-cn.pdf": {"open_action": "OpenAction goes to a page"},
    "sizes.pdf": {"open_action": "OpenAction goes to a page"},
    "source2e.pdf": {"open_action": "OpenAction goes to a page"},
    "testPDF_XFA_govdocs1_258578.pdf": {"signed": "a signature with a byte range is inside"},
    "page-box.pdf": {"incremental_updates": "two end marks, not linearized: two versions"},
    "T03_002_xref-keyword-missing.pdf": {"fonts_not_embedded": "Helvetica without a file"},
    "multipage.pdf": {"huge_page": "its second page has a side of 2160 pt"},
}
MEDIA = {"PDF": "application/pdf", "JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}


def allowed(entry):
    """Return the allowed verdicts as `accept`, `accept_with_flag` or `refuse: reason`."""
    verdicts = {entry["verdict"], *entry.get("also_acceptable", [])}
    if entry["verdict"] in {"refuse", "either"}:
        verdicts.add(f"refuse: {entry['refuse_reason']}")
    if entry["verdict"] == "either":
        verdicts |= {"accept", "accept_with_flag"}
    return {verdict.split(": encrypted_owner_only")[0] for verdict in verdicts}


def look(renderer, entry):
    data = entry["path"].read_bytes()
    try:
        return renderer.inspect(data, len(data), entry["file"])
    except FileRefused as refused:
        return refused


@pytest.fixture(scope="module")
def looked(renderer, samples):
    """Return what the first look says of every sample."""
    return [(entry, look(renderer, entry)) for entry in samples]


def taken(looked):
    return [(entry, seen) for entry, seen in looked if not isinstance(seen, FileRefused)]


def test_every_sample_gets_an_allowed_verdict(looked, samples):
    wrong = {}
    for entry, seen in looked:
        if isinstance(seen, FileRefused):
            verdict = f"refuse: {seen.reason}"
        else:
            verdict = "accept_with_flag" if seen.warnings else "accept"
        if verdict not in allowed(entry):
            wrong[entry["file"]] = (verdict, allowed(entry))
    assert len(looked) == len(samples)
    assert wrong == {}


def test_pages_are_counted_and_measured(looked):
    for entry, seen in taken(looked):
        first = seen.pages[0]
        shown = entry.get("shown_width", entry["width"]), entry.get("shown_height", entry["height"])
        assert len(seen.pages) == entry["pages"], entry["file"]
        assert first.unit == entry["unit"]
        assert (first.width, first.height) == pytest.approx(
            (entry["width"], entry["height"]), abs=0.01
        ), entry["file"]
        assert (first.shown_width, first.shown_height) == pytest.approx(shown, abs=0.01)


def test_media_types_are_the_true_ones(looked):
    for entry, seen in taken(looked):
        assert seen.media == MEDIA[entry["true_type"].split()[0]], entry["file"]


def test_all_expected_flags_are_there_and_others_are_explained(looked):
    for entry, seen in taken(looked):
        flags = set(seen.flags)
        assert flags >= set(entry["flags"]), entry["file"]
        assert flags - set(entry["flags"]) == set(EXTRA.get(entry["file"], {})), entry["file"]
        assert list(seen.flags) == sorted(flags)


@pytest.mark.slow
def test_first_pages_of_taken_samples_show_something(looked, renderer):
    for entry, seen in taken(looked):
        if entry["file"] == "source2e.pdf":  # its title page is like any other
            continue
        raster = renderer.render(entry["path"].read_bytes(), seen.media, 1)
        height, width = raster.pixels.shape[:2]
        turned = seen.pages[0].shown_width / seen.pages[0].shown_height
        assert raster.pixels.std() > 0.1 or entry["file"] == "delay.png", entry["file"]
        assert width / height == pytest.approx(turned, rel=0.01), entry["file"]


@pytest.mark.slow
def test_every_page_of_taken_samples_is_drawn_or_named(looked, renderer):
    for entry, seen in taken(looked):
        data = entry["path"].read_bytes()
        for page in range(1, min(len(seen.pages), 30) + 1):
            try:
                raster = renderer.render(data, seen.media, page)
            except PageUndrawable as undrawable:
                pytest.fail(f"{entry['file']}: {undrawable}")
            assert raster.pixels.size
