"""The tables of people: accounts, sign-ins, vouchers (SECURITY 7).

The `per_…` of a person stands in `accounts` and in no other table (LOG-FORMATS 1): erase the row,
and the log's entries name nobody. Codes, session ids and one-time-code seeds are never stored as
they are: hashed, keyed or sealed.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evidence_service.db import Base, Instant

PARTY = "party"  # every other role is staff: shorter sessions, a second factor


class Account(Base):
    """Somebody who can sign in."""

    __tablename__ = "accounts"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  SQLAlchemy's way; a number is never used again

    id: Mapped[int] = mapped_column(primary_key=True)
    per_id: Mapped[str] = mapped_column(String(40), unique=True)
    role: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[str] = mapped_column(String(40), default="")
    display_name: Mapped[str] = mapped_column(String(100))  # in full, as on the ID
    id_number: Mapped[str] = mapped_column(String(40), default="")  # parties only
    id_number_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    sign_in_name: Mapped[str] = mapped_column(String(40), default="")  # staff only
    sign_in_name_key: Mapped[str] = mapped_column(String(80), unique=True)
    badge_no: Mapped[str] = mapped_column(String(40), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    otp_seed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    otp_last_step: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    created_at: Mapped[datetime] = mapped_column(Instant)


class SignIn(Base):
    """A session of one account. `sid_hash` is what tokens carry; the id itself is not stored."""

    __tablename__ = "sign_ins"

    sid_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Throttle(Base):
    """A bucket: the keyed hash of whom it counts, and until when it is spoken for."""

    __tablename__ = "throttles"

    bucket: Mapped[str] = mapped_column(String(80), primary_key=True)
    until_ms: Mapped[int] = mapped_column(BigInteger)


class Voucher(Base):
    """A query voucher (查询凭证): opens one account for one person, once."""

    __tablename__ = "vouchers"

    reference: Mapped[str] = mapped_column(String(10), primary_key=True)
    code_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    pepper_number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(40), index=True)  # whose: opaque to us
    name: Mapped[str] = mapped_column(String(100))
    id_number: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    killed_at: Mapped[datetime | None] = mapped_column(Instant)
    wrong_tries: Mapped[int] = mapped_column(default=0)


def is_staff(role: str) -> bool:
    """Say whether a role is one of staff; a role we do not know is (fail closed)."""
    return role != PARTY
