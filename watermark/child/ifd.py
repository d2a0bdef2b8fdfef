"""Image file directories, the tables of TIFF 6.0, BigTIFF and EXIF.

Reads only what is asked for, and never outside the bytes it was given.
"""

import struct
from dataclasses import dataclass

TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
              16: 8, 17: 8, 18: 8}  # fmt: skip
UNSIGNED = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
CLASSIC, BIG = 42, 43  # version numbers in the header
HEADER_BYTES = 8
MAX_ENTRIES = 4096
VALUES_MAX = 64  # of one entry; nothing we ask for is longer


class OutOfBytes(Exception):
    """A directory points outside the file."""


class Malformed(Exception):
    """These bytes are no such directory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: type, number of values, and where the first value stands."""

    kind: int
    count: int
    value_at: int


@dataclass(frozen=True, slots=True)
class Tables:
    """A run of bytes with directories in it: byte order (`<` or `>`), classic or big."""

    data: memoryview
    order: str
    big: bool

    def number(self, letter: str, at: int) -> int:
        """Return the number of that struct letter at this offset.

        Raises:
            OutOfBytes: it lies outside.
        """
        try:
            return int(struct.unpack_from(self.order + letter, self.data, at)[0])
        except struct.error as short:
            raise OutOfBytes from short

    def first(self) -> int:
        """Return the offset of the first directory."""
        return self.number("Q", 8) if self.big else self.number("I", 4)

    def directory(self, at: int) -> tuple[dict[int, Entry], int]:
        """Return the entries of the directory at `at`, and the offset of the next (0: none).

        Raises:
            OutOfBytes: it does not lie inside.
            Malformed: too many entries.
        """
        count = self.number("Q" if self.big else "H", at)
        if not 0 < count <= MAX_ENTRIES:
            raise Malformed
        start = at + (8 if self.big else 2)
        step = 20 if self.big else 12
        entries = dict(self._entry(start + step * index) for index in range(count))
        return entries, self.number("Q" if self.big else "I", start + step * count)

    def _entry(self, at: int) -> tuple[int, Entry]:
        """Return tag and entry at this offset."""
        tag, kind = self.number("H", at), self.number("H", at + 2)
        count = self.number("Q" if self.big else "I", at + 4)
        value_at = at + (12 if self.big else 8)
        if count * TYPE_BYTES.get(kind, 1) > (8 if self.big else 4):
            value_at = self.number("Q" if self.big else "I", value_at)
        return tag, Entry(kind, count, value_at)

    def values(self, entries: dict[int, Entry], tag: int, default: int) -> tuple[int, ...]:
        """Return the unsigned values of a tag, or the default when it is not there.

        Raises:
            OutOfBytes: they lie outside.
            Malformed: not whole numbers, or none.
        """
        entry = entries.get(tag)
        if entry is None:
            return (default,)
        letter = UNSIGNED.get(entry.kind)
        if letter is None or entry.count < 1:
            raise Malformed
        size = TYPE_BYTES[entry.kind]
        count = min(entry.count, VALUES_MAX)
        return tuple(self.number(letter, entry.value_at + size * i) for i in range(count))


def tables(data: memoryview) -> Tables:
    """Return the tables that begin with a TIFF header at byte 0.

    Raises:
        Malformed: no such header.
    """
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[:2]))
    if order is None or len(data) < HEADER_BYTES:
        raise Malformed
    version = struct.unpack_from(order + "H", data, 2)[0]
    if version not in {CLASSIC, BIG}:
        raise Malformed
    return Tables(data, order, version == BIG)
