"""Telling a disk from a network."""

import os

import pytest

from storage.mounts import file_system_of, is_network, mount_type

TABLE = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
35 22 0:31 / /srv/with\\040space rw shared:2 master:1 - nfs4 server:/export rw
36 22 0:32 / /mnt rw - fuse.sshfs host:/ rw
"""


def test_a_mount_is_found_by_its_number():
    assert mount_type(TABLE, "22") == "ext4"
    assert mount_type(TABLE, "35") == "nfs4"
    assert mount_type(TABLE, "36") == "fuse.sshfs"
    assert mount_type(TABLE, "2") is None
    assert mount_type("garbage", "garbage") is None


@pytest.mark.parametrize("kind", ["nfs", "NFS4", "cifs", "smb3", "9p", "ceph", "fuse", "fuse.x"])
def test_these_lie_behind_a_network(kind):
    assert is_network(kind)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "fuseblk"])
def test_these_lie_here(kind):
    assert not is_network(kind)


def test_the_file_system_of_an_open_file_is_told(tmp_path):
    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        kind = file_system_of(descriptor)
    finally:
        os.close(descriptor)
    assert kind
    assert file_system_of(descriptor) is None
