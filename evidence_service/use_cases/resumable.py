"""Uploads that survive a broken connection (tus 1.0: creation, checksum, expiration, termination).

Bytes gather in a spool file of mode 0600; the offset moves only after `fsync`. Owner and case are
decided on every request. A finished upload becomes a file of a document, and then its spool goes.
"""

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from evidence_service.errors import (
    BadInput,
    FieldWrong,
    FileRefused,
    NotFound,
    StoreDown,
    TooLarge,
    UploadConflict,
)
from evidence_service.identity.sessions import Person
from evidence_service.records import resumables
from evidence_service.records.models import ResumableUpload, new_id
from evidence_service.use_cases import facts as read
from evidence_service.use_cases.acting import decide, refuse_unknown
from evidence_service.use_cases.first_look import SentFile
from evidence_service.use_cases.parts import Parts
from policies.facts import Act
from watermark.inspection import shown_name

CHECKSUMS = ("sha1", "sha256")  # the protocol asks for sha1; sha256 is what ours send


@dataclass(frozen=True)
class UploadState:
    """How far an upload is, in bytes, and until when it is kept."""

    id: str
    case_id: str
    offset_bytes: int
    size_bytes: int
    expires_at: datetime


def create(
    parts: Parts, person: Person, case_id: str, *, name: str, size_bytes: int, sha256: str
) -> UploadState:
    """Begin a resumable upload into a case.

    Raises:
        FieldWrong: no SHA-256 of the whole was announced.
        FileRefused: zero bytes were announced.
        TooLarge: more than a file may have.
        UploadConflict: this person has too many unfinished uploads.
        Refused, NotFound, LogDown: by decision.
    """
    if size_bytes == 0:
        raise FileRefused("empty_file", name=name)
    if size_bytes > parts.settings.file_max_bytes:
        raise TooLarge("file")
    if len(sha256) != hashlib.sha256().digest_size * 2 or not set(sha256) <= set(
        "0123456789abcdef"
    ):
        raise FieldWrong("sha256", "form")
    shown = shown_name(name)
    _decide(parts, person, case_id)
    now = parts.clock()
    row = ResumableUpload(
        id=new_id("upl"),
        case_id=case_id,
        account_id=person.account_id,
        sent_name=shown,
        size_bytes=size_bytes,
        received_bytes=0,
        sha256=sha256,
        expires_at=now + timedelta(seconds=parts.settings.upload_ttl_seconds),
    )
    state = _state(row)
    clear_expired(parts)
    _spool_path(parts, row.id).touch(mode=0o600, exist_ok=False)
    with parts.database.writing() as session:
        if (
            resumables.unfinished(session, person.account_id)
            >= parts.settings.unfinished_uploads_max
        ):
            _spool_path(parts, row.id).unlink()
            raise UploadConflict("too_many")
        session.add(row)
    return state


def state_of(parts: Parts, person: Person, upload_id: str) -> UploadState:
    """Tell how far an upload is.

    Raises:
        NotFound: there is none of this person's.
        UploadConflict: `expired`.
        Refused: the right to upload is gone.
    """
    with parts.database.reading() as session:
        row = resumables.find(session, upload_id, person.account_id)
        state = _state(row)
    if state.expires_at <= parts.clock():
        raise UploadConflict("expired")
    _decide(parts, person, state.case_id)
    return state


def append(
    parts: Parts,
    person: Person,
    upload_id: str,
    *,
    offset_bytes: int,
    body: BinaryIO,
    checksum: str,
) -> UploadState:
    """Take the next bytes of an upload; what arrived before a cut stays, checksummed chunks whole.

    Args:
        parts: the service's parts.
        person: the upload's owner.
        upload_id: the upload.
        offset_bytes: where these bytes begin; must be the upload's offset.
        body: the bytes.
        checksum: `sha256 <base64>` of these bytes, or empty.

    Raises:
        UploadConflict: `offset`, `locked` (a second writer), `checksum`, `expired`.
        TooLarge: more than was announced, or more than a chunk may have.
        BadInput: the checksum cannot be read.
        NotFound, Refused: as `state_of`.
        StoreDown: the spool cannot be written.
    """
    state = state_of(parts, person, upload_id)
    expected = _read_checksum(checksum)
    with _locked_spool(parts, upload_id) as spool:
        with parts.database.reading() as session:
            state = _state(resumables.find(session, upload_id, person.account_id))
        if offset_bytes != state.offset_bytes:
            raise UploadConflict("offset")
        most = min(state.size_bytes - offset_bytes, parts.settings.chunk_max_bytes)
        received = _take_bytes(spool, offset_bytes, body, most, expected)
        with parts.database.writing() as session:
            row = resumables.find(session, upload_id, person.account_id)
            row.received_bytes = offset_bytes + received
            return _state(row)


