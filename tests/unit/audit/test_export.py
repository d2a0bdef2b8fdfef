"""Exports: written exactly, resumed and extended, and never over another tree."""

import os

import pytest

from evidence_service.audit.export import write_export
from evidence_service.audit.export_folder import TEMPORARY, ExportFolder
from evidence_service.audit.faults import ExportRefused
from evidence_service.audit.keys_file import KeysFile, LogKey

from .small_log import (
    ENTRIES,
    KEYS,
    SmallLog,
    checkpoint,
    cosigned,
    entry,
    files_of,
    granted,
)
from .vectors import VECTORS, entries_700, signer

EXPORT = VECTORS / "export"
MORE = (*ENTRIES, granted(6), granted(7))
LONG = (*ENTRIES, *(entry(n, "log", event="started") for n in range(10, 60)))


def write_700(folder, size=700, *, public=False, entries=None):
    kept = [(int(path.name), path.read_bytes()) for path in (EXPORT / "checkpoints").iterdir()]
    newest = EXPORT / ("checkpoint" if size == 700 else f"checkpoints/{size:016d}")
    write_export(
        folder,
        entries=entries_700()[:size] if entries is None else entries,
        size=size,
        checkpoints=kept,
        newest=newest.read_bytes(),
        keys_text=(EXPORT / "keys").read_text(),
        public=public,
    )


def test_the_sample_log_is_exported_byte_for_byte(tmp_path):
    write_700(tmp_path / "a" / "b")
    assert files_of(tmp_path / "a" / "b") == files_of(EXPORT)


def test_a_public_export_leaves_the_bundles_out(tmp_path):
    write_700(tmp_path, public=True)
    expected = files_of(EXPORT)
    assert files_of(tmp_path) == {
        path: data for path, data in expected.items() if not path.startswith("tile/entries/")
    }


@pytest.mark.parametrize("sizes", [(1, 700), (37, 255, 256, 257, 700), (512, 600, 700)])
def test_an_older_export_grows_into_the_newer_one(tmp_path, sizes):
    for size in sizes:
        write_700(tmp_path, size)
    assert files_of(tmp_path) == files_of(EXPORT)


def test_a_file_that_is_there_is_not_written_again(tmp_path):
    write_700(tmp_path)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}
    write_700(tmp_path)
    assert before == {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("stop", [0, 1, 255, 256, 300, 600, 699])
def test_an_export_cut_short_goes_on(tmp_path, stop):
    def cut():
        yield from entries_700()[:stop]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_700(tmp_path, entries=cut())
    assert not (tmp_path / "checkpoint").exists()
    (tmp_path / TEMPORARY).write_bytes(b"half a tile")
    write_700(tmp_path)
    assert files_of(tmp_path) == files_of(EXPORT)


def test_the_checkpoint_comes_last_and_after_everything_is_on_the_disk(tmp_path, monkeypatch):
    order = []
    plain = ExportFolder.write, ExportFolder.sync

    def write(self, path, data):
        order.append(path)
        plain[0](self, path, data)

    def sync(self):
        order.append("sync")
        plain[1](self)

    monkeypatch.setattr(ExportFolder, "write", write)
    monkeypatch.setattr(ExportFolder, "sync", sync)
    write_700(tmp_path)
    kept = [n for n, path in enumerate(order) if path.startswith("checkpoints/")]
    tiles = [n for n, path in enumerate(order) if path.startswith("tile/")]
    assert order[-4:] == ["keys", "sync", "checkpoint", "sync"]
    assert order[max(tiles) + 1] == "sync"
    assert max(tiles) < min(kept)


def test_progress_ends_with_the_size(tmp_path):
    told = []
    SmallLog().write(tmp_path, progress=lambda done, size: told.append((done, size)))
    assert told[-1] == (6, 6)


def test_a_checkpoint_above_the_size_is_left_out(tmp_path):
    log = SmallLog()
    later = (8, checkpoint(MORE))
    log.write(tmp_path, checkpoints=[later])
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == [f"{6:016d}"]


def altered(number):
    bodies = list(ENTRIES)
    bodies[number] = granted(77)
    return tuple(bodies)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(SmallLog().but(entries=altered(5)), id="a-fork"),
        pytest.param(SmallLog().but(entries=altered(1)), id="an-early-fork"),
        pytest.param(SmallLog().but(entries=MORE), id="a-newer-one"),
        pytest.param(SmallLog().but(entries=altered(4)[:5]), id="an-older-fork"),
        pytest.param(SmallLog().but(entries=altered(0)[:1], older=()), id="another-log-of-one"),
        pytest.param(SmallLog().but(entries=(*altered(3), granted(8))), id="a-longer-fork"),
    ],
)
def test_a_folder_that_holds_another_tree_is_refused_and_left_as_it_was(tmp_path, other):
    other.write(tmp_path)
    before = files_of(tmp_path)
    with pytest.raises(ExportRefused):
        SmallLog().write(tmp_path)
    assert {path: data for path, data in files_of(tmp_path).items() if path in before} == before
    assert files_of(tmp_path)["checkpoint"] == before["checkpoint"]


