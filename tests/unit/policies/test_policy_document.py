"""`docs/policies.md` says what the policies say, and nothing older."""

import runpy
from pathlib import Path

from policies.document import document
from policies.packaged import read_packaged

ROOT = Path(__file__).resolve().parents[3]


def test_the_document_is_up_to_date():
    # If not: python -m policies.document > docs/policies.md
    assert (ROOT / "docs" / "policies.md").read_text(encoding="utf-8") == document()


def test_the_module_prints_the_document(capsys):
    runpy.run_path(str(ROOT / "policies" / "document.py"), run_name="__main__")
    assert capsys.readouterr().out == document()


def test_every_policy_stands_in_the_document_with_a_case():
    text = document()
    for policy_id in read_packaged().ids:
        section = text.split(f"### `{policy_id}`\n")[1].split("\n#")[0]
        assert section.splitlines()[1], "no comment above the policy"
        assert "```cedar" in section
        assert "](../tests/cases/" in section


def test_every_case_that_is_linked_is_there():
    for link in document().split("](../")[1:]:
        assert (ROOT / link.partition(")")[0]).is_file()
