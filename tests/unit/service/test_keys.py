"""The keyring: refused with every fault named, and silent about its keys."""

import json
import os
import traceback

import pytest

from evidence_service.errors import KeyringWrong
from evidence_service.keys import Key, load_keyring, make_keyring


@pytest.fixture
def place(tmp_path):
    path = tmp_path / "keys" / "keyring.json"
    make_keyring(path, demo=True)
    return path


def change(path, edit):
    ring = json.loads(path.read_text())
    edit(ring)
    path.write_text(json.dumps(ring))


def test_a_new_keyring_is_ours_alone_and_loads(place, tmp_path):
    assert place.stat().st_mode & 0o777 == 0o600
    ring = load_keyring(place, outside=tmp_path / "data")
    assert ring.demo
    assert ring.mark.current == 1
    assert len(ring.log[0].private().sign(b"x")) == 64


def test_a_keyring_is_never_overwritten(place):
    with pytest.raises(KeyringWrong):
        make_keyring(place, demo=False)


def test_keys_do_not_print_themselves(place, tmp_path):
    ring = load_keyring(place, outside=tmp_path / "data")
    secret = json.loads(place.read_text())["token"]["1"]
    key = ring.token[1]
    shown = f"{ring!r} {key!r} {key} {key.derive('use')!r} {ring.log[0]!r}"
    shown += "".join(traceback.format_exception(ValueError(key)))
    assert secret not in shown
    assert str(bytes.fromhex(secret))[2:12] not in shown


def test_sub_keys_of_different_uses_differ():
    key = Key(bytes(range(32)))
    assert len({bytes(key), bytes(key.derive("a")), bytes(key.derive("b"))}) == 3
    assert key.derive("a") == key.derive("a")


def test_every_file_fault_is_named(place):
    place.chmod(0o644)
    with pytest.raises(KeyringWrong) as caught:
        load_keyring(place, outside=place.parent)
    assert len(caught.value.faults) == 2
    assert "open to others" in caught.value.faults[0]
    assert "inside the data folder" in caught.value.faults[1]


def test_a_link_is_refused(place, tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(place)
    with pytest.raises(KeyringWrong, match="plain file"):
        load_keyring(link, outside=tmp_path / "data")


def test_a_missing_keyring_is_named(tmp_path):
    with pytest.raises(KeyringWrong, match="is missing"):
        load_keyring(tmp_path / "none", outside=tmp_path / "data")


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda r: r["token"].update({"1": "ab" * 31}), "token key that is not 32 bytes"),
        (lambda r: r["mark"].update({"1": "00" * 32}), "mark key of constant bytes"),
        (lambda r: r["mark"].update({"2": r["token"]["1"]}), "stands twice"),
        (lambda r: r["pepper"].clear(), "no pepper key"),
        (lambda r: r["log"].clear(), "no log key"),
        (lambda r: r.update({"format": 2}), "another format"),
        (lambda r: r.pop("token"), "not readable"),
        (lambda r: r.update({"mark": []}), "not readable"),
    ],
)
def test_bad_keys_are_named(place, tmp_path, edit, fault):
    change(place, edit)
    with pytest.raises(KeyringWrong, match=fault):
        load_keyring(place, outside=tmp_path / "data")


def test_another_owners_keyring_is_refused(place, tmp_path):
    if os.geteuid() != 0:
        place = tmp_path / "passwd-like"
        place = type(place)("/etc/passwd")  # root's, for everybody who is not root
    else:
        os.chown(place, 65534, 65534)
    with pytest.raises(KeyringWrong, match="belongs to somebody else"):
        load_keyring(place, outside=tmp_path / "data")
