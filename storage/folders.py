"""A private folder: everything in it is reached from its descriptor, never through a link.

SEC-ST-1 and SEC-ST-2: opened with O_NOFOLLOW part by part, refused at start when it is a link,
open to others, missing or on a network file system. An fsync that fails is the end (SEC-LOG-11).
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import mounts, temporary
from .errors import ObjectAltered, ObjectMissing, StoreBroken, StoreRefused, StoreUnavailable

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a planted pipe must not hold us; it has no effect on plain files.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_PLANTED = frozenset({errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EISDIR})


def make_private_folder(path: Path) -> None:
    """Make the folder with mode 0700 if it is not there, durably; its parent must be there.

    Raises:
        StoreUnavailable: it cannot be made.
        StoreBroken: the disk did not take it.
    """
    with unavailable("make a folder"):
        path.mkdir(mode=0o700, exist_ok=True)
        parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(parent)
    finally:
        os.close(parent)


@contextmanager
def unavailable(doing: str) -> Iterator[None]:
    """Turn an OSError into `StoreUnavailable`: full, read-only, away. Names no path."""
    try:
        yield
    except OSError as cause:
        raise _unavailable(doing, cause) from cause


def sync(descriptor: int) -> None:
    """Wait until the disk has it.

    Raises:
        StoreBroken: it may not have it, and never will: end the process.
    """
    try:
        os.fsync(descriptor)
    except OSError as cause:
        raise StoreBroken("fsync failed") from cause


class Folder:
    """A private folder, held open. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open the folder at `path`.

        Raises:
            StoreRefused: it is missing, a link, open to others, or on a network file system.
        """
        self._path = path.absolute()
        try:
            self._descriptor = os.open(path, _DIRECTORY)
        except OSError as cause:
            raise StoreRefused([_why_not_opened(path, cause)]) from cause
        self._settled: set[str] = set()  # folders whose own names are known to be on disk
        faults = _faults_of(self._descriptor, path)
        if faults:
            self.close()
            raise StoreRefused(faults)

    def close(self) -> None:
        """Give the descriptor back; the folder cannot be used afterwards."""
        os.close(self._descriptor)

    @contextmanager
    def shard(self, name: str, *, create: bool = False) -> Iterator[tuple[int, str]]:
        """Give the descriptor of the folder that holds `name`, and the name's last part.

        With `create` missing folders are made, durably, and the whole must still lie where it was
        opened: what is put into a folder that was moved away would be missed at the next start.
        Raises OSError as the system does.

        Raises:
            StoreBroken: the disk did not take a new folder.
        """
        *parts, last = name.split("/")
        if create:
            self._check_place()
        descriptor = os.open(".", _DIRECTORY, dir_fd=self._descriptor)
        try:
            for depth, part in enumerate(parts, 1):
                if create:
                    self._make(descriptor, part, "/".join(parts[:depth]))
                below = os.open(part, _DIRECTORY, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            yield descriptor, last
        finally:
            os.close(descriptor)

    def open_file(self, name: str) -> int:
        """Open the plain file `name` for reading and give its descriptor.

        Raises:
            ObjectMissing: there is none.
            ObjectAltered: a link, a folder or a device stands there: somebody planted it.
            StoreUnavailable: it cannot be read now.
        """
        try:
            with self.shard(name) as (folder, last):
                descriptor = os.open(last, _READ, dir_fd=folder)
        except OSError as cause:
            if cause.errno in _PLANTED:
                raise ObjectAltered("not a plain file of ours") from cause
            if isinstance(cause, FileNotFoundError) and os.fstat(self._descriptor).st_nlink:
                raise ObjectMissing("no such object") from cause
            raise _unavailable("open an object", cause) from cause
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ObjectAltered("not a plain file of ours")
        return descriptor

    def names(self, under: str) -> Iterator[str]:
        """Give the names of all files under the folder `under`, ascending; no temporary ones.

        Raises:
            StoreUnavailable: the folder cannot be read.
        """
        for part in self._list(under):
            for last in self._list(f"{under}/{part}"):
                if not last.startswith("."):
                    yield f"{under}/{part}/{last}"

    def sweep(self, under: str) -> int:
        """Remove what killed writers left under the folder `under`; count it.

        Raises:
            StoreUnavailable: the folder cannot be read.
        """
        removed = 0
        for part in self._list(under):
            with unavailable("sweep"), self.shard(f"{under}/{part}/") as (folder, _):
                removed += temporary.sweep(folder)
        return removed

    def _check_place(self) -> None:
        if not os.path.samestat(os.lstat(self._path), os.fstat(self._descriptor)):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def _make(self, parent: int, part: str, path: str) -> None:
        try:
            os.mkdir(part, 0o700, dir_fd=parent)
        except FileExistsError:
            if path in self._settled:
                return  # another process may have made it a moment ago: sync once ourselves
        sync(parent)
        self._settled.add(path)

    def _list(self, path: str) -> list[str]:
        try:
            with self.shard(f"{path}/") as (folder, _):
                return temporary.names_in(folder)
        except (FileNotFoundError, NotADirectoryError):
            if os.fstat(self._descriptor).st_nlink:
                return []
            raise StoreUnavailable("the folder is gone") from None
        except OSError as cause:
            raise _unavailable("list a folder", cause) from cause


def _unavailable(doing: str, cause: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"cannot {doing}: {errno.errorcode.get(cause.errno or 0, 'OSError')}")


def _why_not_opened(path: Path, cause: OSError) -> str:
    if path.is_symlink():
        return "the folder is a link"
    reason = errno.errorcode.get(cause.errno or 0, "OSError")
    return f"the folder is missing or cannot be opened ({reason})"


def _faults_of(descriptor: int, path: Path) -> list[str]:
    found = os.fstat(descriptor)
    file_system = mounts.file_system_of(descriptor)
    faults = {
        "the folder is a link": path.is_symlink(),
        "the folder is open to others (its mode must be 0700)": bool(found.st_mode & 0o077),
        "the folder belongs to another user": found.st_uid != os.geteuid(),
        "the folder's file system cannot be told": file_system is None,
        f"the folder lies on a network file system ({file_system})": (
            file_system is not None and mounts.is_network(file_system)
        ),
    }
    return [fault for fault, is_so in faults.items() if is_so]
