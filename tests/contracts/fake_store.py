"""An object store in memory that keeps the promise of `ObjectStore`, locks included."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from storage import object_keys
from storage.errors import ObjectDiffers, ObjectMissing, RangeOutside, SourceDiffers
from storage.objects import BLOCK_BYTES, Source, StoredObject


class MemoryObject:
    """One object in memory, held open."""

    def __init__(self, data: bytearray) -> None:
        self._data = data

    @property
    def size_bytes(self) -> int:
        return len(self._data)

    def read_range(self, first: int, count: int) -> bytes:
        if first < 0 or count < 0 or first + count > len(self._data):
            raise RangeOutside("the range is not inside the object")
        return bytes(memoryview(self._data)[first : first + count])


class MemoryStore:
    """Objects by name in memory; `held_bytes` is what they take."""

    def __init__(self) -> None:
        self._objects: dict[str, tuple[bytearray, datetime | None]] = {}
        self._lock = threading.Lock()

    @property
    def held_bytes(self) -> int:
        return sum(len(data) for data, _ in self._objects.values())

    def put(
        self,
        name: str,
        source: Source,
        *,
        size_bytes: int,
        sha256: str,
        locked_until: datetime | None = None,
    ) -> StoredObject:
        object_keys.check_object_name(name)
        object_keys.check_sha256(sha256)
        if name not in self._objects:
            data = _take(source, size_bytes)
            if data is None or hashlib.sha256(data).hexdigest() != sha256:
                raise SourceDiffers("the source is not what was promised")
            with self._lock:
                self._objects.setdefault(name, (data, locked_until))
        if hashlib.sha256(self._objects[name][0]).hexdigest() != sha256:
            raise ObjectDiffers("the name is taken by other bytes")
        return self.stat(name)

    @contextmanager
    def open(self, name: str) -> Iterator[MemoryObject]:
        yield MemoryObject(self._find(name)[0])

    def stat(self, name: str) -> StoredObject:
        data, locked_until = self._find(name)
        return StoredObject(name, len(data), locked_until)

    def names(self) -> Iterator[str]:
        return iter(sorted(self._objects))

    def _find(self, name: str) -> tuple[bytearray, datetime | None]:
        object_keys.check_object_name(name)
        try:
            return self._objects[name]
        except KeyError:
            raise ObjectMissing("no such object") from None


def _take(source: Source, size_bytes: int) -> bytearray | None:
    data, filled = bytearray(size_bytes), 0
    while block := source.read(BLOCK_BYTES):
        if filled + len(block) > size_bytes:
            return None
        data[filled : filled + len(block)] = block
        filled += len(block)
    return data if filled == size_bytes else None
