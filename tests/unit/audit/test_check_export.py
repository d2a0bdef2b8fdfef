"""Verifying an export: good ones are good, and the first fault of a bad one is named."""

import base64
import os
import re

import pytest

from evidence_service.audit.check import check_export
from evidence_service.audit.checkpoint import Checkpoint, sign
from evidence_service.audit.faults import ExportFaulty, ExportForked, ExportRolledBack
from evidence_service.audit.keys_file import parse_keys

from .small_log import ENTRIES, KEYS, SmallLog, checkpoint, granted, released
from .vectors import NOW, ORIGIN, VECTORS, keys, read, signer, split

EXPORT = VECTORS / "export"
GOOD, BAD = split(read("small-exports.json")["exports"])
STEPS = {"no_trusted_signature": {2, 3}, "note_form": {2, 3}}


def check_case(case, folder):
    for path, data in case["files"].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(base64.b64decode(data))
    known = case.get("known_checkpoint")
    return check_export(
        folder,
        parse_keys(case["keys"]),
        NOW,
        known_checkpoint=None if known is None else known.encode(),
        public=case.get("public", False),
    )


@pytest.mark.parametrize("case", GOOD)
def test_a_good_export_is_good(case, tmp_path):
    report = check_case(case, tmp_path)
    assert report.one_line().startswith("good: ")
    assert (report.known_size is None) == ("known_checkpoint" not in case)
    assert (report.entries is None) == case.get("public", False)


@pytest.mark.parametrize("case", BAD)
def test_the_fault_of_a_bad_export_is_named(case, tmp_path):
    with pytest.raises(ExportFaulty) as caught:
        check_case(case, tmp_path)
    assert caught.value.fault == case["fault"]
    assert isinstance(caught.value, ExportRolledBack) == (case["fault"] == "older_than_known")
    assert isinstance(caught.value, ExportForked) == (case["fault"] == "differs_from_known")


def test_the_sample_export_is_good_and_what_was_not_checked_is_said():
    line = check_export(EXPORT, keys(), NOW).one_line()
    assert "700" in line
    assert "0 open grants" in line
    assert "0 backward clocks" in line
    unchecked = line.partition("not checked: ")[2]
    assert "remembered" in unchecked
    assert "witnesses" in unchecked
    assert "entries" not in unchecked


def test_a_public_check_says_that_entries_were_not_read(tmp_path):
    log = SmallLog().but(public=True)
    line = log.check(log.write(tmp_path), known_checkpoint=log.checkpoint()).one_line()
    checked, unchecked = line.split("not checked: ")
    assert "entries" in unchecked
    assert "remembered" not in unchecked
    assert "witnesses" not in unchecked
    assert "size 6" in checked
    assert "1 witnesses" in checked


def newer(size, root=bytes(32)):
    return sign(Checkpoint(ORIGIN, size, root), [signer(1)])


def test_an_export_that_is_older_than_the_remembered_checkpoint_was_rolled_back():
    with pytest.raises(ExportRolledBack) as caught:
        check_export(EXPORT, keys(), NOW, known_checkpoint=newer(701))
    assert caught.value.step == 7


@pytest.mark.parametrize("size", [500, 699, 700])
def test_an_export_without_the_remembered_tree_is_a_fork(size):
    with pytest.raises(ExportForked):
        check_export(EXPORT, keys(), NOW, known_checkpoint=newer(size))
    true = bytes.fromhex(read("tree-700.json")["roots"][size])
    report = check_export(EXPORT, keys(), NOW, known_checkpoint=newer(size, true))
    assert report.known_size == size


@pytest.mark.parametrize(
    "known",
    [
        b"",
        b"junk",
        newer(5),
        sign(
            Checkpoint("x", 5, bytes(32)),
            [
                signer(0).__class__(
                    signer(0).vkey.__class__("x", signer(0).vkey.type, bytes(32)), bytes
                )
            ],
        ),
    ],
)
def test_a_remembered_checkpoint_that_cannot_be_trusted_is_a_fault(known):
    with pytest.raises(ExportFaulty):
        check_export(EXPORT, keys(), NOW, known_checkpoint=known)


def test_the_quorum_is_asked_of_the_newest_checkpoint_alone(tmp_path):
    log = SmallLog()
    assert log.check(log.write(tmp_path / "good")).newest.cosignatures
    log.write(tmp_path / "bad", newest=log.checkpoint())
    with pytest.raises(ExportFaulty, match="quorum_not_met"):
        log.check(tmp_path / "bad")


