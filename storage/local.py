"""Objects in a folder of this machine: fsynced, linked into place once, never deleted.

SEC-ST-1: written to a temporary file in the same folder, synced, read back, linked to its name
(`link` refuses a name that is taken, `rename` would replace it), unlinked, the folder synced.
A folder enforces no lock against its owner: `locked_until` is taken and answered with `None`.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from . import object_keys
from .errors import (
    ObjectAltered,
    ObjectDiffers,
    ObjectMissing,
    RangeOutside,
    SourceDiffers,
    StoreBroken,
)
from .folders import Folder, sync, unavailable
from .objects import BLOCK_BYTES, Source, StoredObject, digest_of
from .temporary import temporary_file, write_all


class LocalObject:
    """An open file (`OpenObject`). It goes on being the same one whatever happens to its name."""

    def __init__(self, descriptor: int) -> None:
        """Read from `descriptor`, which `close` gives back."""
        self._descriptor = descriptor
        self.size_bytes = os.fstat(descriptor).st_size

    def close(self) -> None:
        """Give the descriptor back; later reads fail, whoever gets its number next."""
        descriptor, self._descriptor = self._descriptor, -1
        os.close(descriptor)

    def read_range(self, first: int, count: int) -> bytes:
        """Give exactly `count` bytes from offset `first`, as they lie on disk.

        Raises:
            RangeOutside: the range is not inside the object.
            ObjectAltered: the file has become shorter.
            StoreUnavailable: it cannot be read now.
        """
        if first < 0 or count < 0 or first + count > self.size_bytes:
            raise RangeOutside("the range is not inside the object")
        with unavailable("read an object"):
            data = os.pread(self._descriptor, count, first)
            while len(data) < count:
                more = os.pread(self._descriptor, count - len(data), first + len(data))
                if not more:
                    raise ObjectAltered("the object has become shorter")
                data += more
        return data


class LocalStore:
    """`ObjectStore` in a private folder; any number of threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        """Open the folder and remove what killed writers left.

        Raises:
            StoreRefused: it is missing, a link, open to others, or on a network file system.
            StoreUnavailable: it cannot be read.
        """
        self._folder = Folder(folder)
        self._broken = False
        self._folder.sweep(object_keys.ORIGINALS)

    def close(self) -> None:
        """Give the folder's descriptor back."""
        self._folder.close()

    def put(
        self,
        name: str,
        source: Source,
        *,
        size_bytes: int,
        sha256: str,
        locked_until: datetime | None = None,  # noqa: ARG002 - a folder enforces no lock
    ) -> StoredObject:
        """Store the bytes of `source` under `name`, once and for ever: see `ObjectStore.put`.

        Raises:
            BadObjectName: not a name or not a hash.
            SourceDiffers: the source has another length or hash.
            ObjectDiffers: the name is taken by other bytes.
            ObjectAltered: a link, folder or device stands under the name.
            StoreUnavailable: full, read-only, away.
            StoreBroken: the disk failed to sync, now or before: end the process.
        """
        object_keys.check_object_name(name)
        object_keys.check_sha256(sha256)
        if self._broken:
            raise StoreBroken("fsync failed before")
        try:
            if not self._holds(name, size_bytes, sha256):
                self._write(name, source, size_bytes, sha256)
        except StoreBroken:
            self._broken = True
            raise
        return StoredObject(name, size_bytes)

    @contextmanager
    def open(self, name: str) -> Iterator[LocalObject]:
        """Hold the object open for reading.

        Raises:
            BadObjectName: not a name.
            ObjectMissing: no such object.
            ObjectAltered: a link, folder or device stands under the name.
            StoreUnavailable: it cannot be read now.
        """
        object_keys.check_object_name(name)
        with closing(LocalObject(self._folder.open_file(name))) as opened:
            yield opened

    def stat(self, name: str) -> StoredObject:
        """Say how long the object is; nothing is locked in a folder. Raises: as `open`."""
        with self.open(name) as opened:
            return StoredObject(name, opened.size_bytes)

    def names(self) -> Iterator[str]:
        """Give the names of all objects, ascending; files that are no objects are passed over.

        Raises:
            StoreUnavailable: the folder cannot be read.
        """
        return filter(object_keys.is_object_name, self._folder.names(object_keys.ORIGINALS))

    def _holds(self, name: str, size_bytes: int, sha256: str) -> bool:
        """Say whether the very bytes are there already, durably; `ObjectDiffers` if others are."""
        try:
            with self.open(name) as there:
                if there.size_bytes != size_bytes or digest_of(there) != sha256:
                    raise ObjectDiffers("the name is taken by other bytes")
        except ObjectMissing:
            return False
        with unavailable("store an object"), self._folder.shard(name, create=True) as (folder, _):
            sync(folder)  # another process may have linked it a moment ago
        return True

    def _write(self, name: str, source: Source, size_bytes: int, sha256: str) -> None:
        with (
            unavailable("store an object"),
            self._folder.shard(name, create=True) as (folder, last),
        ):
            with temporary_file(folder) as (descriptor, temporary):
                _copy(source, descriptor, size_bytes)
                sync(descriptor)
                _read_back(descriptor, size_bytes, sha256)
                try:
                    os.link(
                        temporary, last, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False
                    )
                except FileExistsError:  # somebody was faster: the same bytes, or an alarm
                    self._holds(name, size_bytes, sha256)
            sync(folder)


def _copy(source: Source, descriptor: int, size_bytes: int) -> None:
    missing = size_bytes
    while block := source.read(BLOCK_BYTES):
        missing -= len(block)
        if missing < 0:
            break
        write_all(descriptor, block)
    if missing:
        raise SourceDiffers("the source has another length than promised")


def _read_back(descriptor: int, size_bytes: int, sha256: str) -> None:
    # What was written must come from the disk, not from the memory it was written through.
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    written = LocalObject(descriptor)
    if written.size_bytes != size_bytes or digest_of(written) != sha256:
        raise SourceDiffers("the bytes on disk have another hash than promised")
