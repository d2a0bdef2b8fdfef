"""Chunks that cannot be moved, cut or swapped, and the reader that gives out nothing else."""

import hashlib
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.chunks import (
    CHUNK_BYTES,
    SEALED_CHUNK_BYTES,
    TAG_BYTES,
    ChunkCipher,
    SealedReader,
    chunk_count,
    new_key,
    sealed_size,
)
from storage.errors import ObjectAltered, RangeOutside
from storage.sealed import FORM, seal_stream

KEY = bytes(range(32))
OBJECT_ID = "obj_" + "0123456789abcdef" * 2
MEGABYTE = 1 << 20

# Length of the plain bytes → SHA-256 of the sealed ones, for the key and id above and plain
# bytes that count 0, 1, … 250 and begin again. Sealed once by these rules: whatever changes here
# makes objects of yesterday unreadable.
VECTORS = {
    0: "d2fbfd52868f82c37f51ea13caf783e268dd3ad1abb0701005a4ae2ee869a64a",
    1: "340b1d838e170ff3eac0a4da48a6df2873620bb85aeacd22d48441735336aa6f",
    65_535: "aaefc08135261d581add23f3cabe8fdbdd81455dc1ab2ccdca578fb79f23edbe",
    65_536: "656a5a74c189447f60c79b1658f1c131d34df6338b1f177f39f87dd8a2e635d6",
    65_537: "6867df757e3941a2208d4ff2c43ea3e525ca8f8ee902c57845581b0f171df77e",
    1_048_576: "3a3b16e3c405e58b163d889f85c07cc964551ec4b8e77124e35fda120788cf26",
    1_048_577: "222be9a21800495f3afdad011aa698bc806521f3fbaa82b39a4001d5b7fb26e4",
    3_000_000: "133ebc3aebf9d715c4eedb3cd2abfb70c3573cdd5969b0fb9213872a8631d145",
}


