"""Envelope encryption over the folder of objects: what was put is what comes out, or an alarm."""

import errno
import hashlib
import io
import tracemalloc
from pathlib import Path

import pytest

from storage import object_keys
from storage.chunks import SEALED_CHUNK_BYTES, sealed_size
from storage.errors import (
    BadObjectName,
    KeyMissing,
    KeyRecordAltered,
    KeyRecordMissing,
    ObjectAltered,
    ObjectMissing,
    SourceDiffers,
    StoreBroken,
    StoreUnavailable,
)
from storage.key_records import KeyEncryptionKeys, rewrap, unwrap_key, wrap_key
from storage.sealed import SealedStore, check_sealed_object

OBJECT_ID = "obj_" + "0123456789abcdef" * 2
DATA = b"what the camera saw " * 10_000  # 200,000 bytes, four chunks
MEGABYTE = 1 << 20


def put(vault, data=DATA, object_id=OBJECT_ID, **promised):
    promised = {
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    } | promised
    return vault.sealed.put(io.BytesIO(data), object_id=object_id, **promised)


def read(vault, record):
    sink = io.BytesIO()
    vault.sealed.read_verified(record, sink)
    return sink.getvalue()


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size_bytes", [0, 1, 65_536, 65_537, 200_000])
def test_what_was_sealed_comes_out_whole(vault, size_bytes):
    deposit = put(vault, DATA[:size_bytes])
    assert read(vault, deposit.record) == DATA[:size_bytes]
    with vault.sealed.open(deposit.record) as reader:
        assert reader.size_bytes == size_bytes
        assert reader.read() == DATA[:size_bytes]


def test_the_record_says_what_was_stored(vault):
    deposit = put(vault)
    assert deposit.record.object_id == OBJECT_ID
    assert deposit.record.size_bytes == len(DATA)
    assert deposit.record.sha256 == hashlib.sha256(DATA).hexdigest()
    assert deposit.record.kek_number == 1
    assert deposit.stored.name == deposit.record.object_name
    assert deposit.stored.size_bytes == sealed_size(len(DATA))


def test_the_objects_name_is_the_hash_of_the_sealed_bytes(vault):
    deposit = put(vault)
    sealed = (vault.objects_folder / deposit.stored.name).read_bytes()
    assert deposit.stored.name == object_keys.original(hashlib.sha256(sealed).hexdigest())


def test_no_plain_byte_lies_on_any_disk(vault):
    put(vault)
    lying = files_in(vault.objects_folder) + files_in(vault.records_folder)
    assert len(lying) == 2
    assert not [path for path in lying if b"camera" in path.read_bytes()]
    assert files_in(vault.spool_folder) == []


def test_the_same_bytes_twice_do_not_look_the_same(vault):
    first, second = put(vault), put(vault, object_id="obj_" + "f" * 32)
    assert first.stored.name != second.stored.name


def test_the_second_copy_of_the_key_record_is_there_before_the_answer(vault):
    deposit = put(vault)
    assert vault.records.get(OBJECT_ID) == deposit.record


def test_a_large_object_passes_through_flat_memory(vault):
    class Stream:
        rest = 40 * MEGABYTE

        def read(self, size_bytes):
            piece = b"s" * min(size_bytes, self.rest)
            self.rest -= len(piece)
            return piece

    class Nowhere:
        def write(self, data):
            pass

    digest = hashlib.sha256(b"s" * (40 * MEGABYTE)).hexdigest()
    tracemalloc.start()
    try:
        deposit = vault.sealed.put(
            Stream(), object_id=OBJECT_ID, size_bytes=40 * MEGABYTE, sha256=digest
        )
        vault.sealed.read_verified(deposit.record, Nowhere())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * MEGABYTE


@pytest.mark.parametrize(
    "promised",
    [{"size_bytes": len(DATA) - 1}, {"size_bytes": len(DATA) + 1}, {"sha256": "0" * 64}],
)
def test_a_source_that_breaks_its_promise_leaves_nothing(vault, promised):
    with pytest.raises(SourceDiffers):
        put(vault, **promised)
    assert files_in(vault.objects_folder) + files_in(vault.records_folder) == []


@pytest.mark.parametrize("bad", [{"object_id": "../x"}, {"sha256": "x"}])
def test_bad_ids_and_hashes_are_refused_before_any_work(vault, bad):
    with pytest.raises(BadObjectName):
        put(vault, **bad)


@pytest.mark.parametrize(
    "at", [0, SEALED_CHUNK_BYTES + 5, -1], ids=["first byte", "second chunk", "last byte"]
)
def test_a_changed_byte_on_disk_is_an_alarm(vault, rewrite, at):
    record = put(vault).record
    path = vault.objects_folder / record.object_name
    sealed = bytearray(path.read_bytes())
    sealed[at] ^= 1
    rewrite(path, bytes(sealed))
    with pytest.raises(ObjectAltered):
        read(vault, record)
    with pytest.raises(ObjectAltered):
        vault.sealed.check_sealed(record)


