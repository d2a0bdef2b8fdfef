"""Where a document's bytes come from: memory, an open descriptor, or a readable object."""

import os
from collections.abc import Iterator
from typing import BinaryIO

Source = bytes | bytearray | memoryview | int | BinaryIO

CHUNK_BYTES = 1024 * 1024


def size_of(source: Source) -> int:
    """Return the number of bytes of a source; a readable object has to be seekable for that."""
    if isinstance(source, bytes | bytearray | memoryview):
        return memoryview(source).nbytes
    if isinstance(source, int):
        return os.fstat(source).st_size
    here = source.tell()
    end = source.seek(0, os.SEEK_END)
    source.seek(here)
    return end


def chunks(source: Source, size_bytes: int) -> Iterator[memoryview]:
    """Yield exactly `size_bytes` bytes from the beginning.

    A descriptor is read by position, so several threads may share it; a readable object is
    rewound and must not be shared.

    Raises:
        ValueError: the source is shorter.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        yield memoryview(source).cast("B")[:size_bytes]
        return
    if not isinstance(source, int):
        source.seek(0)
    at = 0
    while at < size_bytes:
        wanted = min(CHUNK_BYTES, size_bytes - at)
        chunk = os.pread(source, wanted, at) if isinstance(source, int) else source.read(wanted)
        if not chunk:
            raise ValueError(f"the source ends after {at} of {size_bytes} bytes")
        at += len(chunk)
        yield memoryview(chunk)
