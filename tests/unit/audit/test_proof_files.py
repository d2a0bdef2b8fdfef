"""Receipts that a person keeps: everything needed is in the file, but for the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit.faults import ProofFileInvalid
from evidence_service.audit.proof_file import MAX_BYTES, open_proof, write_proof
from evidence_service.audit.proofs import inclusion_proof

from .test_inclusion_proofs import read_hashes
from .vectors import NOW, ORIGIN, VECTORS, entries_700, keys, read, split

GOOD, BAD = split(read("proof-files/index.json")["proof_files"], "file")
KEYS = keys()
FILES = [(VECTORS / "proof-files" / case.values[0]["file"]).read_bytes() for case in GOOD]


def data_of(case):
    return (VECTORS / "proof-files" / case["file"]).read_bytes()


@pytest.mark.parametrize("case", GOOD)
def test_a_good_receipt_holds_and_is_written_the_same(case):
    data = data_of(case)
    opened = open_proof(data, KEYS, ORIGIN, NOW)
    assert open_proof(data, KEYS, None, NOW) == opened
    path = inclusion_proof(opened.index, opened.checkpoint.checkpoint.size, read_hashes)
    body = entries_700()[opened.index]
    assert write_proof(body, opened.index, path, opened.checkpoint.data) == data


@pytest.mark.parametrize("case", BAD)
def test_a_bad_receipt_is_refused(case):
    with pytest.raises(ProofFileInvalid):
        open_proof(data_of(case), KEYS, ORIGIN, NOW)


def test_a_receipt_of_another_log_or_without_its_quorum_is_refused():
    with pytest.raises(ProofFileInvalid):
        open_proof(FILES[0], KEYS, "other.example/log", NOW)
    with pytest.raises(ProofFileInvalid):
        open_proof(FILES[0], keys("keys/keys-quorum-1"), ORIGIN, NOW)


@given(st.sampled_from(FILES), st.data())
def test_no_changed_bit_makes_another_receipt(data, draw):
    place = draw.draw(st.integers(0, len(data) - 1))
    changed = bytearray(data)
    changed[place] ^= 1 << draw.draw(st.integers(0, 7))
    try:
        opened = open_proof(bytes(changed), KEYS, ORIGIN, NOW)
    except ProofFileInvalid:
        return
    assert place > data.index(b"\n\n")  # in a signature line of no known key
    assert opened.index == open_proof(data, KEYS, ORIGIN, NOW).index


@given(st.binary(max_size=80), st.sampled_from([0, 23, 30, 200, 900, 1200]))
def test_hostile_bytes_are_refused_with_our_error(junk, place):
    data = FILES[0]
    if data[place : place + len(junk)] == junk:
        return
    for hostile in (junk, data[:place] + junk, data[:place] + junk + data[place + len(junk) :]):
        with pytest.raises(ProofFileInvalid):
            open_proof(hostile, KEYS, ORIGIN, NOW)


@pytest.mark.parametrize(
    ("index", "path"), [(-1, []), (2**53, []), (0, [b"short"]), (0, [bytes(32)] * 64)]
)
def test_what_no_reader_would_take_is_not_written(index, path):
    with pytest.raises(ProofFileInvalid):
        write_proof(b"{}", index, path, b"checkpoint")


def test_a_very_long_file_is_refused_before_it_is_read():
    with pytest.raises(ProofFileInvalid, match="too_long"):
        open_proof(b"x" * (MAX_BYTES + 1), KEYS, ORIGIN, NOW)