def discard(parts: Parts, person: Person, upload_id: str) -> None:
    """End an upload and forget its bytes.

    Raises:
        NotFound, UploadConflict, Refused: as `state_of`.
    """
    state_of(parts, person, upload_id)
    forget(parts, [upload_id])


@contextmanager
def finished_files(
    parts: Parts, person: Person, case_id: str, upload_ids: Sequence[str]
) -> Iterator[tuple[SentFile, ...]]:
    """Open finished uploads of a case as files of a document to be.

    Raises:
        NotFound: one is not there, not this person's, or of another case.
        UploadConflict: `unfinished`, or `checksum`: the whole is not what was announced.
    """
    opened: list[BinaryIO] = []
    try:
        files = []
        for upload_id in upload_ids:
            with parts.database.reading() as session:
                row = resumables.find(session, upload_id, person.account_id)
                if row.case_id != case_id:
                    raise NotFound
                name, sha256, state = row.sent_name, row.sha256, _state(row)
            if state.offset_bytes != state.size_bytes:
                raise UploadConflict("unfinished")
            source = _spool_path(parts, upload_id).open("rb")
            opened.append(source)
            if hashlib.file_digest(source, "sha256").hexdigest() != sha256:
                raise UploadConflict("checksum")
            files.append(SentFile(name, source))
        yield tuple(files)
    finally:
        for each in opened:
            each.close()


def forget(parts: Parts, upload_ids: Sequence[str]) -> None:
    """Forget uploads and their bytes."""
    with parts.database.writing() as session:
        resumables.remove(session, upload_ids)
    for upload_id in upload_ids:
        _spool_path(parts, upload_id).unlink(missing_ok=True)


def clear_expired(parts: Parts) -> None:
    """Forget uploads whose time is over."""
    with parts.database.reading() as session:
        expired = resumables.expired(session, parts.clock())
    if expired:
        forget(parts, expired)


def _decide(parts: Parts, person: Person, case_id: str) -> None:
    try:
        with parts.database.reading() as session:
            facts = read.of_case(session, person, case_id, parts.clock())
    except NotFound:
        raise refuse_unknown(parts, person, Act.DOCUMENT_UPLOAD) from None
    decide(parts, person, facts, Act.DOCUMENT_UPLOAD)


def _state(row: ResumableUpload) -> UploadState:
    return UploadState(row.id, row.case_id, row.received_bytes, row.size_bytes, row.expires_at)


def _spool_path(parts: Parts, upload_id: str) -> Path:
    return parts.settings.spool / upload_id


@contextmanager
def _locked_spool(parts: Parts, upload_id: str) -> Iterator[BinaryIO]:
    try:
        spool = _spool_path(parts, upload_id).open("r+b")
    except OSError as fault:
        raise StoreDown("the spool cannot be opened") from fault
    with spool:
        try:
            fcntl.flock(spool, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise UploadConflict("locked") from taken
        yield spool


def _take_bytes(
    spool: BinaryIO,
    offset_bytes: int,
    body: BinaryIO,
    most: int,
    expected: tuple[str, bytes] | None,
) -> int:
    """Write bytes durably behind the offset; drop them all when the checksum is another."""
    digest = hashlib.new(expected[0], usedforsecurity=False) if expected else None
    received = 0
    try:
        spool.truncate(offset_bytes)
        spool.seek(offset_bytes)
        while chunk := _read_some(body):
            received += len(chunk)
            if received > most:
                spool.truncate(offset_bytes)
                raise TooLarge("chunk")
            if digest:
                digest.update(chunk)
            spool.write(chunk)
        spool.flush()
        os.fsync(spool.fileno())
    except OSError as fault:
        raise StoreDown("the spool cannot be written") from fault
    if digest and expected and not hmac.compare_digest(digest.digest(), expected[1]):
        spool.truncate(offset_bytes)
        raise UploadConflict("checksum")
    return received


def _read_some(body: BinaryIO) -> bytes:
    try:
        return body.read(1 << 16)
    except (OSError, ValueError):  # the connection broke: what came before is kept
        return b""


def _read_checksum(header: str) -> tuple[str, bytes] | None:
    if not header:
        return None
    name, _, value = header.partition(" ")
    if name not in CHECKSUMS:
        raise BadInput("checksum algorithm")
    try:
        return name, base64.b64decode(value, validate=True)
    except binascii.Error as fault:
        raise BadInput("checksum form") from fault
