"""The tables of cases and everything that belongs to one.

Ids are a prefix and 128 random bits, never made from data (LOG-FORMATS 1, Privacy). Accounts are
named by their number, because the `per_…` of a person stands beside the person and nowhere else.
"""

import secrets
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evidence_service.db import Base, Instant

ID = String(40)


def new_id(prefix: str) -> str:
    """Give a fresh id: the prefix, an underscore, 128 random bits in hex."""
    return f"{prefix}_{secrets.token_hex(16)}"


class Unit(Base):
    """A handling unit of the traffic police, with what its contact card says (art. 27)."""

    __tablename__ = "units"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str]
    place: Mapped[str]
    phone: Mapped[str]
    complaints_phone: Mapped[str]
    hours: Mapped[str]


class Case(Base):
    """An accident case."""

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_no: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    procedure: Mapped[str] = mapped_column(String(16))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    criminal: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Assignment(Base):
    """An officer handles a case, until the assignment ends."""

    __tablename__ = "assignments"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    account_id: Mapped[int] = mapped_column(index=True)
    duty: Mapped[str] = mapped_column(String(16))  # lead | second
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Party(Base):
    """A party of a case (当事人), and the account that a voucher bound to it."""

    __tablename__ = "parties"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    name: Mapped[str]
    id_number: Mapped[str]
    part: Mapped[str] = mapped_column(String(16))  # driver | rider | pedestrian | passenger
    account_id: Mapped[int | None] = mapped_column(index=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Vehicle(Base):
    """A vehicle in a case, and the party who drove it."""

    __tablename__ = "vehicles"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    plate: Mapped[str] = mapped_column(String(20))
    vehicle_type: Mapped[str] = mapped_column(String(40))
    driver_id: Mapped[str | None] = mapped_column(ForeignKey("parties.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Document(Base):
    """An ordered set of files with one release."""

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    secrecy: Mapped[str] = mapped_column(String(16))
    subject_party: Mapped[str] = mapped_column(ID, default="")
    rendition_of: Mapped[str] = mapped_column(ID, default="")
    uploaded_by: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    received_on: Mapped[date | None]  # a report's receipt starts art. 55's clocks
    review_result: Mapped[str] = mapped_column(String(16), default="")  # passed | rejected
    review_defect: Mapped[str] = mapped_column(String(32), default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    superseded_by: Mapped[str] = mapped_column(ID, default="")
    altered_at: Mapped[datetime | None] = mapped_column(Instant)  # stored bytes differ: closed
    unreadable_pages: Mapped[str] = mapped_column(String(512), default="")
    unreadable_accepted_at: Mapped[datetime | None] = mapped_column(Instant)


class DocumentFile(Base):
    """One file of a document: what was understood of it, and where its sealed bytes lie."""

    __tablename__ = "document_files"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    position: Mapped[int]  # from 1
    sent_name: Mapped[str] = mapped_column(String(200))
    media: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    page_count: Mapped[int]
    page_sizes: Mapped[str]  # JSON: per page, what a person sees
    flags: Mapped[str] = mapped_column(String(512), default="")
    unreadable_pages: Mapped[str] = mapped_column(default="[]")  # JSON: pages of this file
    key_record: Mapped[bytes]

    __table_args__ = (
        UniqueConstraint("document_id", "position"),
        UniqueConstraint("case_id", "sha256", name="uq_document_files_once_a_case"),
    )


class Determination(Base):
    """The determination (认定书) or the accident certificate (事故证明): art. 64, 67."""

    __tablename__ = "determinations"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    form: Mapped[str] = mapped_column(String(24))  # determination | accident_certificate
    number: Mapped[str] = mapped_column(String(60))
    made_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Service(Base):
    """A paper was served on one party: art. 65 (determination), 55 (report); ACP 36 (manner)."""

    __tablename__ = "services"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    paper_id: Mapped[str] = mapped_column(ID, index=True)  # a determination's or a document's id
    party_id: Mapped[str] = mapped_column(ForeignKey("parties.id"))
    manner: Mapped[str] = mapped_column(String(24))
    served_at: Mapped[datetime] = mapped_column(Instant)
    effective_at: Mapped[datetime | None] = mapped_column(Instant)  # none: no effect (READINGS 2)
    proof_sha256: Mapped[str] = mapped_column(String(64))
    taken_by: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_services_party", "party_id", "paper_id"),)


class Viewing(Base):
    """One person's look at one document for one purpose; its marks lead back here."""

    __tablename__ = "viewings"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    account_id: Mapped[int] = mapped_column(index=True)
    standing: Mapped[str] = mapped_column(ID, default="")
    purpose: Mapped[str] = mapped_column(String(64))
    trace_code: Mapped[str] = mapped_column(String(16), unique=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Copy(Base):
    """A marked PDF in the encrypted spool, made of pages of one viewing."""

    __tablename__ = "copies"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    viewing_id: Mapped[str] = mapped_column(ForeignKey("viewings.id"), index=True)
    grant_index: Mapped[int]
    pages: Mapped[str] = mapped_column(String(512))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    key_record: Mapped[bytes]  # opens the copy in the spool
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class ResumableUpload(Base):
    """A tus upload that is not finished, or waits to become a file of a document."""

    __tablename__ = "resumable_uploads"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    account_id: Mapped[int] = mapped_column(index=True)
    sent_name: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int]
    received_bytes: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64))  # of the whole, as announced
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Once(Base):
    """An idempotency key: taken at the beginning, answered in the act's own commit."""

    __tablename__ = "idempotency_keys"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    service: Mapped[str] = mapped_column(String(40))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[bytes | None]  # sealed under the key itself
