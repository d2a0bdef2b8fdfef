"""Accounts: made by a voucher (parties) or by staff (staff), found by name or ID number.

The functions that make one run inside the log's commit, as the effect of the entry that tells of
it. Passwords come hashed: a hash takes 155 ms, and a commit must not wait for it.
"""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evidence_service.errors import AlreadyThere, FieldWrong
from evidence_service.identity import one_time_codes
from evidence_service.identity.id_numbers import (
    normalise_number,
    read_id_number,
    read_sign_in_name,
)
from evidence_service.identity.models import PARTY, Account, is_staff
from evidence_service.identity.names import read_name
from evidence_service.identity.pepper import ID_NUMBERS, SIGN_IN_NAMES, key_now, keys_ever
from evidence_service.keys import Keyring


def make_party_account(
    session: Session,
    keyring: Keyring,
    *,
    name: str,
    id_number: str,
    password_hash: str,
    now: datetime,
    language: str = "zh",
    per_id: str = "",
) -> Account:
    """Make the account of a party, who signs in with the ID number.

    `per_id` is given when the entry that tells of it was written before (`new_person_id`).

    Raises:
        FieldWrong: the name or the ID number cannot be one.
        AlreadyThere: there is an account with this ID number.
    """
    number = read_id_number(id_number)
    account = Account(
        per_id=per_id or new_person_id(),
        role=PARTY,
        display_name=read_name(name),
        id_number=number,
        id_number_key=key_now(keyring, ID_NUMBERS, number),
        sign_in_name_key=key_now(keyring, SIGN_IN_NAMES, number),
        password_hash=password_hash,
        language=language,
        created_at=now,
    )
    if find_by_id_number(session, keyring, number) is not None:
        raise AlreadyThere("account")
    return _added(session, keyring, account, number)


def make_staff_account(
    session: Session,
    keyring: Keyring,
    *,
    sign_in_name: str,
    name: str,
    role: str,
    unit_id: str,
    badge_no: str,
    password_hash: str,
    now: datetime,
    language: str = "zh",
    per_id: str = "",
) -> tuple[Account, bytes]:
    """Make an account of staff; give it with the one-time-code seed, which is shown once.

    `per_id` is given when the entry that tells of it was written before (`new_person_id`).

    Raises:
        FieldWrong: the name, the sign-in name or the role cannot be one of staff.
        AlreadyThere: somebody signs in with this name.
    """
    if not is_staff(role):
        raise FieldWrong("role", "unknown")
    plain, person, seed = (
        read_sign_in_name(sign_in_name),
        per_id or new_person_id(),
        one_time_codes.make_seed(),
    )
    account = Account(
        per_id=person,
        role=role,
        unit_id=unit_id,
        display_name=read_name(name),
        sign_in_name=plain,
        sign_in_name_key=key_now(keyring, SIGN_IN_NAMES, plain),
        badge_no=badge_no,
        password_hash=password_hash,
        otp_seed_sealed=one_time_codes.seal(keyring, seed, person),
        language=language,
        created_at=now,
    )
    return _added(session, keyring, account, plain), seed


def find_by_sign_in_name(session: Session, keyring: Keyring, name: str) -> Account | None:
    """Find who signs in with this name, however it was typed; always by one statement."""
    keys = keys_ever(keyring, SIGN_IN_NAMES, normalise_number(name))
    return session.scalar(select(Account).where(Account.sign_in_name_key.in_(keys)))


def find_officer(session: Session, unit_id: str, badge_no: str) -> Account | None:
    """Find the active officer of a unit with this badge number."""
    query = select(Account).where(
        Account.unit_id == unit_id,
        Account.badge_no == badge_no,
        Account.role == "officer",
        Account.active.is_(True),
    )
    return session.scalar(query)


def find_by_id_number(session: Session, keyring: Keyring, id_number: str) -> Account | None:
    """Find the party's account with this ID number, however it was typed."""
    keys = keys_ever(keyring, ID_NUMBERS, normalise_number(id_number))
    return session.scalar(select(Account).where(Account.id_number_key.in_(keys)))


def _added(session: Session, keyring: Keyring, account: Account, sign_in_name: str) -> Account:
    # Looked for under every pepper: the unique column sees only names keyed with the same one.
    if find_by_sign_in_name(session, keyring, sign_in_name) is not None:
        raise AlreadyThere("account")
    session.add(account)
    try:
        session.flush()
    except IntegrityError:
        # Without its cause: the driver's words hold the row, and with it the ID number.
        raise AlreadyThere("account") from None
    return account


def new_person_id() -> str:
    """Give a fresh `per_…` id: 128 random bits, made of nothing."""
    return f"per_{secrets.token_hex(16)}"
