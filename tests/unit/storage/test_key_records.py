"""Key records: bound to their object, read strictly, replaced whole, deleted for good."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import object_keys
from storage.errors import (
    KeyMissing,
    KeyRecordAltered,
)
from storage.key_records import KeyEncryptionKeys, KeyRecord, rewrap, unwrap_key, wrap_key

OBJECT_ID = "obj_" + "0123456789abcdef" * 2
OTHER_ID = "obj_" + "f" * 32
DATA_KEY = bytes(range(64, 96))
KEK = bytes(range(32))
KEYS = KeyEncryptionKeys(1, {1: KEK})

# Wrapped once by these rules: a record of yesterday must open for ever.
VECTOR = (
    b'{"form":"evidence-key-record/1","kek_number":1,'
    b'"object_id":"obj_0123456789abcdef0123456789abcdef",'
    b'"object_name":"originals/ab/abababababababababababababababababababababababababababababababab",'
    b'"sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",'
    b'"size_bytes":12345,"wrapped_key":"'
    b"c8c9cacbcccdcecfd0d1d2d351392398c289bd673c7555f5524ba55bb0d6"
    b"befb503efe73b5f061ba86ccf5b69e6f8c9f0225330ce9fb199380310bfd"
    b'"}'
)


def wrap(keys=KEYS, **values):
    values = {
        "object_id": OBJECT_ID,
        "object_name": object_keys.original("ab" * 32),
        "size_bytes": 12_345,
        "sha256": "cd" * 32,
    } | values
    return wrap_key(DATA_KEY, keys, **values)


def test_a_wrapped_key_comes_back():
    assert unwrap_key(wrap(), KEYS) == DATA_KEY


def test_a_record_of_yesterday_opens():
    record = KeyRecord.from_bytes(VECTOR)
    assert unwrap_key(record, KEYS) == DATA_KEY
    assert record.to_bytes() == VECTOR


def test_a_record_never_holds_the_key_itself():
    record = wrap()
    assert DATA_KEY not in record.wrapped_key
    assert wrap().wrapped_key != record.wrapped_key


@pytest.mark.parametrize(
    "changed",
    [
        {"object_id": OTHER_ID},
        {"size_bytes": 12_344},
        {"sha256": "ce" * 32},
        {"kek_number": 2},
        {"wrapped_key": bytes(60)},
        {"wrapped_key": b""},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_changed_record_does_not_open(changed):
    keys = KeyEncryptionKeys(1, {1: KEK, 2: KEK})  # the same bytes: the number itself is bound
    with pytest.raises(KeyRecordAltered):
        unwrap_key(dataclasses.replace(wrap(), **changed), keys)


def test_a_missing_or_short_key_opens_nothing():
    with pytest.raises(KeyMissing):
        unwrap_key(wrap(), KeyEncryptionKeys(2, {2: KEK}))
    with pytest.raises(KeyMissing):
        unwrap_key(wrap(), KeyEncryptionKeys(1, {1: KEK[:16]}))


def test_rewrapping_moves_a_record_to_the_current_key():
    both = KeyEncryptionKeys(2, {1: KEK, 2: bytes(32)})
    renewed = rewrap(wrap(), both)
    assert renewed.kek_number == 2
    assert unwrap_key(renewed, KeyEncryptionKeys(2, {2: bytes(32)})) == DATA_KEY


def test_rewrapping_again_changes_nothing():
    record = wrap()
    assert rewrap(record, KEYS) is record


def test_rewrapping_does_not_heal_an_altered_record():
    altered = dataclasses.replace(wrap(), size_bytes=1)
    with pytest.raises(KeyRecordAltered):
        rewrap(altered, KeyEncryptionKeys(2, {1: KEK, 2: bytes(32)}))


def test_no_key_shows_in_a_repr():
    record = wrap()
    assert repr(KEYS) == "KeyEncryptionKeys(current=1)"
    assert record.wrapped_key.hex() not in repr(record)
    assert repr(record.wrapped_key) not in repr(record)


# --- as bytes ----------------------------------------------------------------------------------


def test_a_record_is_read_as_it_was_written():
    record = wrap()
    assert KeyRecord.from_bytes(record.to_bytes()) == record


def rewritten(**changed):
    return json.dumps(json.loads(VECTOR) | changed, sort_keys=True, separators=(",", ":")).encode()


NOT_RECORDS = {
    "empty": b"",
    "no JSON": b"{",
    "no object": b"[]",
    "a number": b"7",
    "no UTF-8": b"\xff\xfe",
    "nested": b"[" * 100_000,
    "cut": VECTOR[:-1],
    "a space more": VECTOR.replace(b",", b", ", 1),
    "a line more": VECTOR + b"\n",
    "a name twice": VECTOR.replace(b'"kek_number":1,', b'"kek_number":1,"kek_number":1,'),
    "an unknown name": rewritten(extra=1),
    "a missing name": VECTOR.replace(b'"size_bytes":12345,', b""),
    "another form": rewritten(form="evidence-key-record/2"),
    "a size as text": rewritten(size_bytes="12345"),
    "a size as fraction": rewritten(size_bytes=1.5),
    "a size as truth": rewritten(size_bytes=True),
    "a negative size": rewritten(size_bytes=-1),
    "a huge size": rewritten(size_bytes=2**53),
    "a short key": rewritten(wrapped_key="00"),
    "a key that is no hex": rewritten(wrapped_key="zz" * 60),
    "a key in capitals": rewritten(wrapped_key="AB" * 60),
    "a key that is no text": rewritten(wrapped_key=7),
    "a bad id": rewritten(object_id="../../etc"),
    "a bad name": rewritten(object_name="/etc/passwd"),
    "a name that is no text": rewritten(object_name=[]),
    "a bad hash": rewritten(sha256="x"),
}


@pytest.mark.parametrize("what", NOT_RECORDS)
def test_what_is_no_record_is_refused(what):
    with pytest.raises(KeyRecordAltered):
        KeyRecord.from_bytes(NOT_RECORDS[what])


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(VECTOR) - 1), byte=st.integers(0, 255))
def test_no_change_of_a_byte_goes_unseen(at, byte):
    changed = VECTOR[:at] + bytes([byte]) + VECTOR[at + 1 :]
    if changed == VECTOR:
        return
    try:
        record = KeyRecord.from_bytes(changed)
    except KeyRecordAltered:
        return
    if record.object_name != KeyRecord.from_bytes(VECTOR).object_name:
        return  # the name is not bound: under another name lies another object, which does not open
    with pytest.raises((KeyRecordAltered, KeyMissing)):
        unwrap_key(record, KEYS)
