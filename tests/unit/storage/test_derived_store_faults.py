"""Prepared pages on a full, read-only or dying disk: a miss, and never an error to the reader."""

import errno
import shutil
import subprocess
import sys
import textwrap

import pytest

from storage import object_keys, temporary
from storage.derived import DerivedStore
from storage.errors import StoreUnavailable

KEY = bytes(range(32))
PAGE = b"a clean page " * 10_000  # 130,000 bytes, two chunks
MEGABYTE = 1 << 20


def page(number, key_number=1):
    return object_keys.prepared_page(f"{number:02x}" * 32, key_number)


@pytest.fixture
def folder(private_folder):
    return private_folder("prepared")


@pytest.fixture
def open_store(folder):
    opened = []

    def opening(key=KEY, max_bytes=10 * MEGABYTE):
        opened.append(DerivedStore(folder, key, max_bytes))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store):
    return open_store()


def entries_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".room")


def size_of(folder):
    return sum(path.stat().st_size for path in entries_in(folder))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("call", ["mkdir", "open", "write", "ftruncate", "rename", "fsync"])
def test_a_page_that_cannot_be_kept_is_only_not_kept(
    store, folder, failing, monkeypatch, call, code
):
    failing(call, code)
    assert store.put(page(1), PAGE) is False
    monkeypatch.undo()
    assert entries_in(folder) == []
    assert store.put(page(1), PAGE)


@pytest.mark.parametrize("call", ["open", "pread", "utime"])
def test_a_page_that_cannot_be_read_is_a_miss_or_read_all_the_same(
    store, failing, monkeypatch, call
):
    store.put(page(1), PAGE)
    failing(call)
    assert store.get(page(1)) in (None, PAGE)
    monkeypatch.undo()
    assert store.get(page(1)) == PAGE


def test_a_damaged_page_on_a_read_only_disk_is_a_miss(store, folder, failing):
    store.put(page(1), PAGE)
    entries_in(folder)[0].write_bytes(b"torn")
    failing("unlink", errno.EROFS)
    assert store.get(page(1)) is None


def test_a_folder_that_was_taken_away_is_a_miss(store, folder):
    store.put(page(1), PAGE)
    shutil.rmtree(folder)
    assert store.get(page(1)) is None
    assert store.put(page(1), PAGE) is False


def test_a_page_that_cannot_be_removed_is_not_called_removed(store, failing):
    store.put(page(1), PAGE)
    failing("unlink", errno.EROFS)
    with pytest.raises(StoreUnavailable):
        store.remove(page(1))


def test_a_store_on_a_read_only_disk_opens_and_reads(open_store, failing):
    open_store().put(page(1), PAGE)
    failing("open", errno.EROFS, when=lambda name, *_: name == ".room")
    store = open_store()
    assert store.get(page(1)) == PAGE
    assert store.put(page(2), PAGE) is False


CHILD = """
    import os, signal, sys
    from pathlib import Path
    from storage import object_keys
    from storage.derived import DerivedStore

    def stop(*arguments, **options):
        print("here", flush=True)
        signal.pause()

    os.rename = stop
    name = object_keys.prepared_page("01" * 32, 1)
    DerivedStore(Path(sys.argv[1]), bytes(range(32)), 1_000_000).put(name, bytes(500_000))
"""


def test_a_killed_writer_leaves_a_miss_and_takes_no_room_for_ever(open_store, folder):
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"here\n"
        child.kill()
    assert len(list(folder.rglob(f"{temporary.PREFIX}*"))) == 1
    store = open_store(max_bytes=1_000_000)
    assert store.get(page(1)) is None
    assert store.size_bytes() == 0
    assert store.put(page(1), bytes(900_000))
