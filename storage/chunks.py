"""Sealed chunks: AES-256-GCM over 64 KiB pieces that cannot be moved, cut or swapped (SEC-ST-5).

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar: "Online Authenticated-Encryption and
its Nonce-Reuse Misuse-Resistance", 2015) with a fresh key per object. The nonce of a chunk is
7 zero bytes, its number (4 bytes, big-endian), and 1 for the last chunk or 0: a chunk in another
place, a missing tail and a false end do not open. Associated data: format, object id, chunk size.
An empty object is one final chunk of no bytes.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import ObjectAltered, RangeOutside
from .objects import OpenObject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK_BYTES = 65_536
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
KEY_BYTES = 32
READ_AHEAD_CHUNKS = 16  # one call to the store for a megabyte of a long read


def new_key() -> bytes:
    """Draw a fresh 256-bit key. It MUST seal one object only: the nonces count from nought."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def chunk_count(size_bytes: int) -> int:
    """Say how many chunks an object of `size_bytes` has: one at least."""
    return max(1, -(-size_bytes // CHUNK_BYTES))


def sealed_size(size_bytes: int) -> int:
    """Say how many bytes an object of `size_bytes` takes when sealed."""
    return size_bytes + TAG_BYTES * chunk_count(size_bytes)


class ChunkCipher:
    """Seals and opens the chunks of one object under its own key. It has no `repr` of the key."""

    def __init__(self, key: bytes, *, form: str, object_id: str) -> None:
        """Bind the key to a format (such as `evidence-object/1`) and an object's id, both ASCII."""
        self._cipher = AESGCM(key)
        self._associated = f"{form}\n{object_id}\n{CHUNK_BYTES}\n".encode("ascii")

    def seal(self, number: int, chunk: bytes | memoryview, *, final: bool) -> bytes:
        """Seal chunk `number` (from 0): at most 64 KiB, exactly 64 KiB unless `final`."""
        return self._cipher.encrypt(_nonce(number, final=final), chunk, self._associated)

    def open(self, number: int, sealed: bytes | memoryview, *, final: bool) -> bytes:
        """Give the bytes of chunk `number`.

        Raises:
            ObjectAltered: it is not that chunk of that object, byte for byte.
        """
        try:
            return self._cipher.decrypt(_nonce(number, final=final), sealed, self._associated)
        except InvalidTag as cause:
            raise ObjectAltered("a chunk is not the one that was sealed") from cause

    def seal_block(self, first_number: int, block: bytes, *, final: bool) -> Iterator[bytes]:
        """Seal a block of whole chunks; with `final` the last may be short, or empty."""
        count = chunk_count(len(block)) if final else len(block) // CHUNK_BYTES
        view = memoryview(block)
        for index in range(count):
            chunk = view[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]
            yield self.seal(first_number + index, chunk, final=final and index == count - 1)


class SealedReader(io.RawIOBase):
    """A sealed object as a seekable file of its plain bytes; gives out verified chunks only.

    Not for several threads at once. Any read raises `ObjectAltered` where bytes differ and
    `StoreUnavailable` where the store fails; what was given out before is verified.
    """

    def __init__(self, opened: OpenObject, cipher: ChunkCipher, size_bytes: int) -> None:
        """Read `opened` as the seal of exactly `size_bytes` bytes, as its key record says.

        Raises:
            ObjectAltered: what lies there has another length than that.
        """
        super().__init__()
        if opened.size_bytes != sealed_size(size_bytes):
            raise ObjectAltered("the object has another length than was stored")
        self.size_bytes = size_bytes
        self._opened = opened
        self._cipher = cipher
        self._position = 0
        self._last = chunk_count(size_bytes) - 1
        self._kept: tuple[int, bytes] = (-1, b"")  # number and bytes of the chunk opened last

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Give the position in bytes."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to a position in bytes; behind the end there is nothing to read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size_bytes}
        if whence not in base or base[whence] + offset < 0:
            raise ValueError("no such position")
        self._position = base[whence] + offset
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill the buffer with verified bytes; short only at the end. Raises: see the class."""
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self.size_bytes - self._position))
        done = 0
        for piece in self._pieces(self._position, self._position + wanted):
            view[done : done + len(piece)] = piece
            done += len(piece)
        self._position += done
        return done

    def readall(self) -> bytes:
        """Give all verified bytes from here to the end, in memory. Raises: see the class."""
        rest = max(0, self.size_bytes - self._position)
        data = b"".join(self._pieces(self._position, self._position + rest))
        self._position += rest
        return data

    def pieces(self, first: int, count: int) -> Iterator[bytes | memoryview]:
        """Give exactly the bytes `first` to `first + count`, piece by piece, each verified.

        Raises:
            RangeOutside: the range is not inside the object.
            ObjectAltered: the next piece is not what was sealed.
            StoreUnavailable: it cannot be read now.
        """
        if first < 0 or count < 0 or first + count > self.size_bytes:
            raise RangeOutside("the range is not inside the object")
        return self._pieces(first, first + count)

    def verify_empty(self) -> None:
        """Open the one chunk of an empty object, which no read would ever touch.

        Raises:
            ObjectAltered: it is not what was sealed.
        """
        list(self._chunks(0, 0))

    def _pieces(self, first: int, end: int) -> Iterator[bytes | memoryview]:
        if first == end:
            return
        for number, chunk in self._chunks(first // CHUNK_BYTES, (end - 1) // CHUNK_BYTES):
            begin = number * CHUNK_BYTES
            if first <= begin and begin + len(chunk) <= end:
                yield chunk
            else:
                yield memoryview(chunk)[max(0, first - begin) : end - begin]

    def _chunks(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        if first == self._kept[0]:
            yield self._kept
            first += 1
        for begin in range(first, last + 1, READ_AHEAD_CHUNKS):
            end = min(begin + READ_AHEAD_CHUNKS, last + 1)
            start = begin * SEALED_CHUNK_BYTES
            stop = min(end * SEALED_CHUNK_BYTES, self._opened.size_bytes)
            sealed = memoryview(self._opened.read_range(start, stop - start))
            for number in range(begin, end):
                at = (number - begin) * SEALED_CHUNK_BYTES
                chunk = self._cipher.open(
                    number, sealed[at : at + SEALED_CHUNK_BYTES], final=number == self._last
                )
                self._kept = (number, chunk)
                yield self._kept


def _nonce(number: int, *, final: bool) -> bytes:
    # A number over 4 bytes (256 TiB) raises OverflowError: a nonce never comes twice.
    return bytes(7) + number.to_bytes(4, "big") + bytes([final])
