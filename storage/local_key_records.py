"""The second copy of the key records, in a private folder: replaced whole, deleted for good."""

import os
from collections.abc import Iterator
from pathlib import Path

from . import object_keys
from .errors import BadObjectName, KeyRecordAltered, KeyRecordMissing, ObjectAltered, ObjectMissing
from .folders import Folder, sync, unavailable
from .key_records import KeyRecord
from .temporary import temporary_file, write_all

_LARGEST_BYTES = 4_096  # a record has about 400


class LocalKeyRecords:
    """`KeyRecordStore` in a folder; any number of threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        """Open the folder and remove what killed writers left.

        Raises:
            StoreRefused: it is missing, a link, open to others, or on a network file system.
            StoreUnavailable: it cannot be read.
        """
        self._folder = Folder(folder)
        self._folder.sweep(object_keys.KEY_RECORDS)

    def close(self) -> None:
        """Give the folder's descriptor back."""
        self._folder.close()

    def put(self, record: KeyRecord) -> None:
        """Write or replace the record of an object, durably: see `KeyRecordStore.put`.

        Raises:
            StoreUnavailable: full, read-only, away; the old record stands.
            StoreBroken: the disk failed to sync: end the process.
        """
        name, data = object_keys.key_record(record.object_id), record.to_bytes()
        KeyRecord.from_bytes(data)  # what could not be read again is not written
        with (
            unavailable("write a key record"),
            self._folder.shard(name, create=True) as (folder, last),
        ):
            with temporary_file(folder) as (descriptor, temporary):
                write_all(descriptor, data)
                sync(descriptor)
                os.rename(temporary, last, src_dir_fd=folder, dst_dir_fd=folder)
            sync(folder)

    def get(self, object_id: str) -> KeyRecord:
        """Read the record of an object.

        Raises:
            BadObjectName: not an id.
            KeyRecordMissing: there is none.
            KeyRecordAltered: it cannot be read, or is the record of another object.
            StoreUnavailable: it cannot be read now.
        """
        try:
            descriptor = self._folder.open_file(object_keys.key_record(object_id))
        except ObjectMissing as cause:
            raise KeyRecordMissing("no key record of that object") from cause
        except ObjectAltered as cause:
            raise KeyRecordAltered("not a key record") from cause
        try:
            with unavailable("read a key record"):
                data = os.read(descriptor, _LARGEST_BYTES)
        finally:
            os.close(descriptor)
        record = KeyRecord.from_bytes(data)
        if record.object_id != object_id:
            raise KeyRecordAltered("a key record of another object")
        return record

    def delete(self, object_id: str) -> bool:
        """Delete the record durably; say whether there was one.

        Raises:
            BadObjectName: not an id.
            StoreUnavailable: it cannot be deleted now.
            StoreBroken: the disk failed to sync: end the process.
        """
        name = object_keys.key_record(object_id)
        with unavailable("delete a key record"):
            try:
                with self._folder.shard(name) as (folder, last):
                    os.unlink(last, dir_fd=folder)
                    sync(folder)
            except FileNotFoundError:
                return False
        return True

    def object_ids(self) -> Iterator[str]:
        """Give the ids of all objects that have a record here.

        Raises:
            StoreUnavailable: the folder cannot be read.
        """
        for name in self._folder.names(object_keys.KEY_RECORDS):
            try:
                yield object_keys.object_id_of_key_record(name)
            except BadObjectName:
                continue  # a file that is none of ours
