"""No receipt, no bytes: the type checker itself refuses code that would open evidence without."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

HEAD = """
from evidence_service.audit.drafts import By, Grant, Refusal, Release
from evidence_service.audit.receipts import Receipt
from evidence_service.records.documents import PagePlace
from evidence_service.use_cases.evidence import read_original
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.viewing import MarkedPage

def attempt(parts: Parts, place: PagePlace, granted: Receipt[Grant], refused: Receipt[Refusal],
            released: Receipt[Release], draft: Grant) -> None:
    """

GOOD = "read_original(parts, granted, place); MarkedPage(b'', 'image/jpeg', released)"
BAD = [
    "read_original(parts, refused, place)",
    "read_original(parts, released, place)",
    "read_original(parts, draft, place)",
    "read_original(parts, None, place)",
    "read_original(parts, place)",
    "MarkedPage(b'', 'image/jpeg', granted)",
    "MarkedPage(b'', 'image/jpeg')",
]


@pytest.mark.slow
def test_mypy_refuses_bytes_without_the_right_receipt(tmp_path):
    lines = [GOOD, *BAD]
    file = tmp_path / "attempts.py"
    file.write_text(HEAD + "\n    ".join(lines) + "\n")
    first_line = HEAD.count("\n") + 1
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(file)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    refused = {
        int(line.split(":")[1]) - first_line
        for line in run.stdout.splitlines()
        if "attempts.py" in line and "error" in line
    }
    assert refused == set(range(1, len(lines))), run.stdout
