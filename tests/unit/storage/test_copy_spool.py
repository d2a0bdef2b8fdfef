"""Copies: sealed while they are built, streamed with ranges, evicted when room is needed."""

import dataclasses
import errno
import hashlib
import os
import tracemalloc

import pytest

from storage import object_keys, temporary
from storage.errors import (
    BadObjectName,
    KeyMissing,
    KeyRecordAltered,
    ObjectAltered,
    ObjectMissing,
    RangeOutside,
    StoreUnavailable,
)
from storage.key_records import KeyEncryptionKeys, KeyRecord
from storage.spool import CopySpool

MEGABYTE = 1 << 20
PDF = bytes(range(251)) * 12_000  # 3 MB
PIECES = [PDF[at : at + 70_001] for at in range(0, len(PDF), 70_001)]


def copy_id(number):
    return f"copy_{number:02x}" + "0" * 30


@pytest.fixture
def folder(private_folder):
    return private_folder("copies")


@pytest.fixture
def open_spool(folder, keys):
    opened = []

    def opening(max_bytes=100 * MEGABYTE, keys=keys):
        opened.append(CopySpool(folder, keys, max_bytes))
        return opened[-1]

    yield opening
    for spool in opened:
        spool.close()


@pytest.fixture
def spool(open_spool):
    return open_spool()


def build(spool, pieces=PIECES, number=1):
    with spool.begin(copy_id(number)) as writer:
        for piece in pieces:
            assert writer.write(piece) == len(piece)
        return writer.finish()


def read(spool, record, first=0, count=None):
    with spool.open(record) as reader:
        return b"".join(reader.pieces(first, record.size_bytes if count is None else count))


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".room"]


@pytest.mark.parametrize("size_bytes", [0, 1, 65_536, MEGABYTE, MEGABYTE + 1, len(PDF)])
def test_a_copy_comes_out_as_it_was_written(spool, size_bytes):
    record = build(spool, [PDF[:size_bytes]])
    assert record.size_bytes == size_bytes
    assert record.sha256 == hashlib.sha256(PDF[:size_bytes]).hexdigest()
    assert read(spool, record) == PDF[:size_bytes]


def test_pieces_of_any_size_make_the_same_copy(spool):
    drops = [PDF[at : at + 997] for at in range(0, 200_000, 997)]
    assert build(spool, drops).sha256 == hashlib.sha256(b"".join(drops)).hexdigest()
    assert read(spool, build(spool)) == PDF


def test_the_writer_knows_where_it_stands(spool):
    with spool.begin(copy_id(1)) as writer:
        assert writer.tell() == 0
        writer.write(PDF)
        assert writer.tell() == writer.size_bytes == len(PDF)


@pytest.mark.parametrize(
    ("first", "count"),
    [(0, 1), (65_535, 2), (65_536, 65_536), (len(PDF) - 1, 1), (len(PDF), 0), (100, 2_000_000)],
)
def test_a_range_is_exactly_that_range(spool, first, count):
    assert read(spool, build(spool), first, count) == PDF[first : first + count]


def test_a_range_outside_is_refused(spool):
    with pytest.raises(RangeOutside):
        read(spool, build(spool), 1, len(PDF))


def test_a_copy_is_sealed_on_the_disk(spool, folder):
    build(spool, [b"name of a person " * 1_000])
    assert len(files_in(folder)) == 1
    assert b"person" not in files_in(folder)[0].read_bytes()


def test_a_large_copy_is_written_and_read_in_flat_memory(spool):
    megabyte = bytes(MEGABYTE)
    tracemalloc.start()
    try:
        record = build(spool, (megabyte for _ in range(40)))
        with spool.open(record) as reader:
            streamed = sum(len(piece) for piece in reader.pieces(0, record.size_bytes))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert streamed == 40 * MEGABYTE
    assert peak < 10 * MEGABYTE


def test_the_record_is_all_that_another_process_needs(spool, open_spool):
    record = KeyRecord.from_bytes(build(spool).to_bytes())
    assert read(open_spool(), record) == PDF


def test_a_copy_that_was_not_finished_is_gone(spool, folder):
    with spool.begin(copy_id(1)) as writer:
        writer.write(PDF)
    assert files_in(folder) == []


def test_a_copy_whose_building_failed_is_gone(spool, folder):
    def fail():
        with spool.begin(copy_id(1)) as writer:
            writer.write(PDF)
            raise RuntimeError("page 7 cannot be drawn")

    with pytest.raises(RuntimeError, match="page 7"):
        fail()
    assert files_in(folder) == []


