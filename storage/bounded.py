"""A folder of files that may be lost: bounded in size, the least recently used go first.

Several processes share it. Who writes takes room before the bytes: under a lock over the whole
folder the file is stretched to the length it will have, after others were removed for it. So the
sum of all lengths never passes the bound, not even with writers in flight or killed.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from . import temporary
from .errors import StorageError
from .folders import Folder, unavailable

_LEDGER = ".room"  # the sum of all lengths, 8 bytes; too high at worst, counted anew when full
_LEDGER_BYTES = 8
_LEDGER_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_KEEP_EIGHTHS = 7  # a clearing goes down to 7/8, so that not every write counts the folder


@dataclass(frozen=True, slots=True, order=True)
class _Held:
    used_ns: int
    name: str
    size_bytes: int
    is_temporary: bool


class BoundedFolder:
    """Files under `under` in a private folder, never more than `max_bytes` of them."""

    def __init__(self, path: Path, under: str, max_bytes: int) -> None:
        """Open the folder and remove what killed writers left, if the disk lets us.

        Raises:
            StoreRefused: it is missing, a link, open to others, or on a network file system.
        """
        self._folder = Folder(path)
        self._under = under
        self._max_bytes = max_bytes
        with suppress(StorageError, OSError):  # read-only: nothing can be removed or added
            self._folder.sweep(under)
            with self._ledger() as ledger:
                self._clear(ledger, 0)

    def close(self) -> None:
        """Give the folder's descriptor back."""
        self._folder.close()

    def size_bytes(self) -> int:
        """Count the lengths of all files, those being written among them.

        Raises:
            StoreUnavailable: the folder cannot be read, or not be locked for counting.
        """
        with unavailable("count a folder"), self._ledger():
            return sum(held.size_bytes for held in self._held())

    def names(self) -> Iterator[str]:
        """Give the names of all files.

        Raises:
            StoreUnavailable: the folder cannot be read.
        """
        return self._folder.names(self._under)

    def open_file(self, name: str) -> int:
        """Open a file, mark it as used now, and give its descriptor. Raises: see `Folder`."""
        descriptor = self._folder.open_file(name)
        with suppress(OSError):  # a read-only disk: the order of use is lost, nothing else
            os.utime(descriptor)
        return descriptor

    def remove(self, name: str) -> bool:
        """Remove a file; say whether it was there. Raises OSError as the system does."""
        try:
            with self._folder.shard(name) as (folder, last):
                os.unlink(last, dir_fd=folder)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def new_file(self, name: str) -> Iterator["NewFile"]:
        """Give a file that gets its name by `keep`, or is gone afterwards.

        Raises OSError as the system does, and `StoreBroken` when the disk fails to sync.
        """
        with (
            self._folder.shard(name, create=True) as (folder, last),
            temporary.temporary_file(folder, mode=0o600) as (descriptor, passing),
        ):
            yield NewFile(self, descriptor, (folder, passing, last))

    def stretch(self, descriptor: int, size_bytes: int) -> bool:
        """Give a file the length `size_bytes`, clearing room for it; say whether there was room.

        Raises OSError as the system does.
        """
        if size_bytes > self._max_bytes:
            return False  # nothing is cleared for what can never fit
        more = size_bytes - os.fstat(descriptor).st_size
        with self._ledger() as ledger:
            used = _read(ledger)
            if used is None or used + more > self._max_bytes:
                used = self._clear(ledger, more)
            if used + more > self._max_bytes:
                return False
            _write(ledger, used + more)  # first: a writer killed here leaves it too high
            os.ftruncate(descriptor, size_bytes)
        return True

    def name_file(self, folder: int, passing: str, last: str) -> None:
        """Give a temporary file in `folder` (a descriptor) its name. Raises OSError.

        Under the lock, as a count that runs meanwhile could see it under neither name.
        """
        with self._ledger():
            os.rename(passing, last, src_dir_fd=folder, dst_dir_fd=folder)

    @contextmanager
    def _ledger(self) -> Iterator[int]:
        with self._folder.shard(_LEDGER) as (folder, last):
            descriptor = os.open(last, _LEDGER_FLAGS, 0o600, dir_fd=folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _clear(self, ledger: int, more: int) -> int:
        """Count what is held, remove the least recently used until `more` fits; give the sum."""
        held = sorted(self._held())
        used = sum(each.size_bytes for each in held)
        if used + more > self._max_bytes:
            goal = min(self._max_bytes - more, self._max_bytes * _KEEP_EIGHTHS // 8)
            for each in held:
                if used <= goal:
                    break
                if not each.is_temporary:
                    self.remove(each.name)
                    used -= each.size_bytes
        _write(ledger, used)
        return used

    def _held(self) -> Iterator[_Held]:
        with suppress(FileNotFoundError), self._folder.shard(f"{self._under}/") as (top, _):
            for shard in temporary.names_in(top):
                yield from self._held_in(f"{self._under}/{shard}")

    def _held_in(self, shard: str) -> Iterator[_Held]:
        try:
            with self._folder.shard(f"{shard}/") as (folder, _):
                for last in temporary.names_in(folder):
                    with suppress(FileNotFoundError):  # removed since it was listed
                        found = os.stat(last, dir_fd=folder, follow_symlinks=False)
                        if stat.S_ISDIR(found.st_mode):
                            continue  # nothing of ours, and nothing we could remove
                        is_temporary = last.startswith(temporary.PREFIX)
                        yield _Held(
                            found.st_mtime_ns, f"{shard}/{last}", found.st_size, is_temporary
                        )
        except (FileNotFoundError, NotADirectoryError):
            return


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file being written: room is taken before the bytes come."""

    _bounded: BoundedFolder
    descriptor: int
    _place: tuple[int, str, str]

    def take_room(self, size_bytes: int) -> bool:
        """Set the file's length; say whether there was room. Raises OSError."""
        return self._bounded.stretch(self.descriptor, size_bytes)

    def keep(self) -> None:
        """Give the file its name; one that had it before is replaced. Raises OSError.

        It is not synced: what is lost with the power is made anew, what is torn does not open.
        """
        self._bounded.name_file(*self._place)


def _read(ledger: int) -> int | None:
    data = os.pread(ledger, _LEDGER_BYTES, 0)
    return int.from_bytes(data, "big") if len(data) == _LEDGER_BYTES else None


def _write(ledger: int, used: int) -> None:
    os.pwrite(ledger, max(0, used).to_bytes(_LEDGER_BYTES, "big"), 0)
