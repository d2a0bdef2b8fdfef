"""Every error of the store, drawn as one tree.

StorageError
├── NotAsStored          alarm: what lies there is not what was acknowledged; close the document
│   ├── ObjectAltered    bytes, length, or the kind of file differ
│   ├── ObjectDiffers    a write-once name is taken by other bytes
│   └── KeyRecordAltered a key record does not open under its key, or cannot be read
├── ObjectMissing        no object of that name
├── KeyRecordMissing     no key record of that object: never written, or shredded
├── KeyMissing           no key-encryption key of that number
├── WrongRequest         the caller asked for what cannot be; nothing was stored
│   ├── BadObjectName    not a name that `object_keys` spells
│   ├── SourceDiffers    the bytes given are not those that were promised
│   └── RangeOutside     a range that is not inside the object
├── StoreUnavailable     full, read-only, away: nothing is half done; try again
└── StoreRefused         at start: a promise could not be kept; names every fault

StoreBroken              an fsync failed: end the process. It stands outside the tree, so that no
                         handler of passing trouble takes it for one (SEC-LOG-11)
"""

from collections.abc import Sequence


class StorageError(Exception):
    """The base of all errors that the store raises on purpose, but `StoreBroken`."""


class NotAsStored(StorageError):
    """What lies in the store is not what was acknowledged: an alarm, never a passing trouble."""


class ObjectAltered(NotAsStored):
    """An object's bytes, its length or the kind of its file are not those that were stored."""


class ObjectDiffers(NotAsStored):
    """The name is taken by other bytes; the first stay, the second were not stored."""


class KeyRecordAltered(NotAsStored):
    """A key record cannot be read, or does not open under the key it names."""


class ObjectMissing(StorageError):
    """There is no object of that name."""


class KeyRecordMissing(StorageError):
    """There is no key record of that object: it was never written, or it was shredded."""


class KeyMissing(StorageError):
    """The key-encryption key that a record names is not among those given."""


class WrongRequest(StorageError):
    """The caller asked for something that cannot be; nothing was stored."""


class BadObjectName(WrongRequest):
    """Not a name, hash or id of the form that `object_keys` knows."""


class SourceDiffers(WrongRequest):
    """The source gave other bytes than their promised length and SHA-256; nothing was stored."""


class RangeOutside(WrongRequest):
    """The range does not lie inside the object."""


class StoreUnavailable(StorageError):
    """The store is full, read-only or away. Nothing is half done; the same call may be repeated."""


class StoreRefused(StorageError):
    """The store must not start here. `faults` names all that is wrong at once."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(self.faults))


class StoreBroken(Exception):
    """An fsync failed: written pages may be lost although a second fsync would succeed.

    The caller MUST end the process; the next start reads what the disk truly holds.
    """
