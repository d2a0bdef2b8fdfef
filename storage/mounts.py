"""On which file system does a folder lie? Not on one behind a network (SEC-LOG-9, proc(5)).

A network file system may acknowledge an fsync that reached no disk, and gives no write-ahead log.
"""

from pathlib import Path

# fmt: off
_NETWORK = frozenset({
    "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "dfs", "gfs", "gfs2",
    "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "sftp",
    "smb2", "smb3", "smbfs", "sshfs", "webdav",
})
# fmt: on
_FUSE = ("fuse", "fuse.")  # some program answers for it, and nobody knows what it promises

_MOUNT_TABLE = Path("/proc/self/mountinfo")


def file_system_of(descriptor: int) -> str | None:
    """Name the type of the file system that an open file lies on, `None` if it cannot be told."""
    try:
        facts = Path(f"/proc/self/fdinfo/{descriptor}").read_text(encoding="ascii")
        table = _MOUNT_TABLE.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    for line in facts.splitlines():
        name, _, value = line.partition(":")
        if name == "mnt_id":
            return mount_type(table, value.strip())
    return None


def mount_type(table: str, mount_id: str) -> str | None:
    """Find the type of mount `mount_id` in the text of a mountinfo table, `None` if not there."""
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        if before.split(" ", 1)[0] == mount_id and after:
            return after.split(" ", 1)[0]
    return None


def is_network(file_system: str) -> bool:
    """Say whether files of this type lie on another machine, or may do so for all we know."""
    kind = file_system.lower()
    return kind in _NETWORK or kind == _FUSE[0] or kind.startswith(_FUSE[1])
