"""The folder of objects: what it refuses, what is left when the disk or the process dies."""

import hashlib
import io
import os
import stat

import pytest

from storage import mounts, object_keys, temporary
from storage.errors import (
    ObjectAltered,
    ObjectDiffers,
    StoreRefused,
    StoreUnavailable,
)
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


def test_an_object_lies_under_its_name_readable_by_us_alone(store, folder):
    put(store)
    path = folder / NAME
    assert path.read_bytes() == DATA
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert path.stat().st_nlink == 1
    assert files_in(folder) == [path.name]
    shards = [path for path in folder.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(shard.stat().st_mode) for shard in shards} == {0o700}


# --- start -----------------------------------------------------------------------------------


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(StoreRefused, match="missing"):
        LocalStore(tmp_path / "nowhere")


def test_a_folder_that_is_a_link_is_refused(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(StoreRefused, match="link"):
        LocalStore(tmp_path / "link")


@pytest.mark.parametrize("mode", [0o710, 0o701, 0o755, 0o770, 0o777])
def test_a_folder_open_to_others_is_refused(folder, mode):
    folder.chmod(mode)
    with pytest.raises(StoreRefused, match="open to others"):
        LocalStore(folder)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "ceph", "fuse.sshfs", "fuse"])
def test_a_folder_on_a_network_file_system_is_refused(folder, tmp_path, monkeypatch, kind):
    table = mounts._MOUNT_TABLE.read_text()
    lines = [f"{line.partition(' - ')[0]} - {kind} server rw" for line in table.splitlines()]
    (tmp_path / "mountinfo").write_text("\n".join(lines))
    monkeypatch.setattr(mounts, "_MOUNT_TABLE", tmp_path / "mountinfo")
    with pytest.raises(StoreRefused, match="network"):
        LocalStore(folder)


def test_a_file_system_that_cannot_be_told_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(mounts, "_MOUNT_TABLE", tmp_path / "not there")
    with pytest.raises(StoreRefused, match="cannot be told"):
        LocalStore(folder)


def test_all_faults_are_named_at_once(folder, tmp_path, monkeypatch):
    folder.chmod(0o755)
    monkeypatch.setattr(mounts, "_MOUNT_TABLE", tmp_path / "not there")
    with pytest.raises(StoreRefused) as refused:
        LocalStore(folder)
    assert len(refused.value.faults) == 2


def test_leftovers_of_a_killed_writer_are_removed_at_start(store, folder):
    put(store)
    leftover = (folder / NAME).parent / f"{temporary.PREFIX}dead"
    leftover.write_bytes(b"half")
    LocalStore(folder).close()
    assert files_in(folder) == [(folder / NAME).name]


def test_a_start_beside_a_living_writer_leaves_its_file_alone(store, folder):
    class StartsAnotherStore(io.BytesIO):
        def read(self, size=-1, /):
            LocalStore(folder).close()
            return super().read(size)

    put(store, StartsAnotherStore(DATA))
    assert (folder / NAME).read_bytes() == DATA


# --- planted ---------------------------------------------------------------------------------


def test_a_link_under_an_objects_name_is_an_alarm(store, folder, tmp_path):
    (tmp_path / "outside").write_bytes(DATA)
    (folder / NAME).parent.mkdir(parents=True)
    (folder / NAME).symlink_to(tmp_path / "outside")
    with pytest.raises(ObjectAltered), store.open(NAME):
        pass
    with pytest.raises(ObjectAltered):
        put(store)


def test_a_link_in_place_of_a_subfolder_is_an_alarm(store, folder, tmp_path):
    (folder / NAME).parent.parent.mkdir()
    (tmp_path / "outside").mkdir()
    (folder / NAME).parent.symlink_to(tmp_path / "outside")
    with pytest.raises(ObjectAltered), store.open(NAME):
        pass
    with pytest.raises(ObjectAltered):
        put(store)
    assert files_in(tmp_path / "outside") == []


@pytest.mark.parametrize("plant", [os.mkfifo, os.mkdir])
def test_a_pipe_or_folder_under_an_objects_name_is_an_alarm(store, folder, plant):
    (folder / NAME).parent.mkdir(parents=True)
    plant(folder / NAME)
    with pytest.raises(ObjectAltered), store.open(NAME):
        pass


def test_foreign_files_are_no_objects(store, folder):
    put(store)
    ((folder / NAME).parent / "readme").write_text("hello")
    assert list(store.names()) == [NAME]


def test_an_altered_object_is_not_acknowledged_again(store, folder, rewrite):
    put(store)
    rewrite(folder / NAME, DATA[:-1] + b"?")
    with pytest.raises(ObjectDiffers):
        put(store)


def test_an_object_cut_while_it_is_open_is_altered(store, folder):
    put(store)
    with store.open(NAME) as opened:
        (folder / NAME).chmod(0o600)
        os.truncate(folder / NAME, 10)
        with pytest.raises(ObjectAltered):
            opened.read_range(0, len(DATA))


def test_a_closed_object_gives_nothing(store):
    put(store)
    with store.open(NAME) as opened:
        pass
    with pytest.raises(StoreUnavailable):
        opened.read_range(0, 1)
