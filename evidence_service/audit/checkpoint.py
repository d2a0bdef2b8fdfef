"""Checkpoints: the log's signed word on its size and root (C2SP tlog-checkpoint, LOG-FORMATS 3).

Exactly three body lines: origin, size, root. Extension lines are refused, for witnesses do not
vouch for them. A known key that fails refuses the note, an unknown one is ignored, and a trusted
key of the log must have signed within its range of sizes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evidence_service.audit import base64_strict
from evidence_service.audit.cosignature import Cosignature, verify_cosignature
from evidence_service.audit.faults import NoteInvalid
from evidence_service.audit.keys_file import KeysFile
from evidence_service.audit.note import Note, Signature, parse_note
from evidence_service.audit.tree import HASH_BYTES, MAX_SIZE
from evidence_service.audit.vkeys import KeyType, Signer, Vkey

ORIGIN = re.compile(r"[!-*,-~]{1,200}")

_SIZE = re.compile(r"[1-9][0-9]{0,15}")
_BODY_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log signs: its origin, its size from 1 on, and the root of 32 bytes."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if ORIGIN.fullmatch(self.origin) is None:
            raise NoteInvalid("origin_form", self.origin)
        if not 0 < self.size <= MAX_SIZE:  # size 0 is never signed
            raise NoteInvalid("size_form")
        if len(self.root) != HASH_BYTES:
            raise NoteInvalid("root_form")

    @property
    def body(self) -> bytes:
        """Write the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64_strict.encode(self.root)}\n".encode()


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A verified checkpoint: what it says and who vouches for it.

    `signers` are the log's keys that may sign this size; `data` is the note, verbatim.
    """

    checkpoint: Checkpoint
    signers: tuple[Vkey, ...]
    cosignatures: tuple[Cosignature, ...]
    unknown_signatures: int
    data: bytes


def sign(checkpoint: Checkpoint, signers: Sequence[Signer]) -> bytes:
    """Write a checkpoint, signed by each of the log's keys that is valid now.

    Raises:
        NoteInvalid: there is no signer, or one is not a key of this log.
    """
    if not signers:
        raise NoteInvalid("no_trusted_signature")
    lines = tuple(sign_body(checkpoint, signer) for signer in signers)
    return Note(checkpoint.body, lines).data


def sign_body(checkpoint: Checkpoint, signer: Signer) -> Signature:
    """Give the signature line of one of the log's keys.

    Raises:
        NoteInvalid: the signer is not a key of this log.
    """
    if signer.vkey.type is not KeyType.LOG or signer.vkey.name != checkpoint.origin:
        raise NoteInvalid("key_of_another", signer.vkey.name)
    return Signature(signer.vkey.name, signer.vkey.key_id, signer.sign(checkpoint.body))


def parse_body(body: bytes) -> Checkpoint:
    """Read the body of a checkpoint; its signatures are not checked here.

    Raises:
        NoteInvalid: it is not exactly origin, size and root.
    """
    try:
        lines = body.decode("utf-8").split("\n")
    except UnicodeDecodeError as fault:
        raise NoteInvalid("invalid_utf8") from fault
    if lines.pop() != "" or len(lines) < _BODY_LINES:
        raise NoteInvalid("body_form")
    if len(lines) > _BODY_LINES:
        raise NoteInvalid("extra_line")
    origin, size, root = lines
    if _SIZE.fullmatch(size) is None:
        raise NoteInvalid("size_form")
    return Checkpoint(origin, int(size), base64_strict.decode(root, raises=NoteInvalid))


def open_checkpoint(
    data: bytes, keys: KeysFile, origin: str, now: datetime, *, ask_quorum: bool = True
) -> OpenedCheckpoint:
    """Read and verify a checkpoint of the log `origin` with one's own keys.

    Args:
        data: the note.
        keys: the verifier's own keys file.
        origin: the log that the checkpoint must be of.
        now: the verifier's clock; cosignatures may be up to 300 s ahead of it.
        ask_quorum: whether as many witnesses as `keys` wants must have cosigned.

    Raises:
        NoteInvalid: it is malformed, of another log, or not signed by whom it must be.
    """
    note = parse_note(data)
    checkpoint = parse_body(note.body)
    if checkpoint.origin != origin:
        raise NoteInvalid("wrong_origin", checkpoint.origin)
    signers = log_signers(note, checkpoint, keys)
    cosignatures = _cosignatures(note, keys, now)
    if ask_quorum and len(cosignatures) < keys.quorum:
        raise NoteInvalid("quorum_not_met", f"{len(cosignatures)} of {keys.quorum}")
    unknown = len(note.signatures) - _known(note, keys)
    return OpenedCheckpoint(checkpoint, signers, cosignatures, unknown, data)


def log_signers(note: Note, checkpoint: Checkpoint, keys: KeysFile) -> tuple[Vkey, ...]:
    """Check the signatures of the log's known keys; give those that may sign this size.

    Raises:
        NoteInvalid: a known key's signature fails, or none is left.
    """
    counted: list[Vkey] = []
    for key in keys.logs:
        signature = _find(note, key.vkey)
        if signature is None or key.vkey.name != checkpoint.origin:
            continue
        if not key.vkey.verifies(signature.signature, note.body):
            raise NoteInvalid("bad_signature", key.vkey.name)
        if key.may_sign(checkpoint.size):
            counted.append(key.vkey)
    if not counted:
        raise NoteInvalid("no_trusted_signature")
    return tuple(counted)


def _cosignatures(note: Note, keys: KeysFile, now: datetime) -> tuple[Cosignature, ...]:
    found = ((witness, _find(note, witness)) for witness in keys.witnesses)
    return tuple(
        verify_cosignature(note.body, signature, witness, now)
        for witness, signature in found
        if signature is not None
    )


def _find(note: Note, vkey: Vkey) -> Signature | None:
    """Give the one line of a key; a note has no two of one name and id."""
    wanted = (vkey.name, vkey.key_id)
    return next((each for each in note.signatures if (each.name, each.key_id) == wanted), None)


def _known(note: Note, keys: KeysFile) -> int:
    vkeys = [*(key.vkey for key in keys.logs), *keys.witnesses]
    return sum(_find(note, vkey) is not None for vkey in vkeys)