def plain(size_bytes):
    return (bytes(range(251)) * (size_bytes // 251 + 1))[:size_bytes]


def cipher(key=KEY, form=FORM, object_id=OBJECT_ID):
    return ChunkCipher(key, form=form, object_id=object_id)


def seal(data, **bound):
    sink = io.BytesIO()
    seal_stream(io.BytesIO(data), sink, cipher(**bound))
    return sink.getvalue()


class Lying:
    """Sealed bytes as they lie somewhere."""

    def __init__(self, data):
        self.data = data
        self.size_bytes = len(data)

    def read_range(self, first, count):
        return self.data[first : first + count]


def reader(sealed, size_bytes, **bound):
    return SealedReader(Lying(sealed), cipher(**bound), size_bytes)


@pytest.mark.parametrize("size_bytes", VECTORS)
def test_sealed_bytes_are_the_same_for_ever(size_bytes):
    sealed = seal(plain(size_bytes))
    assert hashlib.sha256(sealed).hexdigest() == VECTORS[size_bytes]
    assert reader(sealed, size_bytes).read() == plain(size_bytes)


def test_the_first_chunk_is_plain_aes_gcm_over_what_the_format_says():
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = bytes(7) + bytes(4) + b"\x01"
    associated = f"evidence-object/1\n{OBJECT_ID}\n65536\n".encode()
    assert seal(b"abc") == AESGCM(KEY).encrypt(nonce, b"abc", associated)


@pytest.mark.parametrize("size_bytes", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 20 * CHUNK_BYTES])
def test_the_sealed_size_is_known_beforehand(size_bytes):
    assert len(seal(plain(size_bytes))) == sealed_size(size_bytes)
    assert sealed_size(size_bytes) == size_bytes + TAG_BYTES * chunk_count(size_bytes)


def test_keys_are_fresh():
    drawn = {new_key() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(key) for key in drawn} == {32}


def test_no_key_shows_in_a_cipher():
    assert KEY.hex() not in repr(vars(cipher()))
    assert repr(KEY) not in repr(vars(cipher()))


# --- what was done to the bytes ----------------------------------------------------------------

SIZE = 3 * CHUNK_BYTES + 777
PLAIN = plain(SIZE)
SEALED = seal(PLAIN)


def parts(sealed=SEALED):
    return [
        sealed[at : at + SEALED_CHUNK_BYTES] for at in range(0, len(sealed), SEALED_CHUNK_BYTES)
    ]


def flipped(at):
    return SEALED[:at] + bytes([SEALED[at] ^ 1]) + SEALED[at + 1 :]


def swapped(one, other):
    order = parts()
    order[one], order[other] = order[other], order[one]
    return b"".join(order)


ALTERED = {
    "first byte flipped": flipped(0),
    "a byte in the middle flipped": flipped(SEALED_CHUNK_BYTES + 99),
    "a tag flipped": flipped(SEALED_CHUNK_BYTES - 1),
    "last byte flipped": flipped(len(SEALED) - 1),
    "chunks swapped": swapped(0, 1),
    "a chunk doubled": b"".join([parts()[0], parts()[0], *parts()[2:]]),
    "tail cut by a byte": SEALED[:-1],
    "tail cut by a chunk": b"".join(parts()[:-1]),
    "a byte behind the end": SEALED + b"\0",
    "a chunk behind the end": SEALED + parts()[0],
    "another object's chunk": b"".join(
        [parts()[0], parts(seal(PLAIN, object_id="obj_" + "f" * 32))[1], *parts()[2:]]
    ),
    "a chunk of the same object under another key": b"".join(
        [parts()[0], parts(seal(PLAIN, key=bytes(32)))[1], *parts()[2:]]
    ),
    "another format's chunk": b"".join([parts(seal(PLAIN, form="other/1"))[0], *parts()[1:]]),
    "a final chunk in the middle": b"".join([parts(seal(PLAIN[:CHUNK_BYTES]))[0], *parts()[1:]]),
    "nothing": b"",
}


@pytest.mark.parametrize("done", ALTERED)
def test_altered_bytes_are_never_read_to_the_end(done):
    with pytest.raises(ObjectAltered):
        reader(ALTERED[done], SIZE).read()


@pytest.mark.parametrize("done", ALTERED)
def test_of_altered_bytes_only_unaltered_chunks_come_out(done):
    seen = b""
    with suppress(ObjectAltered):
        for piece in reader(ALTERED[done], SIZE).pieces(0, SIZE):
            seen += piece
    assert PLAIN.startswith(seen)
    assert len(seen) < SIZE


def test_a_shorter_object_of_whole_chunks_does_not_pass_for_the_true_one():
    """Its length fits a forged record; its last chunk was not sealed as the last."""
    with pytest.raises(ObjectAltered):
        reader(b"".join(parts()[:2]), 2 * CHUNK_BYTES).read()


def test_a_longer_object_does_not_pass_either():
    sealed = seal(PLAIN[: 2 * CHUNK_BYTES])
    with pytest.raises(ObjectAltered):
        reader(sealed + sealed[:SEALED_CHUNK_BYTES], 3 * CHUNK_BYTES).read()


def test_an_altered_empty_object_is_found():
    reader(seal(b""), 0).verify_empty()
    with pytest.raises(ObjectAltered):
        reader(bytes(TAG_BYTES), 0).verify_empty()


@pytest.mark.parametrize("bound", [{"key": bytes(32)}, {"object_id": "obj_" + "f" * 32}])
def test_with_a_wrong_key_or_id_nothing_opens(bound):
    with pytest.raises(ObjectAltered):
        reader(SEALED, SIZE, **bound).read(1)


def test_a_store_that_answers_too_little_is_found():
    short = reader(SEALED, SIZE)
    short._opened.read_range = lambda first, count: SEALED[first : first + count - 1]
    with pytest.raises(ObjectAltered):
        short.read()


# --- a file like others ------------------------------------------------------------------------

AROUND_BORDERS = st.builds(
    lambda chunk, offset: max(0, min(SIZE + 5, chunk * CHUNK_BYTES + offset)),
    st.integers(0, 4),
    st.integers(-2, 2),
)
POSITIONS = st.integers(0, SIZE + 5) | AROUND_BORDERS


@settings(max_examples=60, deadline=None)
@given(moves=st.lists(st.tuples(POSITIONS, POSITIONS | st.just(-1)), max_size=8))
def test_any_walk_through_it_reads_as_the_plain_bytes_do(moves):
    sealed, true = reader(SEALED, SIZE), io.BytesIO(PLAIN)
    for position, count in moves:
        assert sealed.seek(position) == true.seek(position)
        assert sealed.read(count) == true.read(count)
        assert sealed.tell() == true.tell()


@settings(max_examples=60, deadline=None)
@given(first=st.integers(0, SIZE) | AROUND_BORDERS, count=st.integers(0, SIZE))
def test_pieces_of_a_range_are_exactly_that_range(first, count):
    first = min(first, SIZE)
    count = min(count, SIZE - first)
    assert b"".join(reader(SEALED, SIZE).pieces(first, count)) == PLAIN[first : first + count]


@pytest.mark.parametrize(("first", "count"), [(-1, 1), (0, SIZE + 1), (SIZE, 1), (5, -1)])
def test_pieces_outside_the_object_are_refused(first, count):
    with pytest.raises(RangeOutside):
        reader(SEALED, SIZE).pieces(first, count)


def test_seeking_counts_from_begin_here_and_end():
    sealed = reader(SEALED, SIZE)
    assert sealed.seek(-7, io.SEEK_END) == SIZE - 7
    assert sealed.seek(2, io.SEEK_CUR) == SIZE - 5
    assert sealed.read() == PLAIN[-5:]
    with pytest.raises(ValueError, match="position"):
        sealed.seek(-1)
    with pytest.raises(ValueError, match="position"):
        sealed.seek(0, 9)


def test_it_serves_where_a_buffered_file_is_wanted():
    with io.BufferedReader(reader(SEALED, SIZE)) as buffered:
        assert buffered.read(10) == PLAIN[:10]
        assert buffered.read() == PLAIN[10:]


def test_a_long_read_asks_the_store_in_large_pieces():
    large = plain(4 * MEGABYTE)
    opened = Lying(seal(large))
    asked = []
    real = opened.read_range

    def count(first, size_bytes):
        asked.append(size_bytes)
        return real(first, size_bytes)

    opened.read_range = count
    assert SealedReader(opened, cipher(), len(large)).read() == large
    assert len(asked) == 4


def test_a_source_that_gives_little_at_a_time_seals_the_same():
    class Dripping(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, 1_237))

    sink = io.BytesIO()
    seal = seal_stream(Dripping(PLAIN), sink, cipher())
    assert sink.getvalue() == SEALED
    assert seal.size_bytes == SIZE
    assert seal.sha256 == hashlib.sha256(PLAIN).hexdigest()
    assert seal.sealed_size_bytes == len(SEALED)
    assert seal.sealed_sha256 == hashlib.sha256(SEALED).hexdigest()
