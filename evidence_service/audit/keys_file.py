"""The keys file: whom a verifier trusts, and for which sizes (LOG-FORMATS 3).

One item a line, `#` comments. A verifier uses its own copy, never the one in an export. Old keys
stay in it for ever with their range: old checkpoints go on verifying, a stolen old key signs
nothing new.
"""

import re
from dataclasses import dataclass

from evidence_service.audit.faults import KeysInvalid
from evidence_service.audit.tree import MAX_SIZE
from evidence_service.audit.vkeys import KeyType, Vkey, parse_vkey

_SIZE = re.compile(r"[1-9][0-9]{0,15}")
_QUORUM = re.compile(r"0|[1-9][0-9]?")
_MAX_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key of the log, with the first and the last size it may sign (None: no end yet)."""

    vkey: Vkey
    first_size: int
    last_size: int | None

    def may_sign(self, size: int) -> bool:
        """Say whether the key counts for a tree of this size."""
        return self.first_size <= size and (self.last_size is None or size <= self.last_size)


@dataclass(frozen=True, slots=True)
class KeysFile:
    """The keys of one log and of its witnesses, and how many witnesses must have cosigned."""

    logs: tuple[LogKey, ...]
    witnesses: tuple[Vkey, ...] = ()
    quorum: int = 0

    def __post_init__(self) -> None:
        if len({key.vkey.name for key in self.logs}) != 1:
            raise KeysInvalid("one_log_wanted")
        # One witness under two names would count twice for the quorum.
        publics = [key.vkey.public for key in self.logs] + [key.public for key in self.witnesses]
        if len(set(publics)) != len(publics):
            raise KeysInvalid("key_twice")
        if not 0 <= self.quorum <= len(self.witnesses):
            raise KeysInvalid("quorum_out_of_reach")

    @property
    def origin(self) -> str:
        """Give the origin of the log: the name of its keys."""
        return self.logs[0].vkey.name

    @property
    def text(self) -> str:
        """Write the file."""
        lines = [
            f"log {key.vkey.text} {key.first_size} {key.last_size or '-'}\n" for key in self.logs
        ]
        lines += [f"witness {key.text}\n" for key in self.witnesses]
        return "".join([*lines, f"quorum {self.quorum}\n"])


def parse_keys(text: str) -> KeysFile:
    """Read a keys file, strictly.

    Raises:
        KeysInvalid: a line is malformed, or the keys do not fit together.
    """
    if len(text) > _MAX_FILE_BYTES:
        raise KeysInvalid("too_long")
    logs: list[LogKey] = []
    witnesses: list[Vkey] = []
    quorums: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        match line.split(" "):
            case ["log", vkey, first, last]:
                logs.append(_log_key(vkey, first, last, number))
            case ["witness", vkey]:
                witnesses.append(_of_type(vkey, KeyType.WITNESS, number))
            case ["quorum", count] if _QUORUM.fullmatch(count) and not quorums:
                quorums.append(int(count))
            case _:
                raise KeysInvalid("keys_line", f"line {number}")
    return KeysFile(tuple(logs), tuple(witnesses), sum(quorums))


def _log_key(vkey: str, first: str, last: str, number: int) -> LogKey:
    if _SIZE.fullmatch(first) is None or (last != "-" and _SIZE.fullmatch(last) is None):
        raise KeysInvalid("keys_line", f"line {number}")
    end = None if last == "-" else int(last)
    start = int(first)
    if max(start, end or 0) > MAX_SIZE or (end is not None and end < start):
        raise KeysInvalid("keys_range", f"line {number}")
    return LogKey(_of_type(vkey, KeyType.LOG, number), start, end)


def _of_type(text: str, key_type: KeyType, number: int) -> Vkey:
    vkey = parse_vkey(text)
    if vkey.type is not key_type:
        raise KeysInvalid("key_type", f"line {number}")
    return vkey
