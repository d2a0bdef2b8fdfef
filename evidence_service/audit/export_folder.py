"""The folder that an export is written into: what lies there, and writes that survive a power cut.

A file gets its name only when its bytes are on the disk, so a file that is there is whole. The
one temporary file lies outside `tile/` and `checkpoints/`, where a verifier ignores it. Links are
never followed.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from evidence_service.audit.faults import ExportRefused

TEMPORARY = ".writing"

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


class ExportFolder:
    """One folder, held by one writer at a time. Paths are relative, with `/` between parts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unsynced: set[Path] = set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder if need be, and keep other writers out.

        Raises:
            ExportRefused: another writer is at work, or the disk does not do as told.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as fault:
            raise ExportRefused("cannot_write", str(self._folder)) from fault
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as fault:
            raise ExportRefused("another_writer", str(self._folder)) from fault
        except OSError as fault:
            where = fault.filename or self._folder
            raise ExportRefused("cannot_write", os.fsdecode(where)) from fault
        finally:
            os.close(handle)

    def files_under(self, name: str) -> Iterator[str]:
        """Give the paths of all files under a sub-folder; none if it is not there.

        Raises:
            ExportRefused: there is something else than plain files and folders.
        """
        top = self._folder / name
        if not os.path.lexists(top):
            return
        if not stat.S_ISDIR(top.lstat().st_mode):
            raise ExportRefused("not_a_folder", name)
        for entry in sorted(os.scandir(top), key=lambda each: each.name):
            path = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from self.files_under(path)
            elif entry.is_file(follow_symlinks=False):
                yield path
            else:
                raise ExportRefused("not_a_plain_file", path)

    def read(self, path: str) -> bytes | None:
        """Give the bytes of a file, None if it is not there.

        Raises:
            ExportRefused: it is no plain file.
        """
        try:
            handle = os.open(self._folder / path, _READ)
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise ExportRefused("not_a_plain_file", path) from fault
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ExportRefused("not_a_plain_file", path)
            return file.read()

    def write(self, path: str, data: bytes) -> None:
        """Write a whole file, over an older one; call `sync` before relying on its name."""
        target, temporary = self._folder / path, self._folder / TEMPORARY
        self._make_folders(PurePosixPath(path).parent)
        with os.fdopen(os.open(temporary, _WRITE, 0o644), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        self._unsynced.add(target.parent)

    def remove(self, path: str) -> None:
        """Remove a file, and its folder if that is empty now."""
        target = self._folder / path
        target.unlink()
        self._unsynced.discard(target.parent)
        if not any(target.parent.iterdir()):
            target.parent.rmdir()

    def sync(self) -> None:
        """Return when all names written so far are on the disk."""
        for folder in sorted(self._unsynced):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        self._unsynced.clear()

    def _make_folders(self, relative: PurePosixPath) -> None:
        folder = self._folder / relative
        if folder.is_dir():
            return
        self._make_folders(relative.parent)
        folder.mkdir(exist_ok=True)
        self._unsynced.add(folder.parent)
