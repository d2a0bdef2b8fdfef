"""The log's tables.

`log_entries` keeps the canonical bytes; everything beside them is made from them and compared by
`log verify`. Triggers refuse UPDATE and DELETE (SEC-LOG-6). One row per full 256-entry subtree
makes any proof a handful of range reads (the C2SP tile heights).
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_service.db import Base, Instant


class LogEntry(Base):
    """One entry: its place, its bytes, its leaf hash, and columns to search by."""

    __tablename__ = "log_entries"

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    type: Mapped[str] = mapped_column(String(16))
    act: Mapped[str] = mapped_column(String(64), default="")
    result: Mapped[str] = mapped_column(String(64), default="")
    actor: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(40), default="")
    case_id: Mapped[str] = mapped_column(String(40), default="")
    document_id: Mapped[str] = mapped_column(String(40), default="")
    viewing_id: Mapped[str] = mapped_column(String(40), default="")
    recorded_at: Mapped[str] = mapped_column(String(27))

    __table_args__ = (
        Index("ix_log_entries_case", "case_id", "index"),
        Index("ix_log_entries_actor", "actor", "index"),
        Index("ix_log_entries_act", "act", "index"),
        Index("ix_log_entries_unit", "unit", "index"),
        Index("ix_log_entries_result", "result", "index"),
        Index("ix_log_entries_viewing", "viewing_id"),
        Index("ix_log_entries_recorded_at", "recorded_at"),
    )


class LogSubtree(Base):
    """The root of a full subtree of 256**level entries, number `start` from the left."""

    __tablename__ = "log_subtrees"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogHead(Base):
    """One row: how many entries there are, and the frontier that the next ones extend.

    Writers lock it, so any number of processes may append (PostgreSQL: FOR UPDATE).
    """

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    frontier: Mapped[bytes] = mapped_column(LargeBinary)


class CaseRevision(Base):
    """How often the facts of a case have changed. Moved by the log alone, with each change."""

    __tablename__ = "case_revisions"

    case_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    revision: Mapped[int]


class OpenGrant(Base):
    """What became of a grant: open, released (its first bytes left), or closed."""

    __tablename__ = "log_grants"

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[str] = mapped_column(String(40))
    document_id: Mapped[str] = mapped_column(String(40))
    viewing_id: Mapped[str] = mapped_column(String(40))
    pages: Mapped[str] = mapped_column(String(512), default="")
    service: Mapped[str] = mapped_column(String(40))
    granted_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_log_grants_state", "state", "granted_at"),)


class CommittedText(Base):
    """The erasable other half of a commitment: salt and text. Erased, the hash says nothing."""

    __tablename__ = "log_texts"

    commitment: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    text: Mapped[str]


class ServiceLease(Base):
    """A process that serves; while it lives, its open grants are left alone (LOG-FORMATS 8.5)."""

    __tablename__ = "service_leases"

    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(128))
    process: Mapped[int]
    process_started: Mapped[int]
    leased_until: Mapped[datetime] = mapped_column(Instant)