def test_a_fork_is_noticed_without_its_tiles(tmp_path):
    SmallLog().but(entries=altered(4)[:5]).write(tmp_path)
    for path in ("tile/0/000.p/5", "tile/entries/000.p/5"):
        (tmp_path / path).unlink()
    with pytest.raises(ExportRefused, match="holds_another_tree"):
        SmallLog().write(tmp_path)
    assert not (tmp_path / "tile/0/000.p/6").exists()


def test_bundles_do_not_stay_in_a_public_export(tmp_path):
    SmallLog().write(tmp_path)
    with pytest.raises(ExportRefused, match="bundles_are_not_public"):
        SmallLog().but(public=True).write(tmp_path)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("checkpoint", b"my own notes"),
        ("keys", b"my own keys"),
        ("keys", b"\xff"),
        ("keys", KeysFile((LogKey(signer(5).vkey, 1, None),)).text.encode()),
        ("checkpoints/notes", b"mine"),
        (f"checkpoints/{5:016d}", checkpoint(ENTRIES)),
        ("tile/photo.png", b"mine"),
        ("tile/0/000.p/7", bytes(7 * 32)),
        ("tile/0/001", bytes(256 * 32)),
        ("tile/0/000.p/6", bytes(6 * 32)),
        ("tile/0/000.p/2", bytes(2 * 32)),
        ("tile/entries/000.p/2", b"mine"),
    ],
)
def test_files_of_somebody_else_are_not_touched(tmp_path, path, data):
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(data)
    with pytest.raises(ExportRefused):
        SmallLog().write(tmp_path)
    assert (tmp_path / path).read_bytes() == data
    assert not (tmp_path / "checkpoint").exists() or path == "checkpoint"


@pytest.mark.parametrize(
    "path", ["checkpoint", "keys", "checkpoints", "tile", "tile/0", "tile/0/000.p/6", TEMPORARY]
)
def test_links_are_not_followed(tmp_path, path):
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "export"
    (folder / path).parent.mkdir(parents=True)
    (folder / path).symlink_to(outside)
    with pytest.raises(ExportRefused):
        SmallLog().write(folder)
    assert not list(outside.iterdir())


def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "checkpoint")
    with pytest.raises(ExportRefused, match="not_a_plain_file"):
        SmallLog().write(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"entries": ENTRIES[:5]},
        {"entries": MORE},
        {"entries": altered(5)},
        {"size": 5},
        {"newest": checkpoint(ENTRIES)[:-2]},
        {"newest": checkpoint(ENTRIES, by=signer(4))},
        {"newest": checkpoint(altered(5))},
        {"checkpoints": [(3, checkpoint(altered(1)[:3]))]},
        {"checkpoints": [(4, checkpoint(ENTRIES[:3]))]},
        {"checkpoints": [(6, checkpoint(altered(1)))]},
        {"checkpoints": [(3, b"")]},
        {"keys_text": ""},
        {"keys_text": KeysFile((LogKey(signer(1).vkey, 1, None),)).text},
    ],
)
def test_parts_that_do_not_fit_make_no_export(tmp_path, changes):
    with pytest.raises(ExportRefused):
        SmallLog().write(tmp_path / "export", **changes)
    assert not (tmp_path / "export" / "checkpoint").exists()


def test_one_writer_at_a_time(tmp_path):
    place = ExportFolder(tmp_path)
    with place.held(), pytest.raises(ExportRefused, match="another_writer"):
        SmallLog().write(tmp_path)
    SmallLog().write(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportRefused, match="cannot_write"):
        SmallLog().write(tmp_path / "file")


def test_a_newer_cosignature_takes_the_place_of_an_older_checkpoint(tmp_path):
    log = SmallLog()
    log.write(tmp_path, newest=log.checkpoint())
    log.write(tmp_path)
    assert (tmp_path / "checkpoint").read_bytes() == cosigned(log.checkpoint())
    assert log.check(tmp_path).quorum == KEYS.quorum


def test_narrow_tiles_go_when_wider_ones_are_there(tmp_path):
    for size in (6, 30, len(LONG)):
        SmallLog().but(entries=LONG[:size], older=()).write(tmp_path)
    assert [path.name for path in (tmp_path / "tile/0/000.p").iterdir()] == [str(len(LONG))]
