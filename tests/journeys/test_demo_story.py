"""`scripts/demo --json` tells the main story against the real service, from an empty folder."""

import json
import os
import subprocess
import sys

import pytest

from tests.journeys.running import ROOT, environment, free_port

pytestmark = pytest.mark.xdist_group("story")  # told once, by one worker

STORY_SECONDS = 300
STEPS = [
    "the service is ready",
    "officer signs in",
    "officer opens the case",
    "head assigns the second officer",
    "officer uploads documents",
    "a large file is broken off and resumed",
    "second officer releases",
    "head examines the reports",
    "determination is made",
    "determination and reports are served on A",
    "officer issues vouchers",
    "A makes an account",
    "A sees what is open and why not",
    "A looks at marked pages",
    "A takes a marked copy",
    "B is refused, with the reason",
    "a stranger learns nothing",
    "a withdrawal bites between two pages",
    "supervisor lists the log",
    "an entry is proved",
    "the log verifies",
]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """The whole story, told once: its exit code, and its lines by step."""
    data = tmp_path_factory.mktemp("story") / "证据 数据" / "x"
    done = subprocess.run(
        [
            ROOT / "scripts" / "demo",
            *("--json", "--port", str(free_port()), "--data", data),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=STORY_SECONDS,
        stdin=subprocess.DEVNULL,
        # The same Python as the environment's own, so that it is not made anew under the tests.
        env=environment(PYTHON=os.path.realpath(sys.executable)),
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def step(story, name):
    return next(line for line in story[1] if line["step"] == name)


def test_every_step_is_told_in_order_and_is_as_it_should_be(story):
    code, lines, faults = story
    assert [(line["step"], line["ok"]) for line in lines] == [(name, True) for name in STEPS], (
        f"{lines[-1:]} {faults}"
    )
    assert code == 0


def test_the_large_file_went_on_where_it_was_broken_off(story):
    told = step(story, "a large file is broken off and resumed")
    assert 0 < told["broken_off_at"] < told["size_bytes"]
    assert told["size_bytes"] > 30_000_000
    assert told["pages"] > 1


def test_what_is_about_the_other_party_is_closed_to_a_with_its_reason(story):
    told = step(story, "A sees what is open and why not")
    assert told["closed"] == {"blood_alcohol": ["own_side_or_redacted"]}
    assert "appraisal" in told["open"]


def test_b_is_refused_because_the_determination_was_not_served_on_b(story):
    assert "determination_served" in step(story, "B is refused, with the reason")["missing"]


def test_a_page_after_the_withdrawal_is_refused(story):
    told = step(story, "a withdrawal bites between two pages")
    assert (told["page_1"], told["page_2"]) == (200, 403)


def test_every_byte_that_left_is_recorded_in_the_log(story):
    told = step(story, "supervisor lists the log")
    assert told["what_left_is_recorded"] is True
    assert told["refused"] >= 2


def test_the_log_verifies_in_one_line_with_no_grant_left_open(story):
    report = step(story, "the log verifies")["report"]
    assert report.startswith("good: ")
    assert "\n" not in report
    assert " 0 open grants" in report
