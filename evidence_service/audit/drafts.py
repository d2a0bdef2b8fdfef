"""What is to be written: one frozen type per entry type, each field by its name in the table.

A draft holds ids, tokens and hashes only; names, numbers and texts have no place in the log
(LOG-FORMATS 1, Privacy). `audit.entry` turns drafts into canonical bytes and checks them.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar

from evidence_service.clock import rfc3339

Value = str | int | bool | list[str]

# Python keywords cannot be field names; the table's names can.
_RENAMED = {"from_": "from"}


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who acted: the actor's opaque id, the capacity used, the unit, and bound context."""

    actor: str
    role: str
    unit: str = ""
    context_commitment: str = ""
    reason_commitment: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The base of all drafts."""

    type: ClassVar[str]
    by: By

    def fields(self, recorded_at: datetime) -> dict[str, Value]:
        """Give the entry's fields; empty ones are left out (absent has one form)."""
        values: dict[str, Value] = {
            "v": 1,
            "type": self.type,
            "recorded_at": rfc3339(recorded_at),
            "nonce": secrets.token_hex(16),
        }
        values.update(_filled(self.by))
        values.update({k: v for k, v in _filled(self).items() if k != "by"})
        return values


def _filled(what: By | Draft) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for each in fields(what):
        value = getattr(what, each.name)
        if isinstance(value, tuple):
            value = sorted(set(value))
        if value is None or value in ("", []):
            continue
        found[_RENAMED.get(each.name, each.name)] = value
    return found


@dataclass(frozen=True, kw_only=True)
class Grant(Draft):
    """A decision said yes: evidence may be read for this viewing."""

    type: ClassVar[str] = "grant"
    act: str
    case: str
    case_rev: int
    document: str
    viewing: str
    policies: tuple[str, ...]
    policies_sha256: str
    service: str
    pages: str = ""
    purpose: str = ""
    standing: str = ""
    object: str = ""
    facts_commitment: str = ""


@dataclass(frozen=True, kw_only=True)
class Refusal(Draft):
    """A decision said no."""

    type: ClassVar[str] = "refusal"
    act: str
    policies: tuple[str, ...]
    policies_sha256: str
    case: str = ""
    case_rev: int | None = None
    document: str = ""
    viewing: str = ""
    pages: str = ""
    standing: str = ""
    missing: tuple[str, ...] = ()
    object: str = ""
    purpose: str = ""
    facts_commitment: str = ""


@dataclass(frozen=True, kw_only=True)
class Release(Draft):
    """Bytes are about to leave: exactly these."""

    type: ClassVar[str] = "release"
    grant: int
    case: str
    document: str
    viewing: str
    form: str
    sha256: str
    size_bytes: int
    media: str
    service: str
    pages: str = ""
    range: str = ""
    mark_key: str = ""


@dataclass(frozen=True, kw_only=True)
class Close(Draft):
    """A grant ends without (further) bytes."""

    type: ClassVar[str] = "close"
    grant: int
    case: str
    outcome: str
    service: str


@dataclass(frozen=True, kw_only=True)
class Upload(Draft):
    """One file was taken in."""

    type: ClassVar[str] = "upload"
    case: str
    case_rev: int
    document: str
    kind: str
    file: int
    sha256: str
    size_bytes: int
    media: str
    page_count: int | None = None
    subject_party: str = ""
    flags: tuple[str, ...] = ()
    locked_until: str = ""
    rendition_of: str = ""
    second: str = ""


@dataclass(frozen=True, kw_only=True)
class ActDone(Draft):
    """A person did something: `source:subject:verb` (`acts.LogAct`)."""

    type: ClassVar[str] = "act"
    act: str
    case: str = ""
    case_rev: int | None = None
    document: str = ""
    viewing: str = ""
    standing: str = ""
    purpose: str = ""
    party: str = ""
    object: str = ""
    second: str = ""
    from_: str = ""
    to: str = ""
    effective_on: str = ""
    until_on: str = ""
    proof_sha256: str = ""
    answer: str = ""
    count: int | None = None
    subject_commitment: str = ""


@dataclass(frozen=True, kw_only=True)
class LogEvent(Draft):
    """Something about the log itself."""

    type: ClassVar[str] = "log"
    event: str
    origin: str = ""
    vkey: str = ""
    tree_size: int | None = None
    root: str = ""
    previous_origin: str = ""
    detail: str = ""
