"""The folder of objects when the disk is full, read-only, away or dying, and after a kill -9."""

import errno
import hashlib
import io
import os
import resource
import shutil
import stat
import subprocess
import sys
import textwrap
from contextlib import contextmanager

import pytest

from storage import object_keys, temporary
from storage.errors import StoreBroken, StoreUnavailable
from storage.local import LocalStore

DATA = b"evidence" * 400_000  # 3.2 MB, several blocks
NAME = object_keys.original(hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def folder(private_folder):
    return private_folder("objects")


@pytest.fixture
def store(folder):
    opened = LocalStore(folder)
    yield opened
    opened.close()


def put(store, source=None, name=NAME):
    digest = hashlib.sha256(DATA).hexdigest()
    return store.put(name, source or io.BytesIO(DATA), size_bytes=len(DATA), sha256=digest)


def files_in(folder):
    return sorted(path.name for path in folder.rglob("*") if not path.is_dir())


# --- full, read-only, away --------------------------------------------------------------------


@contextmanager
def files_limited_to(size_bytes):
    """Let the kernel refuse to make any file longer than this: a real failing write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_the_kernel_refuses_leaves_nothing_and_can_be_repeated(store, folder):
    with files_limited_to(1_500_000), pytest.raises(StoreUnavailable, match="EFBIG"):
        put(store)
    assert files_in(folder) == []
    assert put(store).size_bytes == len(DATA)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("call", ["mkdir", "open", "write", "link"])
def test_a_full_or_read_only_disk_leaves_nothing(store, folder, failing, monkeypatch, call, code):
    is_new = {"open": lambda name, *_: str(name).startswith(temporary.PREFIX)}
    failing(call, code, is_new.get(call))
    with pytest.raises(StoreUnavailable, match=errno.errorcode[code]):
        put(store)
    assert files_in(folder) == []
    monkeypatch.undo()
    assert put(store).size_bytes == len(DATA)


IN_A_MOUNT_OF_ITS_OWN = """
    import errno, hashlib, io, os, subprocess, sys
    from pathlib import Path
    from storage import object_keys
    from storage.errors import StoreUnavailable
    from storage.local import LocalStore

    def put(store, data):
        digest = hashlib.sha256(data).hexdigest()
        name = object_keys.original(digest)
        return store.put(name, io.BytesIO(data), size_bytes=len(data), sha256=digest)

    folder = Path(sys.argv[1])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "none", folder], check=True)
    store = LocalStore(folder)
    small = put(store, b"small")
    try:
        put(store, bytes(2_000_000))
    except StoreUnavailable as error:
        print(error)
    print(len(list(store.names())), len([p for p in folder.rglob("*") if p.is_file()]))
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    try:
        put(store, b"other")
    except StoreUnavailable as error:
        print(error)
    print(put(store, b"small") == small)
    subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
    print(put(store, b"other").size_bytes)
"""


def test_a_truly_full_and_a_truly_read_only_disk_leave_nothing(folder):
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine gives no mount of one's own; the faults above are injected")
    ran = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", textwrap.dedent(IN_A_MOUNT_OF_ITS_OWN), folder],
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines() == [
        "cannot store an object: ENOSPC",
        "1 1",
        "cannot store an object: EROFS",
        "True",
        "5",
    ]


def test_a_folder_that_was_taken_away_is_unavailable_not_empty(store, folder):
    put(store)
    shutil.rmtree(folder)
    with pytest.raises(StoreUnavailable):
        put(store)
    with pytest.raises(StoreUnavailable):
        store.stat(NAME)
    with pytest.raises(StoreUnavailable):
        list(store.names())


def test_an_unreadable_disk_is_unavailable(store, failing):
    put(store)
    failing("pread")
    with store.open(NAME) as opened, pytest.raises(StoreUnavailable):
        opened.read_range(0, 1)


def test_a_failed_sync_of_the_bytes_breaks_the_store_for_good(store, folder, failing, monkeypatch):
    failing("fsync", when=lambda descriptor: stat.S_ISREG(os.fstat(descriptor).st_mode))
    with pytest.raises(StoreBroken):
        put(store)
    assert files_in(folder) == []
    monkeypatch.undo()
    with pytest.raises(StoreBroken):
        put(store)


def test_a_failed_sync_of_the_folder_is_never_acknowledged(store, failing, monkeypatch):
    put(store)
    failing("fsync", when=lambda descriptor: stat.S_ISDIR(os.fstat(descriptor).st_mode))
    with pytest.raises(StoreBroken):
        put(store)
    monkeypatch.undo()
    with pytest.raises(StoreBroken):
        put(store)


def test_the_bytes_are_on_disk_before_they_have_a_name_and_the_name_before_the_answer(
    store, folder, monkeypatch
):
    """Durability cannot be seen in a state, so the order of the calls is asked for here."""
    (folder / NAME).parent.mkdir(parents=True)
    order = []
    real_sync, real_link = os.fsync, os.link

    def sync(descriptor):
        kind = "file" if stat.S_ISREG(os.fstat(descriptor).st_mode) else "folder"
        order.append(f"sync {kind}")
        real_sync(descriptor)

    def link(*arguments, **options):
        order.append("link")
        real_link(*arguments, **options)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "link", link)
    put(store)
    assert order[-3:] == ["sync file", "link", "sync folder"]


# --- kill -9 ----------------------------------------------------------------------------------

CHILD = """
    import hashlib, io, os, signal, sys
    from pathlib import Path
    from storage import object_keys
    from storage.local import LocalStore

    def stop(*arguments, **options):
        print("here", flush=True)
        signal.pause()

    class Source(io.BytesIO):
        def read(self, size=-1, /):
            if stage == "half written" and self.tell() > 1_000_000:
                stop()
            return super().read(size)

    stage, folder = sys.argv[1], Path(sys.argv[2])
    data = b"evidence" * 400_000
    store = LocalStore(folder)
    if stage == "not linked":
        os.link = stop
    if stage == "not unlinked":
        os.unlink = stop
    digest = hashlib.sha256(data).hexdigest()
    store.put(object_keys.original(digest), Source(data), size_bytes=len(data), sha256=digest)
    stop()
"""


@pytest.mark.parametrize(
    ("stage", "visible", "leftovers"),
    [
        ("half written", False, 1),
        ("not linked", False, 1),
        ("not unlinked", True, 1),
        ("done", True, 0),
    ],
)
def test_a_killed_put_leaves_nothing_or_the_whole_object(folder, stage, visible, leftovers):
    command = [sys.executable, "-c", textwrap.dedent(CHILD), stage, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"here\n"
        child.kill()
    left = [name for name in files_in(folder) if name.startswith(temporary.PREFIX)]
    assert len(left) == leftovers

    store = LocalStore(folder)
    assert files_in(folder) == ([NAME.rpartition("/")[2]] if visible else [])
    assert list(store.names()) == ([NAME] if visible else [])
    assert put(store).size_bytes == len(DATA)
    assert (folder / NAME).read_bytes() == DATA
    store.close()
