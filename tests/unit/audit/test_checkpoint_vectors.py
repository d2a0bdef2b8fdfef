"""Checkpoints: exactly three lines, signed by whom they must be, within range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit.checkpoint import Checkpoint, open_checkpoint, sign
from evidence_service.audit.faults import LogFault, NoteInvalid
from evidence_service.audit.note import MAX_BYTES, parse_note
from evidence_service.audit.tree import EMPTY_ROOT

from .vectors import NOW, ORIGIN, VECTORS, keys, read, signer, split

GOOD, BAD = split(read("checkpoints/index.json")["checkpoints"], "file")
DATA = [(VECTORS / "checkpoints" / case.values[0]["file"]).read_bytes() for case in GOOD]


def open_case(case):
    data = (VECTORS / "checkpoints" / case["file"]).read_bytes()
    return open_checkpoint(data, keys(case["keys"]), ORIGIN, NOW)


@pytest.mark.parametrize("case", GOOD)
def test_a_good_checkpoint_is_opened(case):
    opened = open_case(case)
    assert opened.checkpoint.origin == ORIGIN
    assert opened.signers
    assert parse_note(opened.data).data == opened.data
    assert opened.data.startswith(opened.checkpoint.body)
    roots = read("tree-700.json")["roots"]
    assert opened.checkpoint.root.hex() == roots[opened.checkpoint.size]


@pytest.mark.parametrize("case", BAD)
def test_a_bad_checkpoint_is_refused(case):
    with pytest.raises(NoteInvalid):
        open_case(case)


def test_it_is_said_who_vouches_for_a_checkpoint():
    opened = {case.values[0]["file"]: open_case(case.values[0]) for case in GOOD}
    assert len(opened["good-cosigned-twice"].cosignatures) == 2
    assert len(opened["good-rotation-both-keys-412"].signers) == 2
    assert len(opened["good-retired-key-beside-new-key"].signers) == 1
    assert opened["good-unknown-signature"].unknown_signatures == 2
    assert opened["good-size-1"].unknown_signatures == 0


def test_the_quorum_is_asked_for_only_where_it_is_wanted():
    data = (VECTORS / "checkpoints" / "good-700").read_bytes()
    asked = keys("keys/keys-quorum-1")
    with pytest.raises(NoteInvalid):
        open_checkpoint(data, asked, ORIGIN, NOW)
    assert not open_checkpoint(data, asked, ORIGIN, NOW, ask_quorum=False).cosignatures


@pytest.mark.parametrize("number", [2, 4, 5])
def test_only_a_key_of_the_log_signs_for_it(number):
    checkpoint = Checkpoint(ORIGIN, 500, EMPTY_ROOT)
    if number == 4:  # a stranger under the log's name signs, and nobody trusts it
        data = sign(checkpoint, [signer(number)])
        with pytest.raises(NoteInvalid):
            open_checkpoint(data, keys(), ORIGIN, NOW)
    else:
        with pytest.raises(NoteInvalid):
            sign(checkpoint, [signer(number)])
    with pytest.raises(NoteInvalid):
        sign(checkpoint, [])


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 1, EMPTY_ROOT),
        ("a b", 1, EMPTY_ROOT),
        ("a+b", 1, EMPTY_ROOT),
        ("a" * 201, 1, EMPTY_ROOT),
        (ORIGIN, 0, EMPTY_ROOT),
        (ORIGIN, 2**53, EMPTY_ROOT),
        (ORIGIN, 1, b"short"),
    ],
)
def test_what_is_no_checkpoint_cannot_be_signed(origin, size, root):
    with pytest.raises(NoteInvalid):
        Checkpoint(origin, size, root)


@given(st.sampled_from(DATA), st.data())
def test_no_changed_byte_makes_another_checkpoint(data, draw):
    place = draw.draw(st.integers(0, len(data) - 1))
    byte = draw.draw(st.integers(0, 255))
    changed = data[:place] + bytes([byte]) + data[place + 1 :]
    try:
        opened = open_checkpoint(changed, keys(), ORIGIN, NOW)
    except NoteInvalid:
        return
    assert data.startswith(opened.checkpoint.body)  # only a line of no known key may change


@given(st.binary(max_size=100) | st.text(max_size=100).map(lambda text: text.encode("utf-8")))
def test_hostile_bytes_are_refused_with_our_error(data):
    for each in (data, data + b"\n\n" + data, ORIGIN.encode() + b"\n1\n" + data):
        with pytest.raises(LogFault):
            open_checkpoint(each, keys(), ORIGIN, NOW)


def test_a_very_long_note_is_refused_before_it_is_read():
    with pytest.raises(NoteInvalid, match="too_long"):
        parse_note(b"\xff" * (MAX_BYTES + 1))
