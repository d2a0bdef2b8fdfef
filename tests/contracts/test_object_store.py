"""The promise of `ObjectStore`, kept by every store we have."""

import hashlib
import io
import threading
import tracemalloc
from datetime import UTC, datetime

import pytest

from storage import object_keys
from storage.errors import (
    BadObjectName,
    ObjectDiffers,
    ObjectMissing,
    RangeOutside,
    SourceDiffers,
)
from storage.objects import digest_of

CHUNK = 65_536
DATA = bytes(range(256)) * 1_024  # 256 KiB
MEGABYTE = 1 << 20


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def put(store, data, *, name=None, **promised):
    promised = {"size_bytes": len(data), "sha256": sha256(data)} | promised
    return store.put(name or object_keys.original(sha256(data)), io.BytesIO(data), **promised)


class Stream:
    """Forty megabytes that nobody holds in memory, in pieces of odd sizes."""

    def __init__(self, blocks):
        self.rest = blocks * MEGABYTE

    def read(self, size_bytes):
        piece = b"s" * min(size_bytes, self.rest, 700_001)
        self.rest -= len(piece)
        return piece


@pytest.mark.parametrize("size_bytes", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, len(DATA)])
def test_what_was_put_comes_back_whole(store, size_bytes):
    stored = put(store, DATA[:size_bytes])
    assert stored.size_bytes == size_bytes
    with store.open(stored.name) as opened:
        assert opened.size_bytes == size_bytes
        assert opened.read_range(0, size_bytes) == DATA[:size_bytes]
        assert digest_of(opened) == sha256(DATA[:size_bytes])


def test_a_large_object_passes_through_flat_memory(subject):
    store, blocks = subject.store, 40
    digest = sha256(b"s" * (blocks * MEGABYTE))
    name = object_keys.original(digest)
    tracemalloc.start()
    try:
        store.put(name, Stream(blocks), size_bytes=blocks * MEGABYTE, sha256=digest)
        with store.open(name) as opened:
            assert digest_of(opened) == digest
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak - subject.held_bytes() < 8 * MEGABYTE


def test_the_same_bytes_may_be_put_again(store):
    first = put(store, DATA)
    assert put(store, DATA) == first
    assert list(store.names()) == [first.name]


def test_other_bytes_under_a_taken_name_are_an_alarm_and_change_nothing(store):
    name = put(store, DATA).name
    with pytest.raises(ObjectDiffers):
        put(store, DATA[:-1] + b"!", name=name)
    with store.open(name) as opened:
        assert opened.read_range(0, len(DATA)) == DATA


@pytest.mark.parametrize(
    "promised",
    [{"size_bytes": len(DATA) - 1}, {"size_bytes": len(DATA) + 1}, {"sha256": sha256(b"else")}],
    ids=["longer than promised", "shorter than promised", "another hash"],
)
def test_a_source_that_breaks_its_promise_leaves_nothing(store, promised):
    with pytest.raises(SourceDiffers):
        put(store, DATA, **promised)
    assert list(store.names()) == []
    assert put(store, DATA).size_bytes == len(DATA)


@pytest.mark.parametrize(
    ("first", "count"),
    [
        (0, 0),
        (0, 1),
        (CHUNK - 1, 1),
        (CHUNK - 1, 2),
        (CHUNK, 1),
        (CHUNK, CHUNK),
        (1, CHUNK),
        (len(DATA) - 1, 1),
        (len(DATA), 0),
        (3, len(DATA) - 3),
    ],
)
def test_a_range_has_exactly_the_length_that_was_asked_for(store, first, count):
    with store.open(put(store, DATA).name) as opened:
        assert opened.read_range(first, count) == DATA[first : first + count]


@pytest.mark.parametrize(
    ("first", "count"), [(-1, 1), (0, -1), (0, len(DATA) + 1), (len(DATA), 1), (len(DATA) + 1, 0)]
)
def test_a_range_outside_the_object_is_refused(store, first, count):
    with store.open(put(store, DATA).name) as opened, pytest.raises(RangeOutside):
        opened.read_range(first, count)


def test_an_unknown_name_is_missing(store):
    name = object_keys.original(sha256(b"never put"))
    with pytest.raises(ObjectMissing):
        store.stat(name)
    with pytest.raises(ObjectMissing), store.open(name):
        pass


BAD_NAMES = [
    "",
    "x",
    "/etc/passwd",
    "../outside",
    "originals/../../outside",
    "originals/ab/../../../outside",
    f"originals/ab/{'cd' * 32}",  # not the folder of its own hash
    f"originals/AB/{'AB' * 32}",
    f"originals/ab/{'ab' * 32}/",
    f"originals/ab/{'ab' * 32}\n",
    f"originals/ab/{'ab' * 31}a",
    f"originals//{'ab' * 32}",
    f"originals/ab/{'ab' * 31}a\x00",
    f"originals/ab/{'ab' * 31}\N{FULLWIDTH LATIN SMALL LETTER A}b",
    f"prepared/ab/{'ab' * 32}.1",
    None,
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_nobody_spells_is_refused_everywhere(store, name):
    with pytest.raises(BadObjectName):
        store.put(name, io.BytesIO(DATA), size_bytes=len(DATA), sha256=sha256(DATA))
    with pytest.raises(BadObjectName):
        store.stat(name)
    with pytest.raises(BadObjectName), store.open(name):
        pass
    assert list(store.names()) == []


@pytest.mark.parametrize("digest", ["", "ab", "AB" * 32, "zz" * 32, None])
def test_a_hash_that_is_none_is_refused(store, digest):
    with pytest.raises(BadObjectName):
        put(store, DATA, sha256=digest)


def test_names_come_in_ascending_order(store):
    names = [put(store, bytes([number])).name for number in range(20)]
    assert list(store.names()) == sorted(names)


def test_an_object_says_its_size_without_being_read(store):
    stored = put(store, DATA)
    assert store.stat(stored.name) == stored


def test_a_lock_is_answered_for_as_it_holds_or_not_at_all(store):
    until = datetime(2040, 1, 1, tzinfo=UTC)
    stored = put(store, DATA, locked_until=until)
    assert stored.locked_until is None or stored.locked_until >= until
    assert store.stat(stored.name).locked_until == stored.locked_until


def test_an_object_cannot_be_deleted(store):
    assert not [face for face in dir(store) if face.startswith(("delete", "remove", "unlink"))]


def test_many_putting_the_same_bytes_at_once_all_succeed(store):
    answers = []
    begin = threading.Barrier(8)

    def race():
        begin.wait()
        answers.append(put(store, DATA))

    racers = [threading.Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert list(store.names()) == [answers[0].name]


def test_of_many_putting_other_bytes_under_one_name_one_wins_and_stays(store):
    outcomes = []
    begin = threading.Barrier(8)
    name = object_keys.original(sha256(DATA))

    def race(number):
        begin.wait()
        data = bytes([number]) * CHUNK
        try:
            put(store, data, name=name)
            outcomes.append(data)
        except ObjectDiffers:
            outcomes.append(None)

    racers = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    winners = [data for data in outcomes if data is not None]
    assert len(winners) == 1
    assert len(outcomes) == 8
    with store.open(name) as opened:
        assert opened.read_range(0, CHUNK) == winners[0]
