"""The promise of an object store: named bytes, written once, acknowledged when durable.

Whoever implements `ObjectStore` passes `tests/contracts/test_object_store.py`.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

BLOCK_BYTES = 1 << 20  # large enough that calls cost nothing, small enough for flat memory


class Source(Protocol):
    """Where bytes come from: a file, a spool, a request body."""

    def read(self, size_bytes: int, /) -> bytes:
        """Give at most `size_bytes` bytes; fewer are not the end, none are."""
        ...


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What the store says of an object: `locked_until` is `None` where nothing enforces a lock."""

    name: str
    size_bytes: int
    locked_until: datetime | None = None


class OpenObject(Protocol):
    """An object held open for reading. It MUST stay the same object until closed."""

    @property
    def size_bytes(self) -> int:
        """The length that the store holds."""
        ...

    def read_range(self, first: int, count: int) -> bytes:
        """Give exactly `count` bytes from offset `first`; threads MAY call it at once.

        It MUST NOT give fewer or more. Bytes are as they lie in the store: the caller MUST
        verify them before use.

        Raises:
            RangeOutside: the range is not inside the object.
            ObjectAltered: the object has become shorter.
            StoreUnavailable: it cannot be read now.
        """
        ...


class ObjectStore(Protocol):
    """Write-once objects. There is no delete, and an implementation MUST NOT grow one."""

    def put(
        self,
        name: str,
        source: Source,
        *,
        size_bytes: int,
        sha256: str,
        locked_until: datetime | None = None,
    ) -> StoredObject:
        """Store the bytes of `source` under `name`, once and for ever.

        The store MUST return only after the object is durable and its length and SHA-256 were
        read back from where it lies; it MUST hold a bounded part of it in memory. An object
        MUST become visible whole or not at all, whenever the process dies. A name that is taken
        by the same bytes MUST be acknowledged as if it were new (the source MAY stay unread); a
        name that is taken by others MUST be refused and left as it is. Where the store enforces
        locks, the object MUST be locked at least until `locked_until` (an aware datetime), read
        back into the answer; where it does not, the answer MUST say `None`. The caller MUST NOT
        acknowledge anything before this returns.

        Args:
            name: a name from `object_keys`.
            source: read from where it stands to its end.
            size_bytes: the length that `source` must have.
            sha256: the SHA-256 that `source` must have, 64 hex digits.
            locked_until: the end of the retention asked for.

        Raises:
            BadObjectName: not a name or not a hash; nothing was touched.
            SourceDiffers: the source has another length or hash; nothing is visible.
            ObjectDiffers: the name is taken by other bytes: alarm.
            ObjectAltered: something that is no object stands under the name: alarm.
            StoreUnavailable: full, read-only, away; nothing is visible, the call may be repeated.
            StoreBroken: the disk failed to sync; the caller MUST end the process.
        """
        ...

    def open(self, name: str) -> AbstractContextManager[OpenObject]:
        """Hold the object open for reading.

        Raises:
            BadObjectName: not a name.
            ObjectMissing: no such object.
            ObjectAltered: something that is no object stands under the name: alarm.
            StoreUnavailable: it cannot be read now.
        """
        ...

    def stat(self, name: str) -> StoredObject:
        """Say how long the object is and until when it is locked, without reading it.

        Raises: as `open`.
        """
        ...

    def names(self) -> Iterator[str]:
        """Give the names of all objects, ascending. It MUST NOT give half-written ones.

        Raises:
            StoreUnavailable: it cannot be listed now.
        """
        ...


def read_fully(source: Source, size_bytes: int) -> bytes:
    """Read `size_bytes` bytes, fewer only at the end of the source."""
    data = source.read(size_bytes)
    if not data or len(data) == size_bytes:
        return data
    pieces, missing = [data], size_bytes - len(data)
    while missing and (data := source.read(missing)):
        pieces.append(data)
        missing -= len(data)
    return b"".join(pieces)


def digest_of(opened: OpenObject) -> str:
    """Read a whole object and give the SHA-256 of its bytes as they lie, in hex.

    Raises:
        ObjectAltered: it became shorter meanwhile.
        StoreUnavailable: it cannot be read now.
    """
    digest = hashlib.sha256()
    for first in range(0, opened.size_bytes, BLOCK_BYTES):
        digest.update(opened.read_range(first, min(BLOCK_BYTES, opened.size_bytes - first)))
    return digest.hexdigest()
