"""`evidence --help` reads like a table of contents, and comes at once."""

import subprocess
import sys

from click.testing import CliRunner

from evidence_service.cli.contents import CHAPTERS, evidence

HEAVY = ("sqlalchemy", "flask", "cv2", "pymupdf", "cryptography", "httpx", "gunicorn", "rich")


def test_the_contents_name_every_command_under_its_chapter():
    said = CliRunner().invoke(evidence, ["--help"]).output
    for chapter, entries in CHAPTERS.items():
        assert f"{chapter}:" in said
        for name, entry in entries.items():
            assert name in said
            assert " ".join(entry.line.split()[:3]) in " ".join(said.split())


def test_every_command_of_the_contents_is_there_and_helps():
    for entries in CHAPTERS.values():
        for name in entries:
            shown = CliRunner().invoke(evidence, [name, "--help"])
            assert shown.exit_code == 0, name
            assert f"evidence {name}" in shown.output or f" {name} " in shown.output


def test_the_contents_import_nothing_heavy():
    code = (
        "import sys; from click.testing import CliRunner;"
        "from evidence_service.cli.contents import evidence;"
        "assert CliRunner().invoke(evidence, ['--help']).exit_code == 0;"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=30
    )
    assert done.stdout.strip() == "[]"


def test_an_unknown_command_is_a_usage_fault():
    assert CliRunner().invoke(evidence, ["nosuch"]).exit_code == 2
