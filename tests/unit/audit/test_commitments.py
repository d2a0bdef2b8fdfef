"""Commitments prove a text unaltered while it exists."""

import pytest

from evidence_service.audit.commitment import PREFIX, commit, opens
from evidence_service.audit.faults import EntryInvalid

from .vectors import cases, read

DATA = read("commitments.json")
SALT = bytes(range(32))


@pytest.mark.parametrize("case", cases(DATA["cases"], "commitment"))
def test_a_commitment_is_recomputed(case):
    salt = bytes.fromhex(case["salt_hex"])
    text = bytes.fromhex(case["text_hex"]).decode()
    assert commit(salt, text) == case["commitment"]
    assert opens(case["commitment"], salt, text)


def test_the_prefix_is_that_of_the_format():
    assert PREFIX.hex() == DATA["prefix_hex"]


@pytest.mark.parametrize(
    ("salt", "text"), [(SALT, "other"), (SALT[::-1], "text"), (SALT, "text "), (SALT, "")]
)
def test_another_text_or_salt_does_not_open_it(salt, text):
    assert not opens(commit(SALT, "text"), salt, text)


@pytest.mark.parametrize("salt", [b"", SALT[1:], SALT + b"x"])
def test_a_salt_of_another_length_is_refused(salt):
    with pytest.raises(EntryInvalid):
        commit(salt, "text")


def test_a_text_without_bytes_is_refused():
    with pytest.raises(EntryInvalid):
        commit(SALT, "\ud800")
