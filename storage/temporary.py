"""Files that have no name yet: made beside their place, swept away when their writer died.

A writer holds an exclusive `flock` on its temporary file. A file whose lock is free has lost its
writer: that is how one process tells a leftover from the work of another on the same folder.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PREFIX = ".put-"
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@contextmanager
def temporary_file(folder: int, *, mode: int = 0o400) -> Iterator[tuple[int, str]]:
    """Give a new file's descriptor and name in `folder` (a descriptor); afterwards it is gone.

    To keep its bytes, link or rename it before leaving. Raises OSError as the system does.
    """
    descriptor, name = _create(folder, mode)
    try:
        yield descriptor, name
    finally:
        os.close(descriptor)
        with suppress(OSError):  # renamed, or the disk became read-only: swept at the next start
            os.unlink(name, dir_fd=folder)


def sweep(folder: int) -> int:
    """Remove temporary files in `folder` (a descriptor) that no writer holds; count them."""
    leftovers = [name for name in names_in(folder) if name.startswith(PREFIX)]
    return sum(_remove_if_free(folder, name) for name in leftovers)


def names_in(folder: int) -> list[str]:
    """Give the names in a folder (a descriptor), ascending. Raises OSError."""
    return sorted(os.listdir(folder))


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of `data`. Raises OSError as the system does."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _create(folder: int, mode: int) -> tuple[int, str]:
    while True:
        name = PREFIX + secrets.token_hex(16)
        descriptor = os.open(name, _CREATE, mode, dir_fd=folder)
        if _lock(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor, name
        os.close(descriptor)  # a sweeper was here between the two calls: take another name


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove_if_free(folder: int, name: str) -> bool:
    try:
        descriptor = os.open(name, _LOOK, dir_fd=folder)
    except OSError:
        return False  # gone already, or nothing that we made
    try:
        if not _lock(descriptor):
            return False  # its writer lives
        os.unlink(name, dir_fd=folder)
    except OSError:
        return False  # gone already, or the disk is read-only
    finally:
        os.close(descriptor)
    return True
