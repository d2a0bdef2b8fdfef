"""Sign in and out; make a party's account from a voucher; ask who is asking."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.audit.drafts import ActDone, By
from evidence_service.errors import AlreadyThere, NotFound, NotSignedIn
from evidence_service.identity import accounts, sessions, sign_in, throttles, vouchers
from evidence_service.identity.sessions import OpenSession, Person
from evidence_service.identity.tokens import TTL_SECONDS as TOKEN_TTL_SECONDS
from evidence_service.records import cases
from evidence_service.records.models import Party
from evidence_service.use_cases.acting import by, record_act
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts


@dataclass(frozen=True)
class SignedIn:
    """A session that was opened, and its first short-lived token."""

    token: str
    token_ttl_seconds: int
    role: str
    display_name: str


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """What a person types from the voucher."""

    reference: str
    code: str
    name: str
    id_number: str
    password: str


@dataclass(frozen=True)
class OpensCase:
    """The case that an account opens."""

    case_id: str


def open_session(parts: Parts, name: str, password: str, code: str, *, address: str) -> SignedIn:
    """Sign in with a name, a password and, for staff, a one-time code.

    Args:
        parts: the service's parts.
        name: what the person signs in as.
        password: theirs.
        code: of staff.
        address: whence the request came; its network counts tries.

    Raises:
        NotSignedIn: something did not fit; never says what.
        Throttled: too many tries, for this account or from this network.
        Busy: too many hash at once.
        LogDown: nobody was signed in.
    """
    now = parts.clock()
    tries = _take_a_try(parts, now, address, name)
    with parts.database.reading() as session:
        known = sign_in.authenticate(
            session,
            parts.keyring,
            parts.passwords,
            name=name,
            password=password,
            code=code,
            now=now,
        )

    def change(session: Session, _index: int) -> SignedIn:
        sign_in.use_step(session, known.account_id, known.step)
        throttles.give_back(session, tries)
        sid = sessions.open_session(session, known.account_id, now)
        token = parts.tokens.issue(sessions.reference_of(sid), now)
        return SignedIn(token, TOKEN_TTL_SECONDS, known.role, known.display_name)

    who = By(actor=known.actor, role=known.role, unit=known.unit)
    return record_act(parts, Attempt(), ActDone(by=who, act=LogAct.SIGN_IN), change)


def person_of_token(parts: Parts, token: str) -> Person:
    """Give who a token speaks for; its session's row is read anew (SEC-ID-12).

    Raises:
        NotSignedIn: forged, expired, signed out, blocked, idle for too long.
    """
    now = parts.clock()
    claims = parts.tokens.read(token, now)
    with parts.database.reading() as session:
        person = sessions.person_of_reference(session, claims.sid, now)
    if person.touch_due:
        with parts.database.writing() as session:
            sessions.touch(session, claims.sid, now)
    return person


def renew_token(parts: Parts, person: Person) -> SignedIn:
    """Give the session's next short-lived token."""
    token = parts.tokens.issue(person.session_reference, parts.clock())
    return SignedIn(token, TOKEN_TTL_SECONDS, person.role, person.display_name)


def my_sessions(parts: Parts, person: Person) -> list[OpenSession]:
    """Give the asker's own open sessions, newest first."""
    with parts.database.reading() as session:
        return sessions.open_sessions(session, person.account_id, parts.clock())


def close_my_session(parts: Parts, person: Person, session_id: str) -> None:
    """End one of the asker's own sessions; its tokens end with it, at their next request.

    Raises:
        NotFound: the asker has no such open session.
        LogDown: it was not ended.
    """
    now = parts.clock()
    mine = {each.id: each.reference for each in my_sessions(parts, person)}
    if session_id not in mine:
        raise NotFound

    def change(session: Session, _index: int) -> None:
        sessions.end_session(session, mine[session_id], now)

    record_act(parts, Attempt(), ActDone(by=by(person), act=LogAct.SIGN_OUT), change)


