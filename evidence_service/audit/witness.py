"""A witness: a second party that cosigns only what extends what it cosigned (LOG-FORMATS 6).

The pure part of C2SP tlog-witness, without HTTP: bytes and a clock in, an answer out. Never does
it go back: what it stores is put there in one atomic step, before the cosignature leaves.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from evidence_service.audit import base64_strict, note
from evidence_service.audit.checkpoint import Checkpoint, log_signers, parse_body
from evidence_service.audit.cosignature import cosign
from evidence_service.audit.faults import KeysInvalid, LogFault, NoteInvalid, ProofInvalid
from evidence_service.audit.keys_file import KeysFile
from evidence_service.audit.note import Note, parse_note
from evidence_service.audit.proofs import verify_consistency
from evidence_service.audit.tree import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from evidence_service.audit.vkeys import KeyType, Signer

MAX_PROOF_LINES = 63
MAX_BYTES = note.MAX_BYTES + (MAX_PROOF_LINES + 1) * 64

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"

_OLD = re.compile(r"old (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the witness answers: an HTTP status, the body, and its type."""

    status: int
    body: bytes
    content_type: str = TEXT


@dataclass(frozen=True, slots=True)
class Witnessed:
    """The newest checkpoint of an origin: its size, its root, and the cosigned note."""

    size: int
    root: bytes
    data: bytes


class WitnessStorage(Protocol):
    """Where a witness keeps, for each origin, the newest checkpoint that it cosigned."""

    def newest(self, origin: str) -> Witnessed | None:
        """Give what is stored for an origin, None if it never was cosigned.

        It MUST raise if it cannot tell: None means size 0.
        """

    def replace(self, origin: str, old_size: int, new: Witnessed) -> bool:
        """Store `new` if the stored size still is `old_size` (0: nothing stored), else say False.

        Both MUST be one atomic step, also among processes, and `new` MUST be on the disk before
        it says True.
        """


@dataclass(frozen=True, slots=True)
class _Request:
    old_size: int
    path: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


class _Declined(Exception):
    """A check failed; carries the answer."""

    def __init__(self, status: HTTPStatus, body: str, content_type: str = TEXT) -> None:
        super().__init__(body)
        self.answer = Answer(status, f"{body}\n".encode(), content_type)


class Witness:
    """A witness with its key, the logs it knows, and what it cosigned."""

    def __init__(
        self, signer: Signer, trusted: Mapping[str, KeysFile], storage: WitnessStorage
    ) -> None:
        """Set up a witness.

        Args:
            signer: its key, of type 04.
            trusted: the keys of each log, by origin.
            storage: what it cosigned so far.

        Raises:
            KeysInvalid: the key is no witness's, or an origin has the keys of another log.
        """
        if signer.vkey.type is not KeyType.WITNESS:
            raise KeysInvalid("key_type", signer.vkey.name)
        for origin, keys in trusted.items():
            if keys.origin != origin:
                raise KeysInvalid("keys_of_another_log", origin)
        self._signer = signer
        self._trusted = dict(trusted)
        self._by_path = {hashlib.sha256(each.encode()).hexdigest(): each for each in trusted}
        self._storage = storage

    def add_checkpoint(self, body: bytes, now: datetime) -> Answer:
        """Answer `POST <prefix>/add-checkpoint`: cosign, or say why not.

        Args:
            body: of the request.
            now: the witness's clock.

        Raises:
            NoteInvalid: the clock shows no time that can be signed.
        """
        try:
            request = _parse(body)
            self._check_signed(request)
            _check_sizes(request)
            self._check_extends(request)
            return self._cosign(request, now)
        except _Declined as declined:
            return declined.answer

    def newest_checkpoint(self, origin_sha256: str) -> Answer:
        """Answer `GET <prefix>/<hex SHA-256 of the origin>/checkpoint`."""
        origin = self._by_path.get(origin_sha256)
        stored = None if origin is None else self._storage.newest(origin)
        if stored is None:
            return Answer(HTTPStatus.NOT_FOUND, b"not_found\n")
        return Answer(HTTPStatus.OK, stored.data)

    def _check_signed(self, request: _Request) -> None:
        keys = self._trusted.get(request.checkpoint.origin)
        if keys is None:
            raise _Declined(HTTPStatus.NOT_FOUND, "unknown_origin")
        try:
            log_signers(request.note, request.checkpoint, keys)
        except NoteInvalid as fault:
            raise _Declined(HTTPStatus.FORBIDDEN, fault.fault) from fault

    def _check_extends(self, request: _Request) -> None:
        stored = self._storage.newest(request.checkpoint.origin)
        size, root = (0, EMPTY_ROOT) if stored is None else (stored.size, stored.root)
        if request.old_size != size:
            raise _conflict(size)
        try:
            verify_consistency(
                old_size=size,
                old_root=root,
                new_size=request.checkpoint.size,
                new_root=request.checkpoint.root,
                path=request.path,
            )
        except ProofInvalid as fault:
            raise _Declined(HTTPStatus.UNPROCESSABLE_ENTITY, fault.fault) from fault

    def _cosign(self, request: _Request, now: datetime) -> Answer:
        checkpoint = request.checkpoint
        signature = cosign(checkpoint.body, self._signer, now)
        cosigned = Note(checkpoint.body, (*self._lines_of_log(request), signature))
        new = Witnessed(checkpoint.size, checkpoint.root, cosigned.data)
        if not self._storage.replace(checkpoint.origin, request.old_size, new):
            # Another request was first. Nothing was signed that anybody saw.
            stored = self._storage.newest(checkpoint.origin)
            raise _conflict(0 if stored is None else stored.size)
        return Answer(HTTPStatus.OK, signature.line.encode())

    def _lines_of_log(self, request: _Request) -> tuple[note.Signature, ...]:
        """Keep the lines of keys that were checked: for others the witness does not vouch."""
        logs = self._trusted[request.checkpoint.origin].logs
        known = {(key.vkey.name, key.vkey.key_id) for key in logs}
        return tuple(each for each in request.note.signatures if (each.name, each.key_id) in known)


def _conflict(size: int) -> _Declined:
    return _Declined(HTTPStatus.CONFLICT, str(size), SIZE)


def _check_sizes(request: _Request) -> None:
    if request.old_size > request.checkpoint.size:
        raise _Declined(HTTPStatus.BAD_REQUEST, "old_above_size")


def _parse(body: bytes) -> _Request:
    if len(body) > MAX_BYTES:
        raise _Declined(HTTPStatus.BAD_REQUEST, "too_long")
    head, blank, data = body.partition(b"\n\n")
    try:
        old, *lines = head.decode("ascii").split("\n")
        found = _OLD.fullmatch(old)
        if not blank or found is None or int(found[1]) > MAX_SIZE:
            raise _Declined(HTTPStatus.BAD_REQUEST, "request_form")
        if len(lines) > MAX_PROOF_LINES:
            raise _Declined(HTTPStatus.BAD_REQUEST, "too_many_proof_lines")
        path = tuple(_hash(line) for line in lines)
        opened = parse_note(data)
        return _Request(int(found[1]), path, opened, parse_body(opened.body))
    except (LogFault, UnicodeDecodeError) as fault:
        name = fault.fault if isinstance(fault, LogFault) else "request_form"
        raise _Declined(HTTPStatus.BAD_REQUEST, name) from fault


def _hash(line: str) -> bytes:
    found = base64_strict.decode(line, raises=ProofInvalid)
    if len(found) != HASH_BYTES:
        raise ProofInvalid("hash_length")
    return found
