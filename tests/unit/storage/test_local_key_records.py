"""The second copy of the key records: replaced whole, deleted for good."""

import dataclasses
import errno
import os
import stat

import pytest

from storage import object_keys, temporary
from storage.errors import (
    BadObjectName,
    KeyRecordAltered,
    KeyRecordMissing,
    StoreBroken,
    StoreUnavailable,
)
from storage.key_records import KeyEncryptionKeys, wrap_key
from storage.local_key_records import LocalKeyRecords

OBJECT_ID = "obj_" + "0123456789abcdef" * 2
OTHER_ID = "obj_" + "f" * 32


def wrap():
    return wrap_key(
        bytes(range(64, 96)),
        KeyEncryptionKeys(1, {1: bytes(range(32))}),
        object_id=OBJECT_ID,
        object_name=object_keys.original("ab" * 32),
        size_bytes=12_345,
        sha256="cd" * 32,
    )


@pytest.fixture
def folder(private_folder):
    return private_folder("records")


@pytest.fixture
def records(folder):
    opened = LocalKeyRecords(folder)
    yield opened
    opened.close()


def path_of(folder, object_id=OBJECT_ID):
    return folder / object_keys.key_record(object_id)


def test_a_record_is_kept_and_replaced(records):
    first, second = wrap(), wrap()
    records.put(first)
    assert records.get(OBJECT_ID) == first
    records.put(second)
    assert records.get(OBJECT_ID) == second
    assert list(records.object_ids()) == [OBJECT_ID]


def test_a_record_is_for_our_eyes_only(records, folder):
    records.put(wrap())
    assert path_of(folder).stat().st_mode & 0o377 == 0


def test_a_deleted_record_is_gone(records, folder):
    records.put(wrap())
    assert records.delete(OBJECT_ID) is True
    assert records.delete(OBJECT_ID) is False
    with pytest.raises(KeyRecordMissing):
        records.get(OBJECT_ID)
    assert list(records.object_ids()) == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_an_id_that_is_none_reaches_no_file(records):
    for act in (records.get, records.delete):
        with pytest.raises(BadObjectName):
            act("../../etc/passwd")


def test_a_record_in_anothers_place_is_refused(records, folder):
    records.put(wrap())
    path_of(folder, OTHER_ID).parent.mkdir()
    path_of(folder).rename(path_of(folder, OTHER_ID))
    with pytest.raises(KeyRecordAltered):
        records.get(OTHER_ID)


def test_a_damaged_or_planted_record_is_refused(records, folder, rewrite, tmp_path):
    records.put(wrap())
    rewrite(path_of(folder), wrap().to_bytes()[:-1])
    with pytest.raises(KeyRecordAltered):
        records.get(OBJECT_ID)
    rewrite(path_of(folder), b" " * 1_000_000)
    with pytest.raises(KeyRecordAltered):
        records.get(OBJECT_ID)
    path_of(folder).unlink()
    (tmp_path / "outside").write_bytes(wrap().to_bytes())
    path_of(folder).symlink_to(tmp_path / "outside")
    with pytest.raises(KeyRecordAltered):
        records.get(OBJECT_ID)


def test_a_record_that_could_not_be_read_again_is_not_written(records):
    with pytest.raises(KeyRecordAltered):
        records.put(dataclasses.replace(wrap(), wrapped_key=b"short"))
    assert list(records.object_ids()) == []


@pytest.mark.parametrize("call", ["write", "rename"])
def test_a_full_disk_leaves_the_old_record(records, folder, failing, monkeypatch, call):
    old = wrap()
    records.put(old)
    failing(call, errno.ENOSPC)
    with pytest.raises(StoreUnavailable):
        records.put(wrap())
    monkeypatch.undo()
    assert records.get(OBJECT_ID) == old
    assert list(folder.rglob(f"{temporary.PREFIX}*")) == []


def test_a_record_that_cannot_be_deleted_is_not_called_deleted(records, failing):
    records.put(wrap())
    failing("unlink", errno.EROFS)
    with pytest.raises(StoreUnavailable):
        records.delete(OBJECT_ID)


def test_a_failed_sync_of_the_bytes_leaves_the_old_record(records, failing, monkeypatch):
    old = wrap()
    records.put(old)
    failing("fsync", when=lambda descriptor: stat.S_ISREG(os.fstat(descriptor).st_mode))
    with pytest.raises(StoreBroken):
        records.put(wrap())
    monkeypatch.undo()
    assert records.get(OBJECT_ID) == old


def test_a_failed_sync_of_the_folder_breaks(records, failing):
    records.put(wrap())
    failing("fsync", when=lambda descriptor: stat.S_ISDIR(os.fstat(descriptor).st_mode))
    with pytest.raises(StoreBroken):
        records.put(wrap())
    with pytest.raises(StoreBroken):
        records.delete(OBJECT_ID)


def test_leftovers_and_foreign_files_are_no_records(records, folder):
    records.put(wrap())
    (path_of(folder).parent / f"{temporary.PREFIX}dead").write_bytes(b"half")
    (path_of(folder).parent / "readme").write_bytes(b"hello")
    again = LocalKeyRecords(folder)
    assert list(again.object_ids()) == [OBJECT_ID]
    assert list(folder.rglob(f"{temporary.PREFIX}*")) == []
    again.close()
