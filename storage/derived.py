"""Prepared pages at rest: clean evidence, so sealed; rebuilt when missing, so never in the way.

Each entry is 32 random bytes of salt and the sealed chunks of the page. Its key comes from the
store's key by HKDF-SHA256 (RFC 5869) over salt and name, so every entry has a fresh one. The name
holds `pid` and the number of the mark key: an entry moved to another name does not open. A damaged
entry is a miss and is removed.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import object_keys
from .bounded import BoundedFolder
from .chunks import CHUNK_BYTES, KEY_BYTES, SEALED_CHUNK_BYTES, TAG_BYTES, ChunkCipher, sealed_size
from .errors import ObjectAltered, ObjectMissing, StorageError, StoreBroken, StoreUnavailable
from .folders import unavailable
from .local import LocalObject
from .temporary import write_all

FORM = "evidence-prepared/1"
_SALT_BYTES = 32


class DerivedStore:
    """A bounded cache of sealed entries on disk; threads and processes may share the folder."""

    def __init__(self, folder: Path, key: bytes, max_bytes: int) -> None:
        """Keep at most `max_bytes` of sealed entries in `folder`, sealed under `key` (32 bytes).

        Raises:
            StoreRefused: the folder is missing, a link, open to others, or behind a network.
            ValueError: the key has another length.
        """
        if len(key) != KEY_BYTES:
            raise ValueError("the key of prepared pages has 32 bytes")
        self._key = key
        self._bounded = BoundedFolder(folder, object_keys.PREPARED, max_bytes)

    def close(self) -> None:
        """Give the folder's descriptor back."""
        self._bounded.close()

    def get(self, name: str) -> bytes | None:
        """Give an entry's bytes, verified; `None` when it is missing, damaged or unreadable.

        Raises:
            BadObjectName: not the name of a prepared page.
        """
        object_keys.check_derived_name(name)
        try:
            with closing(LocalObject(self._bounded.open_file(name))) as entry:
                return self._open(name, entry)
        except (ObjectMissing, StoreUnavailable):
            return None
        except ObjectAltered:
            self._discard(name)
            return None

    def put(self, name: str, data: bytes) -> bool:
        """Seal and keep an entry, replacing one of that name; `False` when it cannot be kept.

        Raises:
            BadObjectName: not the name of a prepared page.
        """
        object_keys.check_derived_name(name)
        size_bytes = _SALT_BYTES + sealed_size(len(data))
        try:
            with self._bounded.new_file(name) as new:
                if not new.take_room(size_bytes):
                    return False
                for piece in self._seal(name, data):
                    write_all(new.descriptor, piece)
                new.keep()
        except (OSError, StorageError, StoreBroken):
            return False  # StoreBroken too: nothing was promised of what can be made anew
        return True

    def remove(self, name: str) -> bool:
        """Remove an entry, for a shredded object; say whether it was there.

        Raises:
            BadObjectName: not the name of a prepared page.
            StoreUnavailable: it cannot be removed now: the clean page is still there.
        """
        object_keys.check_derived_name(name)
        with unavailable("remove a prepared page"):
            return self._bounded.remove(name)

    def size_bytes(self) -> int:
        """Count what is kept.

        Raises:
            StoreUnavailable: the folder cannot be read.
        """
        return self._bounded.size_bytes()

    def _seal(self, name: str, data: bytes) -> Iterator[bytes]:
        salt = os.urandom(_SALT_BYTES)
        yield salt
        yield from self._cipher(name, salt).seal_block(0, data, final=True)

    def _open(self, name: str, entry: LocalObject) -> bytes:
        sealed_bytes = entry.size_bytes - _SALT_BYTES
        if sealed_bytes < TAG_BYTES:
            raise ObjectAltered("an entry without a chunk")
        cipher = self._cipher(name, entry.read_range(0, _SALT_BYTES))
        chunks: list[bytes] = []
        for begin in range(0, sealed_bytes, SEALED_CHUNK_BYTES):
            count = min(SEALED_CHUNK_BYTES, sealed_bytes - begin)
            sealed = entry.read_range(_SALT_BYTES + begin, count)
            final = begin + count == sealed_bytes
            chunks.append(cipher.open(len(chunks), sealed, final=final))
        return b"".join(chunks)

    def _cipher(self, name: str, salt: bytes) -> ChunkCipher:
        info = f"{FORM}\n{name}\n{CHUNK_BYTES}\n".encode("ascii")
        entry_key = HKDF(SHA256(), KEY_BYTES, salt, info).derive(self._key)
        return ChunkCipher(entry_key, form=FORM, object_id=name)

    def _discard(self, name: str) -> None:
        try:
            self._bounded.remove(name)
        except OSError:
            return  # a read-only disk: it is a miss again next time
