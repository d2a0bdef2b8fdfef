"""Entries: canonical bytes within the closed table, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit import entry
from evidence_service.audit.faults import EntryInvalid, LogFault
from evidence_service.audit.tree import leaf_hash

from .vectors import cases, entries_700, read

DATA = read("entries.json")
GOOD = [case["entry"].encode() for case in DATA["good"]]


@pytest.mark.parametrize("case", cases(DATA["good"]))
def test_a_good_entry_is_read_and_written_as_it_was(case):
    data = case["entry"].encode()
    found = entry.decode(data)
    assert len(data) == case["length"]
    assert leaf_hash(data).hex() == case["leaf_hash"]
    assert entry.encode(found.fields) == data


@pytest.mark.parametrize("case", cases(DATA["bad"]))
def test_an_entry_outside_the_table_is_neither_read_nor_written(case):
    data = case["entry"].encode()
    with pytest.raises(EntryInvalid) as caught:
        entry.decode(data)
    # Of several faults, or several missing fields, the vector names one.
    assert caught.value.fault.split(":")[0] == case["fault"].split(":")[0]
    with pytest.raises(EntryInvalid):
        entry.encode(json.loads(data))


def test_the_sample_log_has_good_entries_only():
    assert [entry.encode(entry.decode(each).fields) for each in entries_700()] == entries_700()


def test_an_entry_gives_its_fields_as_text_and_number():
    release = next(found for found in map(entry.decode, GOOD) if found.type == "release")
    assert release.number("size_bytes") == release.fields["size_bytes"]
    assert release.get("case").startswith("case_")
    assert release.get("unit", "none") in {"none", release.fields.get("unit")}
    with pytest.raises(EntryInvalid):
        release.number("case")


def test_the_fields_of_an_entry_cannot_be_changed():
    with pytest.raises(TypeError):
        entry.decode(GOOD[0]).fields["role"] = "other"


@given(st.sampled_from(GOOD), st.data())
def test_a_changed_byte_gives_another_entry_or_our_error(data, draw):
    place = draw.draw(st.integers(0, len(data) - 1))
    changed = data[:place] + bytes([draw.draw(st.integers(0, 255))]) + data[place + 1 :]
    try:
        found = entry.decode(changed)
    except LogFault:
        return
    assert entry.encode(found.fields) == changed
