"""What the tests of the store share: private folders, keys, a sealed store."""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.folders import make_private_folder
from storage.key_records import KeyEncryptionKeys
from storage.local import LocalStore
from storage.local_key_records import LocalKeyRecords
from storage.sealed import SealedStore


@pytest.fixture
def private_folder(tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        make_private_folder(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def keys() -> KeyEncryptionKeys:
    return KeyEncryptionKeys(1, {1: bytes(range(32))})


@dataclass
class Vault:
    """A sealed store with all its parts, and the folders they lie in."""

    sealed: SealedStore
    store: LocalStore
    records: LocalKeyRecords
    objects_folder: Path
    records_folder: Path
    spool_folder: Path


@pytest.fixture
def vault(private_folder: Callable[[str], Path], keys: KeyEncryptionKeys) -> Iterator[Vault]:
    objects, records, spool = map(private_folder, ("objects", "records", "spool"))
    store, second_copies = LocalStore(objects), LocalKeyRecords(records)
    sealed = SealedStore(store, second_copies, keys, spool)
    yield Vault(sealed, store, second_copies, objects, records, spool)
    store.close()
    second_copies.close()


@pytest.fixture
def rewrite() -> Callable[[Path, bytes], None]:
    """Change a stored file behind the store's back, as an operator could."""

    def change(path: Path, data: bytes) -> None:
        path.chmod(0o600)
        path.write_bytes(data)

    return change


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a call of the operating system fail, as on a full, read-only or dying disk."""

    def arrange(call: str, code: int = errno.EIO, when: Callable[..., bool] | None = None) -> None:
        real = getattr(os, call)

        def fail(*arguments: object, **options: object) -> object:
            if when is None or when(*arguments):
                raise OSError(code, os.strerror(code))
            return real(*arguments, **options)

        monkeypatch.setattr(os, call, fail)

    return arrange