def close_session(parts: Parts, person: Person) -> None:
    """Sign out: the session's row ends, and with it every token of it."""
    now = parts.clock()

    def change(session: Session, _index: int) -> None:
        sessions.end_session(session, person.session_reference, now)

    record_act(parts, Attempt(), ActDone(by=by(person), act=LogAct.SIGN_OUT), change)


def _take_a_try(parts: Parts, now: datetime, address: str, name: str) -> str:
    """Take a try before anything is checked; gives the bucket that success fills again."""
    network, ring = throttles.network_of(address), parts.keyring
    pair = throttles.bucket_of(ring, throttles.ACCOUNT_FROM_NETWORK, name, network)
    with parts.database.writing() as session:
        for rate, bucket in (
            (throttles.NETWORK, throttles.bucket_of(ring, throttles.NETWORK, network)),
            (throttles.ACCOUNT_FROM_NETWORK, pair),
            (throttles.ACCOUNT, throttles.bucket_of(ring, throttles.ACCOUNT, name)),
        ):
            throttles.take(session, rate, bucket, now)
    return pair


def _take_a_try_of_the_network(parts: Parts, now: datetime, address: str) -> None:
    network = throttles.network_of(address)
    bucket = throttles.bucket_of(parts.keyring, throttles.NETWORK, network)
    with parts.database.writing() as session:
        throttles.take(session, throttles.NETWORK, bucket, now)


def make_account(parts: Parts, new: NewAccount, *, attempt: Attempt, address: str) -> OpensCase:
    """Make a party's account from a voucher, bind it to the party, and use the voucher up.

    Gives the case that it opens. A person who has an account already binds the new voucher to it
    with that account's password.

    Raises:
        FieldWrong: the password is too short or too easy.
        Throttled: too many tries from this network.
        NotSignedIn: voucher, name and ID number do not fit together, or the password is another.
        AlreadyThere: the voucher has its account.
        Busy, LogDown: nothing was made.
    """
    now = parts.clock()
    _take_a_try_of_the_network(parts, now, address)
    voucher = _checked_voucher(parts, new, now)
    with parts.database.reading() as session:
        known = accounts.find_by_id_number(session, parts.keyring, new.id_number)
        known_hash = known.password_hash if known else ""
        party = session.get(Party, voucher.subject)
        if party is None:
            raise NotSignedIn
        case_id = party.case_id
    password_hash = _password_hash(parts, new, known_hash)
    per_id = known.per_id if known else accounts.new_person_id()

    def change(session: Session, _index: int) -> OpensCase:
        vouchers.use(session, voucher.reference, now)
        account = accounts.find_by_id_number(session, parts.keyring, new.id_number)
        if (account is None) != (known is None):
            raise AlreadyThere("account")  # made meanwhile, with a password nobody compared
        if account is None:
            account = accounts.make_party_account(
                session,
                parts.keyring,
                per_id=per_id,
                name=voucher.name,
                id_number=voucher.id_number,
                password_hash=password_hash,
                now=now,
            )
        cases.find_party(session, case_id, voucher.subject).account_id = account.id
        return OpensCase(case_id)

    draft = ActDone(
        by=By(actor=per_id, role="party"),
        act=LogAct.ACCOUNT_MAKE,
        case=case_id,
        standing=voucher.subject,
    )
    try:
        return record_act(parts, attempt, draft, change)
    except IntegrityError as taken:
        raise AlreadyThere("account") from taken


def _password_hash(parts: Parts, new: NewAccount, known_hash: str) -> str:
    """Give the hash of a new account's password, or of the known account's, if it is that one."""
    if not known_hash:
        return parts.passwords.hash(new.password, about=(new.name, new.id_number))
    if not parts.passwords.verify(known_hash, new.password):
        raise NotSignedIn
    return known_hash


def _checked_voucher(parts: Parts, new: NewAccount, now: datetime) -> vouchers.CheckedVoucher:
    """Check a voucher; a wrong code is counted in a commit of its own, though we refuse."""
    with parts.database.writing() as session:
        checked = vouchers.check(
            session,
            parts.keyring,
            reference=new.reference,
            code=new.code,
            name=new.name,
            id_number=new.id_number,
            now=now,
        )
    return checked.accepted()
