"""Query vouchers (查询凭证) and their codes (查询码): SEC-ID-5.

A code has 12 characters of 31, 59 bits, and stands beside a random reference; only its keyed hash
is stored. It lasts 30 days, works once, for one person; a new one kills the old. Ten wrong codes
kill it, and only tries with the right name and ID number count: a stranger cannot burn it.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence_service.errors import AlreadyThere, FieldWrong, NotSignedIn
from evidence_service.identity.id_numbers import normalise_number, read_id_number
from evidence_service.identity.models import Voucher
from evidence_service.identity.names import is_same_name, read_name
from evidence_service.identity.pepper import code_key
from evidence_service.keys import Keyring

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31: without 0 O 1 I L
CODE_CHARACTERS = 12
REFERENCE_CHARACTERS = 10
VALID_DAYS = 30
WRONG_TRIES_MAX = 10

_REFERENCE = re.compile(rf"[{ALPHABET}]{{{REFERENCE_CHARACTERS}}}")


@dataclass(frozen=True)
class IssuedVoucher:
    """What is printed: the code is known here and on the paper, nowhere else."""

    reference: str
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class CheckedVoucher:
    """A voucher whose four parts all matched and which is open."""

    reference: str
    subject: str
    name: str = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True)
class Attempt:
    """What came of a try; `accepted` tells, after the transaction that counted it is committed."""

    _voucher: CheckedVoucher | None = None
    _problem: str = ""

    def accepted(self) -> CheckedVoucher:
        """Give the voucher.

        Raises:
            NotSignedIn: reference, code, name and ID number do not all match.
            AlreadyThere: all match; the voucher has its account.
            FieldWrong: all match; the `code` is `expired`, or `stopped` (killed by wrong tries
                or by a newer voucher).
        """
        if self._problem == "used":
            raise AlreadyThere("voucher")
        if self._problem:
            raise FieldWrong("code", self._problem)
        if self._voucher is None:
            raise NotSignedIn("reference, code, name and ID number do not all match")
        return self._voucher


def issue(
    session: Session, keyring: Keyring, *, subject: str, name: str, id_number: str, now: datetime
) -> IssuedVoucher:
    """Issue a voucher to one person, and kill the open ones of the same subject.

    Raises:
        FieldWrong: the name or the ID number cannot be one.
    """
    reference, code = _random(REFERENCE_CHARACTERS), _random(CODE_CHARACTERS)
    voucher = Voucher(
        reference=reference,
        code_key=code_key(keyring, keyring.pepper.current, reference, code),
        pepper_number=keyring.pepper.current,
        subject=subject,
        name=read_name(name),
        id_number=read_id_number(id_number),
        issued_at=now,
        expires_at=now + timedelta(days=VALID_DAYS),
    )
    session.execute(
        update(Voucher)
        .where(Voucher.subject == subject, Voucher.used_at.is_(None), Voucher.killed_at.is_(None))
        .values(killed_at=now)
    )
    session.add(voucher)
    session.flush()
    return IssuedVoucher(reference, code, voucher.expires_at)


def check(
    session: Session,
    keyring: Keyring,
    *,
    reference: str,
    code: str,
    name: str,
    id_number: str,
    now: datetime,
) -> Attempt:
    """Try a voucher, and count the try if it counts.

    MUST run in a writing transaction of its own that commits before `Attempt.accepted` is asked:
    counting has to outlive the refusal, and tries that come at once have to wait for each other.
    """
    plain = normalise_number(reference)
    if _REFERENCE.fullmatch(plain) is None:
        plain = ""  # nobody's: neither database takes every character as a key
    voucher = session.scalar(select(Voucher).where(Voucher.reference == plain).with_for_update())
    code_right = _is_code(keyring, voucher, plain, normalise_number(code))
    if voucher is None or not _is_person(voucher, name, id_number):
        return Attempt()
    if not code_right:
        _count_wrong_try(voucher, now)
        session.flush()
        return Attempt()
    return _attempt(voucher, now)


def use(session: Session, reference: str, now: datetime) -> None:
    """Use up a voucher, in the commit that opens the account; of several at once one wins.

    Raises:
        AlreadyThere: it was used, killed or ran out in between.
    """
    used = session.execute(
        update(Voucher)
        .where(
            Voucher.reference == reference,
            Voucher.used_at.is_(None),
            Voucher.killed_at.is_(None),
            Voucher.expires_at > now,
        )
        .values(used_at=now)
        .returning(Voucher.reference)
    )
    if used.first() is None:
        raise AlreadyThere("voucher")


def _random(characters: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(characters))


def _is_code(keyring: Keyring, voucher: Voucher | None, reference: str, code: str) -> bool:
    # Computed for an unknown reference too, so that it costs the same.
    number = voucher.pepper_number if voucher is not None else keyring.pepper.current
    stored = voucher.code_key if voucher is not None else bytes(32)
    try:
        key = code_key(keyring, number, reference, code)
    except KeyError:  # the pepper went: its codes ended with it
        return False
    return hmac.compare_digest(key, stored)


def _is_person(voucher: Voucher, name: str, id_number: str) -> bool:
    return is_same_name(voucher.name, name) and voucher.id_number == normalise_number(id_number)


def _count_wrong_try(voucher: Voucher, now: datetime) -> None:
    voucher.wrong_tries += 1
    if voucher.wrong_tries >= WRONG_TRIES_MAX and voucher.killed_at is None:
        voucher.killed_at = now


def _attempt(voucher: Voucher, now: datetime) -> Attempt:
    if voucher.used_at is not None:
        return Attempt(_problem="used")
    if voucher.killed_at is not None:
        return Attempt(_problem="stopped")
    if voucher.expires_at <= now:
        return Attempt(_problem="expired")
    checked = CheckedVoucher(voucher.reference, voucher.subject, voucher.name, voucher.id_number)
    return Attempt(checked)
