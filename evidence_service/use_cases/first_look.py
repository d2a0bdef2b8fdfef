"""The first look at a file that was sent: hashed, compared, and opened in the cage alone."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from evidence_service.errors import AlreadyThere, Busy, FileRefused, TooLarge
from evidence_service.records import documents
from evidence_service.use_cases.parts import Parts
from watermark import errors as watermark_errors
from watermark.inspection import Inspection, shown_name

HASH_CHUNK = 1 << 20


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent: its name for showing, and its bytes in a spool of our own."""

    name: str
    source: BinaryIO


@dataclass(frozen=True)
class LookedAt:
    """A file that was looked at and may be stored."""

    sent: SentFile
    sha256: str
    size_bytes: int
    inspection: Inspection


def look_at(parts: Parts, case_id: str, sent: SentFile) -> LookedAt:
    """Hash a file, look for its double in the case, and look into it in the cage.

    Raises:
        TooLarge: it has more bytes than a file may have.
        AlreadyThere: the case holds these bytes; names the document.
        FileRefused: for what it is, or what is in it.
        Busy: too many files wait to be looked at.
    """
    name = shown_name(sent.name)
    digest, size_bytes = _measure(sent.source, parts.settings.file_max_bytes)
    with parts.database.reading() as session:
        double = documents.same_file(session, case_id, digest)
        if double is not None:
            raise AlreadyThere("file", double.document_id)
    with _as_ours(name):
        inspection = parts.renderer.inspect(sent.source, size_bytes, name)
    return LookedAt(SentFile(name, sent.source), digest, size_bytes, inspection)


def _measure(source: BinaryIO, most_bytes: int) -> tuple[str, int]:
    digest, size_bytes = hashlib.sha256(), 0
    source.seek(0)
    while chunk := source.read(HASH_CHUNK):
        size_bytes += len(chunk)
        if size_bytes > most_bytes:
            raise TooLarge("file")
        digest.update(chunk)
    source.seek(0)
    return digest.hexdigest(), size_bytes


@contextmanager
def _as_ours(name: str) -> Iterator[None]:
    """Turn what the watermark library says of a file into our errors."""
    try:
        yield
    except watermark_errors.QueueFull as full:
        raise Busy("files wait to be looked at") from full
    except watermark_errors.FileRefused as refused:
        raise FileRefused(refused.reason, refused.found, refused.where, name) from refused


def refuse_doubles(looked: Sequence[LookedAt]) -> None:
    """Refuse files of one request that are the same.

    Raises:
        AlreadyThere: two have the same bytes.
    """
    if len({file.sha256 for file in looked}) != len(looked):
        raise AlreadyThere("file")
