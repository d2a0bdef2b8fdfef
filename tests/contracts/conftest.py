"""Every object store we have, under one name: the contract holds for each of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.folders import make_private_folder
from storage.local import LocalStore
from storage.objects import ObjectStore
from tests.contracts.fake_store import MemoryStore


@dataclass
class Subject:
    """A store under test, and how many bytes of objects it keeps in memory by its nature."""

    store: ObjectStore
    held_bytes: Callable[[], int]


@pytest.fixture(params=["local", "memory"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    if request.param == "memory":
        store = MemoryStore()
        yield Subject(store, lambda: store.held_bytes)
        return
    make_private_folder(tmp_path / "objects")
    local = LocalStore(tmp_path / "objects")
    yield Subject(local, lambda: 0)
    local.close()


@pytest.fixture
def store(subject: Subject) -> ObjectStore:
    return subject.store