@pytest.mark.parametrize("cut", [1, 16, SEALED_CHUNK_BYTES])
def test_a_cut_tail_is_an_alarm_before_the_first_byte(vault, rewrite, cut):
    record = put(vault).record
    path = vault.objects_folder / record.object_name
    rewrite(path, path.read_bytes()[:-cut])
    with pytest.raises(ObjectAltered), vault.sealed.open(record):
        pass


def test_another_object_in_its_place_is_an_alarm(vault, rewrite):
    record, other = put(vault).record, put(vault, object_id="obj_" + "f" * 32).record
    other_bytes = (vault.objects_folder / other.object_name).read_bytes()
    rewrite(vault.objects_folder / record.object_name, other_bytes)
    with pytest.raises(ObjectAltered):
        read(vault, record)


def test_an_altered_empty_object_is_an_alarm(vault, rewrite):
    record = put(vault, b"").record
    rewrite(vault.objects_folder / record.object_name, bytes(16))
    with pytest.raises(ObjectAltered):
        read(vault, record)


def test_a_record_of_other_plain_bytes_is_an_alarm(vault, keys):
    true = put(vault).record
    forged = wrap_key(
        unwrap_key(true, keys),
        keys,
        object_id=true.object_id,
        object_name=true.object_name,
        size_bytes=true.size_bytes,
        sha256="0" * 64,
    )
    with pytest.raises(ObjectAltered):
        read(vault, forged)


def test_an_object_that_is_gone_is_missing(vault):
    record = put(vault).record
    (vault.objects_folder / record.object_name).unlink()
    with pytest.raises(ObjectMissing), vault.sealed.open(record):
        pass


def test_the_operator_checks_objects_without_any_key(vault):
    deposit = put(vault)
    vault.sealed.check_sealed(deposit.record)
    assert check_sealed_object(vault.store, deposit.stored.name) == deposit.stored.size_bytes


def with_keys(vault, keys):
    return SealedStore(vault.store, vault.records, keys, vault.spool_folder)


def test_a_wrong_key_opens_nothing(vault):
    record = put(vault).record
    wrong = with_keys(vault, KeyEncryptionKeys(1, {1: bytes(32)}))
    with pytest.raises(KeyRecordAltered), wrong.open(record):
        pass


def test_without_the_key_of_the_record_nothing_opens(vault):
    record = put(vault).record
    missing = with_keys(vault, KeyEncryptionKeys(2, {2: bytes(32)}))
    with pytest.raises(KeyMissing), missing.open(record):
        pass


def test_without_the_current_key_nothing_is_stored(vault):
    broken = with_keys(vault, KeyEncryptionKeys(2, {1: bytes(32)}))
    with pytest.raises(KeyMissing):
        broken.put(
            io.BytesIO(DATA),
            object_id=OBJECT_ID,
            size_bytes=len(DATA),
            sha256=hashlib.sha256(DATA).hexdigest(),
        )
    assert files_in(vault.objects_folder) == []


def test_a_rewrapped_record_opens_the_same_object_and_the_old_key_may_go(vault, keys):
    record = put(vault).record
    both = KeyEncryptionKeys(2, {**keys.keys, 2: bytes(range(32, 64))})
    vault.records.put(rewrap(record, both))
    renewed = with_keys(vault, KeyEncryptionKeys(2, {2: both.keys[2]}))
    sink = io.BytesIO()
    renewed.read_verified(vault.records.get(OBJECT_ID), sink)
    assert sink.getvalue() == DATA


def test_shredding_the_records_leaves_an_object_that_nobody_opens(vault):
    record = put(vault).record
    assert vault.records.delete(OBJECT_ID)
    with pytest.raises(KeyRecordMissing):
        vault.records.get(OBJECT_ID)
    vault.sealed.check_sealed(record)


def test_a_missing_spool_is_unavailable_and_leaves_nothing(vault):
    vault.spool_folder.rmdir()
    with pytest.raises(StoreUnavailable):
        put(vault)
    assert files_in(vault.objects_folder) + files_in(vault.records_folder) == []


def test_no_acknowledgement_without_a_second_copy(vault, failing):
    failing("rename", errno.ENOSPC)
    with pytest.raises(StoreUnavailable):
        put(vault)
    assert files_in(vault.records_folder) == []


def test_a_failed_sync_comes_through_as_what_it_is(vault, failing):
    failing("fsync")
    with pytest.raises(StoreBroken):
        put(vault)


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_reader_is_closed_with_its_object(vault):
    record = put(vault).record
    before = open_files()
    with vault.sealed.open(record) as reader:
        pass
    assert reader.closed
    assert open_files() == before
