"""What is answered of the log: entries as they stand, and proofs with base64 hashes (C2SP)."""

from base64 import b64encode
from typing import Any

from evidence_service.api.answers import Answer
from evidence_service.audit.entry import decode
from evidence_service.audit.reader import LoggedEntry
from evidence_service.use_cases.log_reading import EntryPage, Proof


class Entry(Answer):
    """An entry: its place, what it is found by, its fields, and its very bytes as text."""

    index: int
    type: str
    act: str
    result: str
    actor: str
    role: str
    unit: str
    case: str
    document: str
    viewing: str
    recorded_at: str
    leaf_hash: str
    fields: dict[str, Any]
    canonical: str


class EntryList(Answer):
    """Entries, newest first."""

    entries: list[Entry]
    next_cursor: str | None


class Access(Answer):
    """Somebody looked at the case, or was refused; people are told apart by role and unit."""

    index: int
    recorded_at: str
    act: str
    result: str
    role: str
    unit: str
    document: str
    viewing: str
    is_asker: bool


class AccessList(Answer):
    """Accesses, newest first."""

    accesses: list[Access]
    next_cursor: str | None


class InclusionProof(Answer):
    """That an entry stands in the tree of a checkpoint; hashes in base64, leaf's sibling first."""

    index: int
    size: int
    leaf_hash: str
    path: list[str]
    checkpoint: str


class ConsistencyProof(Answer):
    """That the tree of a checkpoint extends the one of `from_size`."""

    from_size: int
    path: list[str]
    checkpoint: str


def base64(data: bytes) -> str:
    """Write a hash as C2SP does."""
    return b64encode(data).decode()


def entry_list(page: EntryPage) -> EntryList:
    """Give a page of the log."""
    return EntryList(entries=[entry(logged) for logged in page.entries], next_cursor=_cursor(page))


def entry(logged: LoggedEntry) -> Entry:
    """Give one entry."""
    columns = logged.columns
    return Entry(
        index=logged.index,
        type=columns["type"],
        act=columns["act"],
        result=columns["result"],
        actor=columns["actor"],
        role=columns["role"],
        unit=columns["unit"],
        case=columns["case_id"],
        document=columns["document_id"],
        viewing=columns["viewing_id"],
        recorded_at=columns["recorded_at"],
        leaf_hash=base64(logged.leaf_hash),
        fields=dict(decode(logged.body).fields),
        canonical=logged.body.decode(),
    )


def access_list(page: EntryPage, actor: str) -> AccessList:
    """Give who looked at a case."""
    found = [_access(logged, actor) for logged in page.entries]
    return AccessList(accesses=found, next_cursor=_cursor(page))


def proof(found: Proof) -> InclusionProof:
    """Give a proof as JSON."""
    return InclusionProof(
        index=found.index,
        size=found.size,
        leaf_hash=base64(found.leaf_hash),
        path=[base64(each) for each in found.path],
        checkpoint=found.checkpoint.decode(),
    )


def _access(logged: LoggedEntry, actor: str) -> Access:
    columns = logged.columns
    return Access(
        index=logged.index,
        recorded_at=columns["recorded_at"],
        act=columns["act"],
        result=columns["result"],
        role=columns["role"],
        unit=columns["unit"],
        document=columns["document_id"],
        viewing=columns["viewing_id"],
        is_asker=columns["actor"] == actor,
    )


def _cursor(page: EntryPage) -> str | None:
    return None if page.next_before is None else str(page.next_before)
