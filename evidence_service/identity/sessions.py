"""Sessions: who is behind a request, read anew from the row at every request (SEC-ID-12).

A session id is 256 random bits, given to its owner once and stored hashed. Idle for 15 minutes
(staff) or 30 (parties) it ends, and after 12 hours in any case. Sign-out, a blocked account and a
changed role bite at the next request, because nothing is remembered between two.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence_service.errors import NotSignedIn
from evidence_service.identity.models import Account, SignIn, is_staff

SESSION_HOURS = 12
STAFF_IDLE_MINUTES = 15
PARTY_IDLE_MINUTES = 30
TOUCH_EVERY_SECONDS = 60

_SID = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Person:
    """Who is asking, as the account stands now.

    `actor` is the `per_…` for the log. `touch_due`: call `touch` in a transaction of its own.
    """

    account_id: int
    actor: str
    role: str
    unit: str
    display_name: str = field(repr=False)
    id_number: str = field(repr=False)
    badge_no: str
    session_opened_at: datetime
    session_reference: str = field(default="", repr=False)
    language: str = "zh"
    touch_due: bool = False


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it: a name for it, and when it was in use."""

    id: str
    reference: str = field(repr=False)
    opened_at: datetime
    last_seen_at: datetime


def open_session(session: Session, account_id: int, now: datetime) -> str:
    """Open a session and give its id, which is not stored.

    Raises:
        NotSignedIn: the account is not there, or was blocked meanwhile.
    """
    account = session.get(Account, account_id)
    if account is None or not account.active:
        raise NotSignedIn("the account cannot sign in")
    sid = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            sid_hash=reference_of(sid),
            account_id=account_id,
            opened_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(hours=SESSION_HOURS),
        )
    )
    session.flush()
    return sid


def reference_of(sid: str) -> str:
    """Give the name of a session that tokens may carry: a hash, from which no id can be made."""
    return hashlib.sha256(sid.encode("utf-8", "surrogatepass")).hexdigest()


def person_of(session: Session, sid: str, now: datetime) -> Person:
    """Give the person whose session id this is.

    Raises:
        NotSignedIn: no such session, or it ended.
    """
    if _SID.fullmatch(sid) is None:
        raise NotSignedIn("no open session")
    return person_of_reference(session, reference_of(sid), now)


def person_of_reference(session: Session, reference: str, now: datetime) -> Person:
    """Give the person whose session a token names by `sid`. Only for tokens that were read well.

    Raises:
        NotSignedIn: no such session, or it ended.
    """
    found = session.execute(
        select(SignIn, Account).join(Account).where(SignIn.sid_hash == reference)
    ).one_or_none()
    if found is None or not _is_open(found[0], found[1], now):
        raise NotSignedIn("no open session")
    sign_in, account = found[0], found[1]
    return Person(
        account_id=account.id,
        actor=account.per_id,
        role=account.role,
        unit=account.unit_id,
        display_name=account.display_name,
        id_number=account.id_number,
        badge_no=account.badge_no,
        session_opened_at=sign_in.opened_at,
        session_reference=reference,
        language=account.language,
        touch_due=now - sign_in.last_seen_at >= timedelta(seconds=TOUCH_EVERY_SECONDS),
    )


def touch(session: Session, reference: str, now: datetime) -> None:
    """Note that the session was in use; no more than once a minute, whoever asks."""
    session.execute(
        update(SignIn)
        .where(
            SignIn.sid_hash == reference,
            SignIn.ended_at.is_(None),
            SignIn.last_seen_at <= now - timedelta(seconds=TOUCH_EVERY_SECONDS),
        )
        .values(last_seen_at=now)
    )


def end_session(session: Session, reference: str, now: datetime) -> None:
    """End a session; one that ended already keeps its time."""
    session.execute(
        update(SignIn)
        .where(SignIn.sid_hash == reference, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def open_sessions(session: Session, account_id: int, now: datetime) -> list[OpenSession]:
    """Give an account's open sessions, newest first."""
    found = session.execute(
        select(SignIn, Account)
        .join(Account)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.opened_at.desc())
    )
    return [
        OpenSession(_id_of(row.sid_hash), row.sid_hash, row.opened_at, row.last_seen_at)
        for row, account in found
        if _is_open(row, account, now)
    ]


def _id_of(reference: str) -> str:
    """Name a session to its owner: of a hash of its reference, which tokens carry."""
    return f"ses_{hashlib.sha256(reference.encode()).hexdigest()[:32]}"


def _is_open(sign_in: SignIn, account: Account, now: datetime) -> bool:
    idle_minutes = STAFF_IDLE_MINUTES if is_staff(account.role) else PARTY_IDLE_MINUTES
    return (
        account.active
        and sign_in.ended_at is None
        and now < sign_in.expires_at
        and now - sign_in.last_seen_at < timedelta(minutes=idle_minutes)
    )