def test_a_copy_cannot_be_opened_before_it_is_finished(spool):
    record = build(spool)
    spool.remove(copy_id(1))
    with spool.begin(copy_id(1)) as writer:
        writer.write(PDF)
        assert list(spool.copy_ids()) == []
        with pytest.raises(ObjectMissing), spool.open(record):
            pass


@pytest.mark.parametrize("at", [0, 65_552 + 3, -1])
def test_a_changed_byte_is_found(spool, folder, rewrite, at):
    record = build(spool)
    sealed = bytearray(files_in(folder)[0].read_bytes())
    sealed[at] ^= 1
    rewrite(files_in(folder)[0], bytes(sealed))
    with pytest.raises(ObjectAltered):
        read(spool, record)


def test_a_cut_copy_is_found_before_the_first_byte(spool, folder, rewrite):
    record = build(spool)
    rewrite(files_in(folder)[0], files_in(folder)[0].read_bytes()[:-1])
    with pytest.raises(ObjectAltered), spool.open(record):
        pass


def test_another_copy_in_its_place_is_found(spool, folder):
    one, other = build(spool, number=1), build(spool, number=2)
    (folder / other.object_name).replace(folder / one.object_name)
    with pytest.raises(ObjectAltered):
        read(spool, one)


def test_a_changed_record_opens_nothing(spool):
    record = build(spool)
    with pytest.raises(KeyRecordAltered), spool.open(dataclasses.replace(record, size_bytes=1)):
        pass
    elsewhere = dataclasses.replace(record, object_name=object_keys.original("ab" * 32))
    with pytest.raises(BadObjectName), spool.open(elsewhere):
        pass


def test_without_the_key_nothing_opens(spool, open_spool):
    record = build(spool)
    with pytest.raises(KeyMissing), open_spool(keys=KeyEncryptionKeys(2, {})).open(record):
        pass


def test_a_removed_copy_is_missing(spool):
    record = build(spool)
    assert list(spool.copy_ids()) == [copy_id(1)]
    assert spool.remove(copy_id(1)) is True
    assert spool.remove(copy_id(1)) is False
    assert list(spool.copy_ids()) == []
    with pytest.raises(ObjectMissing), spool.open(record):
        pass


def test_old_copies_make_room_and_those_being_read_stay_readable(open_spool, folder):
    spool = open_spool(max_bytes=7 * MEGABYTE)
    first, second = build(spool, number=1), build(spool, number=2)
    os.utime(folder / first.object_name, (1_000, 1_000))
    with spool.open(second) as reading:
        os.utime(folder / second.object_name, (2_000, 2_000))
        third = build(spool, number=3)
        assert b"".join(reading.pieces(0, len(PDF))) == PDF
    assert read(spool, third) == PDF
    with pytest.raises(ObjectMissing), spool.open(first):
        pass
    assert sum(path.stat().st_size for path in files_in(folder)) <= 7 * MEGABYTE


def test_a_copy_beyond_the_bound_is_given_up(open_spool, folder):
    with pytest.raises(StoreUnavailable, match="room"):
        build(open_spool(max_bytes=2 * MEGABYTE))
    assert files_in(folder) == []


def test_two_copies_in_the_making_do_not_evict_each_other(open_spool):
    spool = open_spool(max_bytes=4 * MEGABYTE)
    with spool.begin(copy_id(1)) as one, spool.begin(copy_id(2)) as other:
        one.write(PDF)
        with pytest.raises(StoreUnavailable):
            other.write(PDF)
        record = one.finish()
    assert read(spool, record) == PDF


@pytest.mark.parametrize("call", ["write", "ftruncate", "rename"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_leaves_nothing(spool, folder, failing, monkeypatch, call, code):
    failing(call, code)
    with pytest.raises(StoreUnavailable, match=errno.errorcode[code]):
        build(spool)
    monkeypatch.undo()
    assert files_in(folder) == []
    assert read(spool, build(spool)) == PDF


def test_a_copy_cannot_begin_on_a_read_only_disk(spool, failing):
    failing("open", errno.EROFS, when=lambda name, *_: str(name).startswith(temporary.PREFIX))
    with pytest.raises(StoreUnavailable):
        spool.begin(copy_id(1))


def test_an_id_that_is_none_begins_nothing(spool):
    with pytest.raises(BadObjectName):
        spool.begin("../x")
    with pytest.raises(BadObjectName):
        spool.remove("../x")
