"""Whatever a child sends, the parent takes known words, bounded numbers and nothing else."""

import json
import os
import pickle
import subprocess
import time

import pytest

from watermark.answers import inspection_in, problem_in, raster_shape_in, refusal_in
from watermark.cage import Caged, ChildGone, ChildSlow
from watermark.limits import Limits

LIMITS = Limits()
LOOK = {
    "media": "application/pdf",
    "unit": "pt",
    "sizes": [[595.0, 842.0, 842.0, 595.0]],
    "flags": ["layers"],
    "unreadable": [],
}
SHAPE = {"height": 10, "width": 20, "dpi": 150.0, "warnings": []}


def test_honest_answers_are_taken():
    seen = inspection_in(LOOK, LIMITS)
    assert seen.pages[0].shown_width == 842.0
    assert seen.warnings == ("layers",)
    assert raster_shape_in(SHAPE, LIMITS) == (10, 20, 150.0, ())


@pytest.mark.parametrize(
    "lie",
    [
        {"media": "text/html"},
        {"media": None},
        {"media": []},
        {"sizes": []},
        {"sizes": [[595.0, 842.0, 842.0]]},
        {"sizes": [[float("nan")] * 4]},
        {"sizes": [[float("inf")] * 4]},
        {"sizes": [[-1, 1, 1, 1]]},
        {"sizes": [[10**400, 1, 1, 1]]},
        {"sizes": [[True, 1, 1, 1]]},
        {"sizes": [["1", 1, 1, 1]]},
        {"sizes": [[1, 1, 1, 1]] * 2001},
        {"sizes": 7},
        {"flags": ["<script>"]},
        {"flags": [["layers"]]},
        {"flags": 3},
        {"unreadable": [2]},
        {"unreadable": [0]},
        {"unreadable": ["1"]},
    ],
)
def test_lies_about_a_file_are_not_taken(lie):
    with pytest.raises(ChildGone):
        inspection_in({**LOOK, **lie}, LIMITS)


@pytest.mark.parametrize(
    "lie",
    [
        {"height": 0},
        {"height": -5},
        {"height": 5000, "width": 5001},
        {"width": 1.5},
        {"width": None},
        {"dpi": float("nan")},
        {"dpi": "150"},
        {"warnings": ["other"]},
        {"warnings": [{}]},
    ],
)
def test_lies_about_pixels_are_not_taken(lie):
    with pytest.raises(ChildGone):
        raster_shape_in({**SHAPE, **lie}, LIMITS)


def test_words_for_people_are_short_and_plain():
    refused = refusal_in({"refused": ["damaged", "<b>\r\n\u202e" + "x" * 500, "a&b"]})
    assert refused is not None
    assert refused.found == "<b" + "x" * 94
    assert refused.where == "ab"


@pytest.mark.parametrize("words", [["made_up", "", ""], ["damaged"], "damaged", [1, 2, 3], None])
def test_refusals_have_known_reasons(words):
    with pytest.raises(ChildGone):
        refusal_in({"refused": words})


@pytest.mark.parametrize("problem", ["made_up", 7, None, []])
def test_unknown_problems_are_failures_of_the_reader(problem):
    assert problem_in({"problem": problem}) == "reader_failed"


@pytest.fixture
def mute():
    """Return a child that never says anything, and the end from which a test speaks for it."""
    sleeper = subprocess.Popen(["sleep", "60"])
    job_out, job_in = os.pipe()
    answer_out, answer_in = os.pipe()
    child = Caged(os.pidfd_open(sleeper.pid), job_in, answer_out, 0)
    yield child, answer_in
    child.end()
    sleeper.wait()
    os.close(job_out)
    os.close(answer_in)


def framed(data):
    return len(data).to_bytes(4, "big") + data


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        b"\0\0\0\0",
        framed(pickle.dumps({"ok": 1})),
        framed(b"[" * 100_000),
        framed(b"[1]"),
        framed(b'{"a": ' + b"1" * 10_000 + b"}"),
        framed(b"\xff\xfe"),
    ],
)
def test_odd_answers_are_no_answers(mute, sent):
    child, speak = mute
    os.set_blocking(speak, False)
    os.write(speak, sent)
    with pytest.raises(ChildGone):
        child.answer(time.monotonic() + 5)


def test_half_an_answer_is_waited_for_until_the_deadline(mute):
    child, speak = mute
    os.write(speak, framed(json.dumps({"height": 1}).encode())[:-1])
    with pytest.raises(ChildSlow):
        child.answer(time.monotonic() + 0.05)


def test_child_that_does_not_read_is_waited_for_until_the_deadline(mute):
    child, _speak = mute
    with pytest.raises(ChildSlow):
        child.send({"size_bytes": 8_000_000}, bytes(8_000_000), time.monotonic() + 0.05)
