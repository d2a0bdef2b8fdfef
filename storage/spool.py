"""Copies on their way out: sealed while they are built page by page, then streamed with ranges.

A copy has a fresh key, wrapped in a key record that the caller keeps with it; length and SHA-256
of the plain bytes stand there too, so its release can be recorded before the first byte leaves.
Memory stays flat. Copies may be evicted: a missing one is built again.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from . import object_keys
from .bounded import BoundedFolder, NewFile
from .chunks import CHUNK_BYTES, ChunkCipher, SealedReader, new_key
from .errors import StoreUnavailable
from .folders import unavailable
from .key_records import KeyEncryptionKeys, KeyRecord, unwrap_key, wrap_key
from .local import LocalObject
from .objects import BLOCK_BYTES
from .temporary import write_all

FORM = "evidence-copy/1"


class CopySpool:
    """Sealed copies in a bounded folder; threads and processes may share it."""

    def __init__(self, folder: Path, keys: KeyEncryptionKeys, max_bytes: int) -> None:
        """Keep at most `max_bytes` of sealed copies in `folder`; the least recently used go first.

        Raises:
            StoreRefused: the folder is missing, a link, open to others, or behind a network.
        """
        self._keys = keys
        self._bounded = BoundedFolder(folder, object_keys.COPIES, max_bytes)

    def close(self) -> None:
        """Give the folder's descriptor back."""
        self._bounded.close()

    def begin(self, copy_id: str) -> "SpoolWriter":
        """Begin a copy; use it as a context: a copy that was not finished is gone afterwards.

        Raises:
            BadObjectName: not an id.
            StoreUnavailable: full, read-only, away.
            StoreBroken: the disk failed to sync: end the process.
        """
        return SpoolWriter(self._bounded, self._keys, copy_id)

    @contextmanager
    def open(self, record: KeyRecord) -> Iterator[SealedReader]:
        """Open a finished copy as a seekable file that gives out verified chunks only.

        Raises:
            BadObjectName: the record is not of a copy.
            KeyMissing, KeyRecordAltered: the record does not open.
            ObjectMissing: it was evicted: build it again.
            ObjectAltered: it is not what was written, now or at a later read.
            StoreUnavailable: it cannot be read now.
        """
        object_keys.check_copy_name(record.object_name)
        cipher = _cipher(unwrap_key(record, self._keys), record.object_id)
        descriptor = self._bounded.open_file(record.object_name)
        with (
            closing(LocalObject(descriptor)) as opened,
            SealedReader(opened, cipher, record.size_bytes) as reader,
        ):
            yield reader

    def remove(self, copy_id: str) -> bool:
        """Remove a copy whose viewing ended; say whether it was there.

        Raises:
            BadObjectName: not an id.
            StoreUnavailable: it cannot be removed now.
        """
        with unavailable("remove a copy"):
            return self._bounded.remove(object_keys.copy(copy_id))

    def copy_ids(self) -> Iterator[str]:
        """Give the ids of all copies that are there.

        Raises:
            StoreUnavailable: the folder cannot be read.
        """
        return (name.rpartition("/")[2] for name in self._bounded.names())


class SpoolWriter:
    """A copy being written: `write` its bytes, then `finish`. Not for several threads at once."""

    def __init__(self, bounded: BoundedFolder, keys: KeyEncryptionKeys, copy_id: str) -> None:
        """Begin; see `CopySpool.begin`."""
        self._keys = keys
        self._copy_id = copy_id
        self._name = object_keys.copy(copy_id)
        self._data_key = new_key()
        self._cipher = _cipher(self._data_key, copy_id)
        self._digest = hashlib.sha256()
        self._waiting = bytearray()  # less than two blocks; sealed once more bytes are known
        self._chunks_written = 0
        self._sealed_bytes = 0
        self._stack = ExitStack()
        with unavailable("begin a copy"):
            self._file: NewFile = self._stack.enter_context(bounded.new_file(self._name))
        self.size_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def tell(self) -> int:
        """Give the number of bytes written."""
        return self.size_bytes

    def write(self, data: bytes) -> int:
        """Take all of `data`; give its length.

        Raises:
            StoreUnavailable: no room; the copy must be given up.
        """
        self._digest.update(data)
        self._waiting += data
        self.size_bytes += len(data)
        # Strictly more: the last chunk is sealed as final, so one must be left for `finish`.
        while len(self._waiting) > BLOCK_BYTES:
            block = bytes(memoryview(self._waiting)[:BLOCK_BYTES])
            del self._waiting[:BLOCK_BYTES]
            self._seal(block, final=False)
        return len(data)

    def finish(self) -> KeyRecord:
        """Seal the rest and give the copy its name; the record opens it and knows its hash.

        Raises:
            KeyMissing: the current key-encryption key is not there.
            StoreUnavailable: no room; nothing is left of the copy.
        """
        self._seal(bytes(self._waiting), final=True)
        self._waiting.clear()
        record = wrap_key(
            self._data_key,
            self._keys,
            object_id=self._copy_id,
            object_name=self._name,
            size_bytes=self.size_bytes,
            sha256=self._digest.hexdigest(),
        )
        with unavailable("finish a copy"):
            self._file.keep()
        self._stack.close()
        return record

    def _seal(self, block: bytes, *, final: bool) -> None:
        sealed = b"".join(self._cipher.seal_block(self._chunks_written, block, final=final))
        self._chunks_written += len(block) // CHUNK_BYTES
        self._sealed_bytes += len(sealed)
        with unavailable("write a copy"):
            if not self._file.take_room(self._sealed_bytes):
                raise StoreUnavailable("no room for a copy")
            write_all(self._file.descriptor, sealed)


def _cipher(data_key: bytes, copy_id: str) -> ChunkCipher:
    return ChunkCipher(data_key, form=FORM, object_id=copy_id)
