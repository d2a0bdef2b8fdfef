"""Canonical JSON: one meaning has one byte string."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit import canonical
from evidence_service.audit.faults import EntryInvalid

from .vectors import cases, read

DATA = read("canonical.json")
VALUES = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.booleans()
    | st.integers(0, canonical.MAX_INTEGER)
    | st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=3)
)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)


@pytest.mark.parametrize("case", cases(DATA["encode"]))
def test_an_object_has_the_canonical_bytes(case):
    data = canonical.encode(json.loads(case["input"]))
    assert case["canonical_hex"] in {data.hex(), None}
    assert hashlib.sha256(data).hexdigest() == case["sha256"]
    assert canonical.encode(canonical.decode(data)) == data


@pytest.mark.parametrize("case", cases(DATA["refuse"]))
def test_bytes_that_are_not_canonical_are_refused(case):
    text = case["bytes_hex"]
    data = case["bytes_text"].encode() if text is None else bytes.fromhex(text)
    with pytest.raises(EntryInvalid):
        canonical.decode(data)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_flat_object_is_written_as_rfc_8785_writes_it(values):
    data = canonical.encode(values)
    assert data == rfc8785.dumps(values)
    assert canonical.decode(data) == values


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)
def test_hostile_bytes_are_refused_or_are_canonical(data):
    try:
        values = canonical.decode(data)
    except EntryInvalid:
        return
    assert canonical.encode(values) == data


@pytest.mark.parametrize(
    "value", [None, 1.0, -1, 2**53, ["a", 1], {"a": "b"}, b"bytes", "\ud800", ["\udfff"]]
)
def test_a_value_without_a_place_in_an_entry_is_not_written(value):
    with pytest.raises(EntryInvalid):
        canonical.encode({"a": value})


@pytest.mark.parametrize("key", ["", "A", "1a", "a-b", "a" * 33, "ä", "a\n", 7])
def test_a_bad_key_is_not_written(key):
    with pytest.raises(EntryInvalid):
        canonical.encode({key: "x"})


def test_4096_bytes_are_an_entry_and_4097_are_none():
    frame = len(b'{"a":""}')
    data = canonical.encode({"a": "x" * (canonical.MAX_BYTES - frame)})
    assert len(data) == 4096
    assert canonical.decode(data)
    with pytest.raises(EntryInvalid):
        canonical.encode({"a": "x" * (canonical.MAX_BYTES - frame + 1)})
    with pytest.raises(EntryInvalid):
        canonical.decode(data[:-2] + b'x"}')


def test_deep_nesting_is_refused_and_does_no_harm():
    with pytest.raises(EntryInvalid):
        canonical.decode(b'{"a":' + b"[" * 4000)
