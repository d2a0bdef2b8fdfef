"""What entries of one log must be to each other, checked one by one (LOG-FORMATS 5, steps 9, 10).

Nonces are new; entry 0, and only it, is `open` for this origin; a release and a close belong to
an earlier grant; each checkpoint was signed by a key that the log itself announced. Per entry it
keeps the nonce, per grant 48 bytes: a million entries take less than 200 MB.
"""

import hashlib
from collections.abc import Iterable

from evidence_service.audit.entry import Entry
from evidence_service.audit.faults import ExportFaulty
from evidence_service.audit.vkeys import Vkey

NONCES = 9
RELATIONS = 10

_CASE_BYTES = 16
_SHARED = ("actor", "case", "document", "viewing", "pages")
_CLOSED = b""


class Relations:
    """The entries of one log so far, given in order from entry 0 on.

    After a fault it can go on: a later fault of an earlier step may be the one to name.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._nonces: set[bytes] = set()
        self._grants: dict[int, bytes] = {}
        self._open: set[int] = set()
        self._announced: dict[str, int] = {}
        self._retired: dict[str, int] = {}
        self._clock = ""
        self._backward_clocks = 0

    @property
    def open_grants(self) -> int:
        """Give how many grants have neither a release nor a close."""
        return len(self._open)

    @property
    def backward_clocks(self) -> int:
        """Give how many entries claim an earlier time than the entry before them."""
        return self._backward_clocks

    def add(self, index: int, entry: Entry) -> None:
        """Check an entry against all before it.

        Args:
            index: its place, one more than that of the entry before.
            entry: the entry, within the field table.

        Raises:
            ExportFaulty: step 9, its nonce was used before; step 10, it does not fit.
        """
        self._check_nonce(index, entry)
        self._count_clock(entry)
        self._check_open(index, entry)
        match entry.type:
            case "grant":
                self._grants[index] = _case_of(entry) + _shared(entry)
                self._open.add(index)
            case "release":
                self._check_release(index, entry)
            case "close":
                self._check_close(index, entry)
            case "log":
                self._take_key(index, entry)

    def check_signers(self, size: int, signers: Iterable[Vkey], where: str) -> None:
        """Check that the log itself vouches for a signer of a checkpoint; after the last entry.

        Args:
            size: the checkpoint's size.
            signers: the trusted keys that signed it.
            where: what the checkpoint is called, for the fault.

        Raises:
            ExportFaulty: no signer was announced below the size, or all of them had retired.
        """
        announced = [key.text for key in signers if self._announced.get(key.text, size) < size]
        if not announced:
            raise ExportFaulty("key_not_announced", where, step=RELATIONS)
        if all(self._retired.get(text, size) < size for text in announced):
            raise ExportFaulty("key_retired", where, step=RELATIONS)

    def _check_nonce(self, index: int, entry: Entry) -> None:
        nonce = bytes.fromhex(entry.get("nonce"))
        if nonce in self._nonces:
            raise ExportFaulty("nonce_repeated", f"entry {index}", step=NONCES)
        self._nonces.add(nonce)

    def _count_clock(self, entry: Entry) -> None:
        recorded_at = entry.get("recorded_at")
        self._backward_clocks += recorded_at < self._clock  # one form, so it sorts as text
        self._clock = recorded_at

    def _check_open(self, index: int, entry: Entry) -> None:
        opens = entry.type == "log" and entry.get("event") == "open"
        if index == 0 and not (opens and entry.get("origin") == self._origin):
            raise _faulty("first_entry", index)
        if index > 0 and opens:
            raise _faulty("open_again", index)

    def _check_release(self, index: int, entry: Entry) -> None:
        number = entry.number("grant")
        grant = self._grants.get(number)
        if grant is None:
            raise _faulty("release_without_grant", index)
        if grant == _CLOSED:
            raise _faulty("release_after_close", index)
        if grant[_CASE_BYTES:] != _shared(entry):
            raise _faulty("release_differs_from_grant", index)
        self._open.discard(number)

    def _check_close(self, index: int, entry: Entry) -> None:
        number = entry.number("grant")
        grant = self._grants.get(number)
        if grant is None:
            raise _faulty("close_without_grant", index)
        if grant == _CLOSED:
            raise _faulty("close_again", index)
        if grant[:_CASE_BYTES] != _case_of(entry):
            raise _faulty("close_differs_from_grant", index)
        self._grants[number] = _CLOSED
        self._open.discard(number)

    def _take_key(self, index: int, entry: Entry) -> None:
        vkey = entry.get("vkey")
        match entry.get("event"):
            case "open" | "key_added":
                self._announced.setdefault(vkey, index)
            case "key_retired":
                last = entry.number("tree_size")
                self._retired[vkey] = min(last, self._retired.get(vkey, last))


def _faulty(fault: str, index: int) -> ExportFaulty:
    return ExportFaulty(fault, f"entry {index}", step=RELATIONS)


def _case_of(entry: Entry) -> bytes:
    """Give the 128 bits of the case's id."""
    return bytes.fromhex(entry.get("case").partition("_")[2])


def _shared(entry: Entry) -> bytes:
    """Give a hash of what a grant and its releases have in common; no field holds a newline."""
    return hashlib.sha256("\n".join(entry.get(name) for name in _SHARED).encode()).digest()
