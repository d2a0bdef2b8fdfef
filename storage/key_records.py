"""Key records: each object's data key, wrapped under a numbered key-encryption key (SEC-ST-7).

The wrap is AES-256-GCM with a random nonce, bound to object id, key number, length and plaintext
SHA-256. A record is not secret, but without it its object is gone for ever: two copies are kept,
in the database and in an unlocked store. Deleting both shreds the object (SEC-ST-8).
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import object_keys
from .errors import BadObjectName, KeyMissing, KeyRecordAltered

_FORM = "evidence-key-record/1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_WRAPPED_BYTES = _NONCE_BYTES + _KEY_BYTES + 16
_LARGEST = 2**53  # what every JSON reader takes


@dataclass(frozen=True, slots=True)
class KeyEncryptionKeys:
    """Key-encryption keys by number; new records are wrapped under `current`. No key in `repr`."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)

    def cipher(self, number: int) -> AESGCM:
        """Give the cipher of key `number`.

        Raises:
            KeyMissing: there is no such key, or it is no 256-bit key.
        """
        key = self.keys.get(number)
        if key is None or len(key) != _KEY_BYTES:
            raise KeyMissing(f"no key-encryption key {number}")
        return AESGCM(key)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What opens one object: its place, its true length and hash, and its wrapped key."""

    object_id: str
    object_name: str
    size_bytes: int
    sha256: str  # of the plain bytes, 64 hex digits
    kek_number: int
    wrapped_key: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """Write the record as canonical JSON: ASCII, sorted names, no spaces."""
        values = asdict(self) | {"form": _FORM, "wrapped_key": self.wrapped_key.hex()}
        return _canonical(values)

    @classmethod
    def from_bytes(cls, data: bytes) -> "KeyRecord":
        """Read a record that `to_bytes` wrote, and nothing else.

        Raises:
            KeyRecordAltered: it is not byte for byte such a record.
        """
        try:
            values = json.loads(data)
            if values.pop("form") != _FORM:
                raise KeyRecordAltered("not a key record")
            record = cls(**values | {"wrapped_key": bytes.fromhex(values["wrapped_key"])})
            _check(record)
            is_same = record.to_bytes() == data
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as cause:
            raise KeyRecordAltered("not a key record") from cause
        except BadObjectName as cause:
            raise KeyRecordAltered("a key record names what is no name") from cause
        if not is_same:
            raise KeyRecordAltered("a key record is not canonical")
        return record


class KeyRecordStore(Protocol):
    """The second copy of every key record: unlocked, replaceable, deletable.

    It MUST NOT lie where retention holds, or an object could not be shredded.
    """

    def put(self, record: KeyRecord) -> None:
        """Write or replace the record of an object; MUST return only when it is durable.

        A reader MUST see the old record or the new one, never a part.

        Raises:
            StoreUnavailable: full, read-only, away; the old record stands.
            StoreBroken: the disk failed to sync; the caller MUST end the process.
        """
        ...

    def get(self, object_id: str) -> KeyRecord:
        """Read the record of an object.

        Raises:
            BadObjectName: not an id.
            KeyRecordMissing: there is none.
            KeyRecordAltered: it cannot be read, or is the record of another object.
            StoreUnavailable: it cannot be read now.
        """
        ...

    def delete(self, object_id: str) -> bool:
        """Delete the record durably; say whether there was one.

        Raises: as `put`, and `BadObjectName`.
        """
        ...

    def object_ids(self) -> Iterator[str]:
        """Give the ids of all objects that have a record here, ascending by file.

        Raises:
            StoreUnavailable: it cannot be listed now.
        """
        ...


def wrap_key(
    data_key: bytes,
    keys: KeyEncryptionKeys,
    *,
    object_id: str,
    object_name: str,
    size_bytes: int,
    sha256: str,
) -> KeyRecord:
    """Make the key record of an object, under the current key-encryption key.

    Raises:
        KeyMissing: the current key is not there.
    """
    unwrapped = KeyRecord(object_id, object_name, size_bytes, sha256, keys.current, b"")
    return _wrap(data_key, unwrapped, keys)


def unwrap_key(record: KeyRecord, keys: KeyEncryptionKeys) -> bytes:
    """Give an object's data key (32 bytes).

    Raises:
        KeyMissing: the key that the record names is not there.
        KeyRecordAltered: the record does not open under it: wrong key, or a changed record.
    """
    nonce, wrapped = record.wrapped_key[:_NONCE_BYTES], record.wrapped_key[_NONCE_BYTES:]
    cipher = keys.cipher(record.kek_number)
    if len(record.wrapped_key) != _WRAPPED_BYTES:
        raise KeyRecordAltered("a wrapped key has another length")
    try:
        return cipher.decrypt(nonce, wrapped, _bound_to(record))
    except InvalidTag as cause:
        raise KeyRecordAltered("a key record does not open under its key") from cause


def rewrap(record: KeyRecord, keys: KeyEncryptionKeys) -> KeyRecord:
    """Give the record under the current key; the very same one if it is under it already.

    Rotation goes over all records; it may be stopped and begun again at any place.

    Raises:
        KeyMissing: the old or the current key is not there.
        KeyRecordAltered: the record does not open.
    """
    data_key = unwrap_key(record, keys)
    if record.kek_number == keys.current:
        return record
    return _wrap(data_key, replace(record, kek_number=keys.current), keys)


def _wrap(data_key: bytes, record: KeyRecord, keys: KeyEncryptionKeys) -> KeyRecord:
    nonce = os.urandom(_NONCE_BYTES)
    wrapped = keys.cipher(keys.current).encrypt(nonce, data_key, _bound_to(record))
    return replace(record, wrapped_key=nonce + wrapped)


def _bound_to(record: KeyRecord) -> bytes:
    bound = (_FORM, record.object_id, record.kek_number, record.size_bytes, record.sha256)
    return "\n".join(map(str, bound)).encode("ascii")


def _check(record: KeyRecord) -> None:
    object_keys.check_id(record.object_id)
    object_keys.check_stored_name(record.object_name)
    object_keys.check_sha256(record.sha256)
    numbers = (record.size_bytes, record.kek_number)
    if any(type(number) is not int or not 0 <= number < _LARGEST for number in numbers):
        raise KeyRecordAltered("a key record's number is none")
    if len(record.wrapped_key) != _WRAPPED_BYTES:
        raise KeyRecordAltered("a wrapped key has another length")


def _canonical(values: Mapping[str, object]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode("ascii")
