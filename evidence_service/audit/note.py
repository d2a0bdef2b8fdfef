"""Signed notes, C2SP signed-note: a text, a blank line, and signature lines; read strictly.

At most 64 signatures and 65,536 bytes, for post-quantum ones are long. A malformed line, or two
lines of one name and key id, refuse the note, known key or not (LOG-FORMATS 3).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evidence_service.audit import base64_strict
from evidence_service.audit.faults import NoteInvalid
from evidence_service.audit.vkeys import KEY_ID_BYTES

MAX_BYTES = 65_536
MAX_SIGNATURES = 64

_DASH = "\N{EM DASH} "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: the key's name, its id (4 bytes), and what comes after the id."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """Write the line, with its newline."""
        return f"{_DASH}{self.name} {base64_strict.encode(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note whose form is right; nothing is said about its signatures."""

    body: bytes
    signatures: tuple[Signature, ...]

    @property
    def data(self) -> bytes:
        """Write the note."""
        return self.body + b"\n" + "".join(each.line for each in self.signatures).encode()


def parse_note(data: bytes) -> Note:
    """Read a note's form; signatures are not checked here.

    Raises:
        NoteInvalid: it is malformed.
    """
    if len(data) > MAX_BYTES:
        raise NoteInvalid("too_long")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise NoteInvalid("invalid_utf8") from fault
    if _CONTROL.search(text):
        raise NoteInvalid("control_character")
    body, blank, block = text.rpartition("\n\n")
    if not blank or not block.endswith("\n"):
        raise NoteInvalid("note_form")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteInvalid("too_many_signatures")
    signatures = tuple(_parse_line(line) for line in lines)
    _check_no_repeats(signatures)
    return Note(f"{body}\n".encode(), signatures)


def _parse_line(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise NoteInvalid("signature_line")
    name, space, text = line.removeprefix(_DASH).partition(" ")
    if not name or not space or "+" in name or any(each.isspace() for each in name):
        raise NoteInvalid("signature_line")
    data = base64_strict.decode(text, raises=NoteInvalid)
    if len(data) <= KEY_ID_BYTES:
        raise NoteInvalid("signature_line")
    return Signature(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def _check_no_repeats(signatures: Sequence[Signature]) -> None:
    if len({(each.name, each.key_id) for each in signatures}) != len(signatures):
        raise NoteInvalid("duplicate_signature")
