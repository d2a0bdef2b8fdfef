"""Units and accounts of staff, made by the operator at the machine; each one is an entry.

There is no way to these over the network: whoever can run the command can read the keyring, and
so is trusted with it. Later accounts want a second person (SEC-ID-9).
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.audit.drafts import ActDone, By
from evidence_service.audit.log import Log
from evidence_service.clock import Clock
from evidence_service.db import Database
from evidence_service.errors import FieldWrong, NotFound
from evidence_service.identity import accounts, one_time_codes
from evidence_service.identity.passwords import Passwords
from evidence_service.keys import Keyring
from evidence_service.records import cases
from evidence_service.records.models import Unit, new_id
from evidence_service.settings import Mode
from policies.facts import Role

ISSUER = "Accident evidence"
DEMONSTRATION_PASSWORD = "lantern willow bridge 47"  # noqa: S105  printed on purpose; refused in production


@dataclass(frozen=True, kw_only=True)
class Office:
    """What the operator works with: the log, the tables, the keys."""

    mode: Mode
    clock: Clock
    keyring: Keyring = field(repr=False)
    database: Database
    log: Log
    passwords: Passwords


@dataclass(frozen=True, kw_only=True)
class NewUnit:
    """A handling unit and its contact card (art. 27)."""

    name: str
    place: str
    phone: str
    complaints_phone: str
    hours: str


@dataclass(frozen=True, kw_only=True)
class NewStaff:
    """Somebody who will work with the service."""

    sign_in_name: str
    name: str
    role: str
    unit_id: str = ""
    badge_no: str = ""
    password: str = field(repr=False)


@dataclass(frozen=True)
class MadeUnit:
    """A unit that was made, and its entry."""

    id: str
    entry: int


@dataclass(frozen=True)
class MadeStaff:
    """An account that was made, its entry, and the address for an authenticator, shown once."""

    entry: int
    otpauth: str = field(repr=False)


@dataclass(frozen=True)
class CodeNow:
    """A one-time code, and the instants between which it opens a session."""

    code: str = field(repr=False)
    valid_from: datetime
    valid_until: datetime


def add_unit(office: Office, new: NewUnit) -> MadeUnit:
    """Make a handling unit.

    Raises:
        FieldWrong: it has no name.
        LogDown: nothing was made.
    """
    if not new.name.strip():
        raise FieldWrong("name", "missing")
    unit_id = new_id("unit")

    def change(session: Session, _index: int) -> None:
        session.add(
            Unit(
                id=unit_id,
                name=new.name,
                place=new.place,
                phone=new.phone,
                complaints_phone=new.complaints_phone,
                hours=new.hours,
            )
        )

    draft = ActDone(by=_operator(office), act=LogAct.STAFF_MAKE, object=unit_id, answer="unit")
    return MadeUnit(unit_id, office.log.record(draft, effect=change).index)


def add_staff(office: Office, new: NewStaff) -> MadeStaff:
    """Make an account of staff.

    Raises:
        FieldWrong: name, role or password cannot be one, or there is no such unit.
        AlreadyThere: somebody signs in with this name.
        Busy, LogDown: nothing was made.
    """
    if office.mode is Mode.PRODUCTION and new.password == DEMONSTRATION_PASSWORD:
        raise FieldWrong("password", "demonstration")
    if new.role not in set(Role) - {Role.PARTY}:
        raise FieldWrong("role", "unknown")
    _check_unit(office, new.unit_id)
    about = (new.name, new.sign_in_name, new.badge_no)
    password_hash = office.passwords.hash(new.password, about=about)
    seeds: list[bytes] = []
    person = accounts.new_person_id()

    def change(session: Session, _index: int) -> None:
        _, seed = accounts.make_staff_account(
            session,
            office.keyring,
            sign_in_name=new.sign_in_name,
            name=new.name,
            role=new.role,
            unit_id=new.unit_id,
            badge_no=new.badge_no,
            password_hash=password_hash,
            now=office.clock(),
            per_id=person,
        )
        seeds.append(seed)

    draft = ActDone(
        by=_operator(office),
        act=LogAct.STAFF_MAKE,
        object=new.unit_id,
        second=person,
        answer=new.role,
    )
    receipt = office.log.record(draft, effect=change)
    otpauth = one_time_codes.provisioning_uri(seeds[-1], name=new.sign_in_name, issuer=ISSUER)
    return MadeStaff(receipt.index, otpauth)


def unit_of(office: Office, sign_in_name: str) -> str:
    """Give the unit of whoever signs in with this name; empty when there is nobody."""
    with office.database.reading() as session:
        account = accounts.find_by_sign_in_name(session, office.keyring, sign_in_name)
        return account.unit_id if account is not None else ""


def code_now(office: Office, sign_in_name: str) -> CodeNow:
    """Give a code with which somebody of a demonstration can sign in next.

    The present code may have been used; then the next one is given, with when it begins.

    Raises:
        FieldWrong: this is no demonstration.
        NotFound: no member of staff signs in with this name.
    """
    if office.mode is not Mode.DEMO:
        raise FieldWrong("mode", "demonstrations_only")
    with office.database.reading() as session:
        account = accounts.find_by_sign_in_name(session, office.keyring, sign_in_name)
        if account is None or account.otp_seed_sealed is None:
            raise NotFound
        seed = one_time_codes.open_seed(office.keyring, account.otp_seed_sealed, account.per_id)
        last_step = account.otp_last_step
    code, valid_from, valid_until = one_time_codes.next_code(seed, office.clock(), last_step)
    return CodeNow(code, valid_from, valid_until)


def _operator(office: Office) -> By:
    return By(actor=office.log.service, role="operator")


def _check_unit(office: Office, unit_id: str) -> None:
    if not unit_id:
        return
    try:
        with office.database.reading() as session:
            cases.unit(session, unit_id)
    except NotFound:
        raise FieldWrong("unit", "unknown") from None
