"""Every error of the service, drawn as one tree. The libraries have their own beside them.

ServiceError
├── Refused                    a decision said no; carries the gates
├── NotFound                   not there, or not yours: nobody can tell which
├── BadInput                   what was sent cannot be taken
│   ├── FileRefused            an uploaded file: reason, found, where
│   ├── FieldWrong             one field, with what it should be
│   └── TooLarge
├── Conflict                   true a moment ago, or already done
│   ├── CaseMoved              the case's revision is another one now
│   ├── AlreadyThere           the same file, the same record
│   ├── GrantClosed            the viewing's grant is no longer open
│   ├── IdempotencyMismatch    the same key with another body
│   └── UploadConflict         wrong offset, second writer, wrong checksum, expired
├── NotSignedIn                no, wrong, or ended credentials
├── Unavailable                a part we need is not there; try again
│   ├── LogDown  StoreDown  DatabaseDown  Busy
│   └── Throttled              too many tries
├── Altered                    bytes are not those that were stored: closed, alarm
├── PageUnreadable             a page that cannot be drawn
└── CannotStart                a promise could not be kept; names every fault
├── SettingsWrong  KeyringWrong
└── LogRolledBack  LogForked
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ServiceError(Exception):
    """The base of all errors that the service raises on purpose."""


class Refused(ServiceError):
    """The decision was no. `decision` is the policies' own `Decision`, with all closed gates.

    `case` and `unit` are the case's own, where the asker may know it: whose card closes the
    refusal.
    """

    def __init__(self, decision: object, *, case: str = "", unit: str = "") -> None:
        super().__init__("refused")
        self.decision = decision
        self.case = case
        self.unit = unit


class NotFound(ServiceError):
    """There is nothing here that this asker may know of."""


class BadInput(ServiceError):
    """What was sent cannot be taken."""


@dataclass
class FileRefused(BadInput):
    """An uploaded file is not taken. `reason` is a token such as `type_mismatch`."""

    reason: str
    found: str = ""
    where: str = ""
    name: str = ""

    def __str__(self) -> str:
        """Say the reason alone: names and contents do not go into logs."""
        return self.reason


@dataclass
class FieldWrong(BadInput):
    """One field is wrong: its name, and a token of what is wrong with it."""

    field: str
    problem: str

    def __str__(self) -> str:
        """Say which field and what is wrong, never the value."""
        return f"{self.field}: {self.problem}"


class TooLarge(BadInput):
    """More bytes than the limit."""


class Conflict(ServiceError):
    """It does not fit what is true now."""


class CaseMoved(Conflict):
    """Facts of the case changed since they were read: read them and decide again."""


class AlreadyThere(Conflict):
    """It is there already; `existing` is the id of the first."""

    def __init__(self, what: str, existing: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.existing = existing


class GrantClosed(Conflict):
    """The grant was closed before its release could be written."""


class IdempotencyMismatch(Conflict):
    """An idempotency key came again with another body."""


@dataclass
class UploadConflict(Conflict):
    """A resumable upload cannot go on: `offset`, `checksum`, `expired` or `locked`."""

    problem: str

    def __str__(self) -> str:
        """Say the problem as a token."""
        return self.problem


class ViewingEnded(ServiceError):
    """A viewing's or copy's time is over. A new one can be opened."""


class NotSignedIn(ServiceError):
    """No credentials, wrong ones, or ones that ended. Never says which."""


class Unavailable(ServiceError):
    """A part we need is not there. `retry_after_seconds` is what the asker is told."""

    retry_after_seconds = 5


class LogDown(Unavailable):
    """The log cannot be written: nothing is served."""


class StoreDown(Unavailable):
    """The object store cannot be reached, is full or read-only."""


class DatabaseDown(Unavailable):
    """The database is locked, read-only, full or away."""


class Busy(Unavailable):
    """The bounded queue for pages or password hashes is full."""


class Throttled(Unavailable):
    """Too many tries in too short a time."""

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__("too many tries")


class Altered(ServiceError):
    """Stored bytes are not those that were stored. The document is closed."""


@dataclass
class PageUnreadable(ServiceError):
    """Page `page` (from 1) cannot be drawn within its limits; `problem` is a token."""

    page: int
    problem: str

    def __str__(self) -> str:
        """Say which page."""
        return f"page {self.page}: {self.problem}"


class CannotStart(ServiceError):
    """A promise could not be kept. `faults` names all of them at once."""

    def __init__(self, faults: str | Sequence[str]) -> None:
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("; ".join(self.faults))


class SettingsWrong(CannotStart):
    """Settings are missing, unknown or bad."""


class KeyringWrong(CannotStart):
    """The keyring is missing, open to others, or holds bad keys."""


class LogRolledBack(CannotStart):
    """The log is shorter than a checkpoint that was handed out."""


class LogForked(CannotStart):
    """The log is another one than the checkpoint that was handed out."""