def test_other_files_are_ignored_and_counted(tmp_path):
    log = SmallLog()
    log.write(tmp_path)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "letter.txt").write_text("x")
    (tmp_path / "notes" / "tile").symlink_to("/")
    (tmp_path / "README").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    report = log.check(tmp_path)
    assert report.other_files == 4
    assert "4 other files" in report.one_line()


PLACES = ["checkpoint", f"checkpoints/{3:016d}", "tile/0/000.p/6", "tile/entries/000.p/6", "tile"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *((path, kind) for path in PLACES for kind in ("link", "pipe")),
        # An empty folder among the older checkpoints is none, and none need be kept.
        *((path, "folder") for path in PLACES if not path.startswith("checkpoints/")),
    ],
)
def test_links_pipes_and_folders_are_no_files(tmp_path, path, kind):
    log = SmallLog()
    folder = log.write(tmp_path / "export")
    (folder / path).rename(tmp_path / "elsewhere")
    if kind == "link":
        (folder / path).symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(folder / path)
    else:
        (folder / path).mkdir()
    with pytest.raises(ExportFaulty):
        log.check(folder)


@pytest.mark.parametrize(
    "path", ["tile/0/notes", "tile/1/000.p/1", "tile/entries/001", "checkpoints/x/y", "tile/\udcff"]
)
def test_a_stray_file_is_named(tmp_path, path):
    log = SmallLog()
    folder = log.write(tmp_path)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(b"x")
    with pytest.raises(ExportFaulty, match="stray_file") as caught:
        log.check(folder)
    assert caught.value.step == 4
    assert str(caught.value).isascii()


@pytest.mark.parametrize("folder", ["nowhere", "file", "empty"])
def test_what_is_no_export_is_a_fault(tmp_path, folder):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExportFaulty, match="checkpoint_missing"):
        SmallLog().check(tmp_path / folder)


def test_an_older_bundle_that_says_something_else_is_found(tmp_path):
    log = SmallLog()
    folder = log.write(tmp_path)
    whole = (folder / "tile/entries/000.p/6").read_bytes()
    first = whole[: 2 + int.from_bytes(whole[:2], "big")]
    (folder / "tile/entries/000.p/1").write_bytes(first)
    assert log.check(folder).narrow_tiles == 1
    for wrong in (first[:-1], whole, b"", first[:-1] + b"x"):
        (folder / "tile/entries/000.p/1").write_bytes(wrong)
        with pytest.raises(ExportFaulty, match="narrow_tile"):
            log.check(folder)


def faults_of(tmp_path, entries):
    log = SmallLog().but(entries=entries, older=())
    with pytest.raises(ExportFaulty) as caught:
        log.check(log.write(tmp_path))
    return caught.value.step, caught.value.fault, caught.value.where


def test_the_fault_of_the_earlier_step_is_named_first(tmp_path):
    late_nonce = (*ENTRIES[:2], released(2, 1, pages="9"), released(3, 0), granted(1))
    assert faults_of(tmp_path / "a", late_nonce) == (9, "nonce_repeated", "entry 4")
    assert faults_of(tmp_path / "b", late_nonce[:4]) == (
        10,
        "release_differs_from_grant",
        "entry 2",
    )
    late_form = (*late_nonce[:4], b"{}")
    assert faults_of(tmp_path / "c", late_form) == (9, "field_missing:v", "entry 4")


def test_a_changed_leaf_deep_in_the_sample_is_found_by_the_tile_above(tmp_path):
    for path in EXPORT.rglob("*"):
        target = tmp_path / path.relative_to(EXPORT)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    tile = tmp_path / "tile/0/001"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(ExportFaulty, match=re.escape("tile_root")):
        check_export(tmp_path, keys(), NOW)


def test_a_key_the_log_never_announced_makes_no_older_checkpoint_good(tmp_path):
    log = SmallLog()
    folder = log.write(tmp_path)
    two = f"{KEYS.text}log {signer(1).vkey.text} 1 -\n"
    path = folder / f"checkpoints/{4:016d}"
    path.write_bytes(checkpoint(ENTRIES[:4], by=signer(1)))
    with pytest.raises(ExportFaulty, match="key_not_announced"):
        check_export(folder, parse_keys(two), NOW)
