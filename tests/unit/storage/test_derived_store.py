"""Prepared pages: sealed, bounded, and a miss whenever anything is not right with them."""

import os
import threading

import pytest

from storage import object_keys
from storage.derived import DerivedStore
from storage.errors import BadObjectName, StoreRefused

KEY = bytes(range(32))
PAGE = b"a clean page " * 10_000  # 130,000 bytes, two chunks
MEGABYTE = 1 << 20


def page(number, key_number=1):
    return object_keys.prepared_page(f"{number:02x}" * 32, key_number)


@pytest.fixture
def folder(private_folder):
    return private_folder("prepared")


@pytest.fixture
def open_store(folder):
    opened = []

    def opening(key=KEY, max_bytes=10 * MEGABYTE):
        opened.append(DerivedStore(folder, key, max_bytes))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store):
    return open_store()


def entries_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".room")


def size_of(folder):
    return sum(path.stat().st_size for path in entries_in(folder))


@pytest.mark.parametrize("size_bytes", [0, 1, 65_535, 65_536, 65_537, len(PAGE)])
def test_what_was_kept_comes_back(store, size_bytes):
    assert store.put(page(1), PAGE[:size_bytes]) is True
    assert store.get(page(1)) == PAGE[:size_bytes]


def test_what_was_never_kept_is_a_miss(store):
    assert store.get(page(1)) is None


def test_no_clean_byte_lies_on_the_disk(store, folder):
    store.put(page(1), PAGE)
    assert b"clean" not in entries_in(folder)[0].read_bytes()


def test_the_same_page_twice_does_not_look_the_same(store, folder):
    store.put(page(1), PAGE)
    first = entries_in(folder)[0].read_bytes()
    store.put(page(1), PAGE)
    assert entries_in(folder)[0].read_bytes()[40:80] != first[40:80]


def test_an_entry_is_replaced_whole(store, folder):
    store.put(page(1), PAGE)
    store.put(page(1), b"newer")
    assert store.get(page(1)) == b"newer"
    assert len(entries_in(folder)) == 1


def test_another_process_on_the_folder_reads_what_was_kept(open_store):
    open_store().put(page(1), PAGE)
    assert open_store().get(page(1)) == PAGE


def damage(path, how):
    data = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(how(data))


DAMAGES = {
    "salt": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "first chunk": lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    "last byte": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "cut by a byte": lambda data: data[:-1],
    "cut by a chunk": lambda data: data[: 32 + 65_552],
    "cut to the salt": lambda data: data[:32],
    "cut to nothing": lambda _: b"",
    "longer": lambda data: data + bytes(20),
    "zeros, as a torn write leaves them": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_entry_is_a_miss_and_is_removed(store, folder, what):
    store.put(page(1), PAGE)
    damage(entries_in(folder)[0], DAMAGES[what])
    assert store.get(page(1)) is None
    assert entries_in(folder) == []
    assert store.put(page(1), PAGE)
    assert store.get(page(1)) == PAGE


@pytest.mark.parametrize("other", [page(2), page(1, key_number=2)])
def test_an_entry_under_another_pid_or_key_number_is_a_miss(store, folder, other):
    store.put(page(1), PAGE)
    store.put(other, b"other")
    (folder / page(1)).replace(folder / other)
    assert store.get(other) is None


def test_an_entry_of_another_key_is_a_miss(open_store):
    open_store().put(page(1), PAGE)
    assert open_store(key=bytes(32)).get(page(1)) is None


def test_a_planted_link_is_a_miss(store, folder, tmp_path):
    store.put(page(1), PAGE)
    (folder / page(1)).replace(tmp_path / "outside")
    (folder / page(1)).symlink_to(tmp_path / "outside")
    assert store.get(page(1)) is None
    assert (tmp_path / "outside").exists()


# --- bounded -----------------------------------------------------------------------------------


def used_at(folder, number, seconds):
    os.utime(folder / page(number), (seconds, seconds))


def test_the_least_recently_used_go_first(open_store, folder):
    store = open_store(max_bytes=4 * 131_000)
    for number in range(4):
        assert store.put(page(number), PAGE)
        used_at(folder, number, 1_000 + number)
    store.get(page(0))  # used now, long after all the others
    assert store.put(page(4), PAGE)
    assert store.get(page(0)) == PAGE
    assert store.get(page(4)) == PAGE
    assert store.get(page(1)) is None
    assert size_of(folder) <= 4 * 131_000


def test_an_entry_that_can_never_fit_is_not_kept_and_evicts_nothing(open_store):
    store = open_store(max_bytes=200_000)
    store.put(page(1), PAGE)
    assert store.put(page(2), PAGE + PAGE) is False
    assert store.get(page(1)) == PAGE


def test_a_smaller_bound_bites_at_the_next_start(open_store, folder):
    store = open_store()
    for number in range(8):
        store.put(page(number), PAGE)
    again = open_store(max_bytes=3 * 131_000)
    assert again.size_bytes() == size_of(folder) <= 3 * 131_000


def test_the_bound_holds_at_every_moment_with_several_writers(open_store, folder):
    bound = 6 * 131_000
    stores = [open_store(max_bytes=bound) for _ in range(3)]
    sizes, kept = [], []

    def write(store, first):
        for number in range(first, first + 12):
            kept.append(store.put(page(number), PAGE))
            sizes.append(stores[0].size_bytes())

    writers = [
        threading.Thread(target=write, args=(store, index * 12))
        for index, store in enumerate(stores)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(sizes) == 36
    assert any(kept)
    assert max(sizes) <= bound
    for path in entries_in(folder):
        assert stores[0].get(str(path.relative_to(folder))) == PAGE


def test_threads_that_put_and_get_one_page_see_it_whole_or_not(store):
    seen = set()

    def work(data):
        for _ in range(20):
            store.put(page(1), data)
            seen.add(store.get(page(1)))

    versions = [bytes([number]) * 100_000 for number in range(4)]
    workers = [threading.Thread(target=work, args=(data,)) for data in versions]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert seen <= {*versions, None}
    assert seen & set(versions)


def test_a_removed_entry_is_gone(store, folder):
    store.put(page(1), PAGE)
    assert store.remove(page(1)) is True
    assert store.remove(page(1)) is False
    assert entries_in(folder) == []


# --- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "../x", object_keys.original("ab" * 32), page(1) + "/x"])
def test_a_name_that_nobody_spells_is_refused(store, name):
    with pytest.raises(BadObjectName):
        store.get(name)
    with pytest.raises(BadObjectName):
        store.put(name, PAGE)
    with pytest.raises(BadObjectName):
        store.remove(name)


def test_a_folder_open_to_others_is_refused(folder):
    folder.chmod(0o755)
    with pytest.raises(StoreRefused):
        DerivedStore(folder, KEY, MEGABYTE)


def test_a_key_of_another_length_is_refused(folder):
    with pytest.raises(ValueError, match="32 bytes"):
        DerivedStore(folder, KEY[:16], MEGABYTE)
