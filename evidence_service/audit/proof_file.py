"""Receipts that a person can keep: C2SP tlog-proof, `NAME.tlog-proof` (LOG-FORMATS 4).

    c2sp.org/tlog-proof@v1
    extra <base64 of the entry's canonical bytes>
    index <decimal>
    <one base64 hash a line>

    <the checkpoint, verbatim>

Everything needed is in the file, but for the keys: those are the verifier's own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from evidence_service.audit import base64_strict, canonical, note
from evidence_service.audit.checkpoint import OpenedCheckpoint, open_checkpoint
from evidence_service.audit.entry import Entry, decode
from evidence_service.audit.faults import LogFault, ProofFileInvalid
from evidence_service.audit.keys_file import KeysFile
from evidence_service.audit.proofs import verify_inclusion
from evidence_service.audit.tree import HASH_BYTES, MAX_SIZE, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63
MAX_BYTES = note.MAX_BYTES + 2 * canonical.MAX_BYTES + (MAX_PATH + 3) * 64

_INDEX = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class OpenedProof:
    """A receipt that holds: the entry, its index, and the verified checkpoint above it."""

    entry: Entry
    index: int
    checkpoint: OpenedCheckpoint


@dataclass(frozen=True, slots=True)
class _Parts:
    body: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes


def write_proof(entry_body: bytes, index: int, path: Sequence[bytes], checkpoint: bytes) -> bytes:
    """Write a receipt. Path and checkpoint must be of one snapshot.

    Args:
        entry_body: the entry's canonical bytes.
        index: its place in the log, from 0.
        path: the inclusion proof in the checkpoint's tree: hashes of 32 bytes.
        checkpoint: the signed checkpoint, verbatim.

    Raises:
        ProofFileInvalid: the parts do not make a receipt that a reader would take.
    """
    lines = [
        HEADER,
        f"extra {base64_strict.encode(entry_body)}",
        f"index {index}",
        *(base64_strict.encode(each) for each in path),
    ]
    data = "".join(f"{line}\n" for line in lines).encode() + b"\n" + checkpoint
    _parse(data)
    return data


def open_proof(data: bytes, keys: KeysFile, origin: str | None, now: datetime) -> OpenedProof:
    """Read and verify a receipt, offline.

    Args:
        data: the file.
        keys: the verifier's own keys file.
        origin: the log it must be of; None: the log of the keys.
        now: the verifier's clock.

    Raises:
        ProofFileInvalid: it is malformed, or does not hold.
    """
    try:
        parts = _parse(data)
        opened = open_checkpoint(parts.checkpoint, keys, origin or keys.origin, now)
        verify_inclusion(
            leaf=leaf_hash(parts.body),
            index=parts.index,
            size=opened.checkpoint.size,
            path=parts.path,
            root=opened.checkpoint.root,
        )
        return OpenedProof(decode(parts.body), parts.index, opened)
    except ProofFileInvalid:
        raise
    except LogFault as fault:
        raise ProofFileInvalid(fault.fault, fault.where) from fault


def _parse(data: bytes) -> _Parts:
    if len(data) > MAX_BYTES:
        raise ProofFileInvalid("too_long")
    head, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as fault:
        raise ProofFileInvalid("proof_form") from fault
    if lines.pop(0) != HEADER:
        raise ProofFileInvalid("proof_header")
    if not blank:
        raise ProofFileInvalid("proof_form")
    body = base64_strict.decode(_value(lines, "extra", "entry_missing"), raises=ProofFileInvalid)
    index = _value(lines, "index", "index_form")
    if _INDEX.fullmatch(index) is None or int(index) >= MAX_SIZE:
        raise ProofFileInvalid("index_form")
    if len(lines) > MAX_PATH:
        raise ProofFileInvalid("proof_form")
    path = tuple(base64_strict.decode(line, raises=ProofFileInvalid) for line in lines)
    if any(len(each) != HASH_BYTES for each in path):
        raise ProofFileInvalid("proof_form")
    return _Parts(body, int(index), path, checkpoint)


def _value(lines: list[str], name: str, fault: str) -> str:
    """Take the next line, which must be `name value`."""
    if not lines or not lines[0].startswith(f"{name} "):
        raise ProofFileInvalid(fault)
    return lines.pop(0).removeprefix(f"{name} ")
