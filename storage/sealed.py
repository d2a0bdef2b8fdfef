"""Envelope encryption over any object store (SEC-ST-5 to SEC-ST-9).

Bytes are sealed under a fresh key while they are streamed; the object's name is the hash of the
sealed bytes, so whoever runs the store can check it, and learns nothing by comparing hashes.
Its key lies in a key record, wrapped, apart from the object.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from . import object_keys
from .chunks import CHUNK_BYTES, ChunkCipher, SealedReader, new_key
from .errors import ObjectAltered, SourceDiffers
from .folders import unavailable
from .key_records import KeyEncryptionKeys, KeyRecord, KeyRecordStore, unwrap_key, wrap_key
from .objects import BLOCK_BYTES, ObjectStore, Source, StoredObject, digest_of, read_fully

FORM = "evidence-object/1"


class Sink(Protocol):
    """Where bytes go: a file, a hash, an answer."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""
        ...


@dataclass(frozen=True, slots=True)
class Seal:
    """What sealing found: the length and hash of the plain bytes, and those of the sealed ones."""

    size_bytes: int
    sha256: str
    sealed_size_bytes: int
    sealed_sha256: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """An acknowledged object: the record that opens it, and what the store says of it."""

    record: KeyRecord
    stored: StoredObject


class SealedStore:
    """Objects sealed on their way in, verified on their way out. Threads may share it."""

    def __init__(
        self,
        store: ObjectStore,
        records: KeyRecordStore,
        keys: KeyEncryptionKeys,
        spool_folder: Path,
    ) -> None:
        """Seal into `store`, with second copies of key records in `records`.

        `spool_folder` holds sealed bytes, nameless, while they are on their way.
        """
        self._store = store
        self._records = records
        self._keys = keys
        self._spool_folder = spool_folder

    def put(
        self,
        source: Source,
        *,
        object_id: str,
        size_bytes: int,
        sha256: str,
        locked_until: datetime | None = None,
    ) -> Deposit:
        """Seal and store the bytes of `source`; both copies but the database's are then durable.

        Called again with the same id it makes a second object and replaces the key record: an id
        belongs to one try.

        Args:
            source: read from where it stands to its end, never held in memory as a whole.
            object_id: the id that the seal is bound to.
            size_bytes: the length that `source` must have.
            sha256: the SHA-256 that `source` must have, 64 hex digits.
            locked_until: the end of the retention asked for.

        Raises:
            BadObjectName: not an id or not a hash.
            SourceDiffers: the source has another length or hash; nothing was stored.
            KeyMissing: the current key-encryption key is not there.
            ObjectDiffers, ObjectAltered: see `ObjectStore.put`: alarm.
            StoreUnavailable: full, read-only, away; at most an object without a record is left.
            StoreBroken: a disk failed to sync; the caller MUST end the process.
        """
        object_keys.check_id(object_id)
        object_keys.check_sha256(sha256)
        self._keys.cipher(self._keys.current)  # before any work
        data_key = new_key()
        with unavailable("spool a sealed object"), self._spool() as spool:
            seal = seal_stream(source, spool, _cipher(data_key, object_id))
            if (seal.size_bytes, seal.sha256) != (size_bytes, sha256):
                raise SourceDiffers("the source is not what was promised")
            spool.seek(0)
            stored = self._store.put(
                object_keys.original(seal.sealed_sha256),
                spool,
                size_bytes=seal.sealed_size_bytes,
                sha256=seal.sealed_sha256,
                locked_until=locked_until,
            )
        names = {"object_id": object_id, "object_name": stored.name, "sha256": sha256}
        record = wrap_key(data_key, self._keys, size_bytes=size_bytes, **names)
        self._records.put(record)
        return Deposit(record, stored)

    @contextmanager
    def open(self, record: KeyRecord) -> Iterator[SealedReader]:
        """Open an object as a seekable file that gives out verified chunks only.

        Raises:
            KeyMissing: the key that the record names is not there.
            KeyRecordAltered: the record does not open.
            ObjectMissing: the object is gone: alarm, it was acknowledged.
            ObjectAltered: it is not what was sealed, now or at a later read.
            StoreUnavailable: it cannot be read now.
        """
        cipher = _cipher(unwrap_key(record, self._keys), record.object_id)
        with (
            self._store.open(record.object_name) as opened,
            SealedReader(opened, cipher, record.size_bytes) as reader,
        ):
            yield reader

    def read_verified(self, record: KeyRecord, sink: Sink) -> None:
        """Stream the whole object into `sink`, and compare its SHA-256 with the record's.

        The sink gets verified chunks only, but whole is what it got only when this returns.

        Raises: as `open`.
        """
        digest = hashlib.sha256()
        with self.open(record) as reader:
            for piece in reader.pieces(0, record.size_bytes):
                digest.update(piece)
                sink.write(bytes(piece))
            if not record.size_bytes:
                reader.verify_empty()
        if digest.hexdigest() != record.sha256:
            raise ObjectAltered("the plain bytes have another hash than was stored")

    def check_sealed(self, record: KeyRecord) -> None:
        """Re-hash the object as it lies, without any key, and compare it with its name.

        Raises:
            ObjectMissing: the object is gone.
            ObjectAltered: it is not what was stored.
            StoreUnavailable: it cannot be read now.
        """
        check_sealed_object(self._store, record.object_name)

    def _spool(self) -> IO[bytes]:
        return tempfile.TemporaryFile(dir=self._spool_folder)


def check_sealed_object(store: ObjectStore, name: str) -> int:
    """Re-hash an object as it lies and compare it with its name; give its length in bytes.

    Raises:
        BadObjectName: not the name of an original.
        ObjectMissing: it is gone.
        ObjectAltered: it is not what its name says.
        StoreUnavailable: it cannot be read now.
    """
    expected = object_keys.original_sha256(name)
    with store.open(name) as opened:
        if digest_of(opened) != expected:
            raise ObjectAltered("the sealed bytes are not what their name says")
        return opened.size_bytes


def seal_stream(source: Source, sink: Sink, cipher: ChunkCipher) -> Seal:
    """Seal `source` into `sink` chunk by chunk; memory stays flat.

    Two hashes are the most of the work, so the plain one runs beside (hashlib frees the
    interpreter). Raises OSError as source and sink do.
    """
    plain, sealed = hashlib.sha256(), hashlib.sha256()
    size_bytes = sealed_size_bytes = 0
    with ThreadPoolExecutor(max_workers=1) as beside:
        for block, final in _blocks(source):
            running = beside.submit(plain.update, block)
            for chunk in cipher.seal_block(size_bytes // CHUNK_BYTES, block, final=final):
                sealed.update(chunk)
                sink.write(chunk)
                sealed_size_bytes += len(chunk)
            size_bytes += len(block)
            running.result()
    return Seal(size_bytes, plain.hexdigest(), sealed_size_bytes, sealed.hexdigest())


def _blocks(source: Source) -> Iterator[tuple[bytes, bool]]:
    """Give blocks of whole chunks, and with each whether it is the last; one block at least."""
    block = read_fully(source, BLOCK_BYTES)
    while len(block) == BLOCK_BYTES and (following := read_fully(source, BLOCK_BYTES)):
        yield block, False
        block = following
    yield block, True


def _cipher(data_key: bytes, object_id: str) -> ChunkCipher:
    return ChunkCipher(data_key, form=FORM, object_id=object_id)
