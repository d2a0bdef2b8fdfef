"""Signing in: a name, a password and, for staff, a one-time code.

SEC-ID-3: unknown, wrong, blocked and wrong code are one answer, by the same statements and at the
same price. The check reads only; what it used up is stored by `use_step` in the commit that opens
the session, so that of two requests with one code exactly one gets in.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from evidence_service.errors import NotSignedIn
from evidence_service.identity import one_time_codes
from evidence_service.identity.accounts import find_by_sign_in_name
from evidence_service.identity.models import Account, is_staff
from evidence_service.identity.passwords import Passwords
from evidence_service.keys import Keyring

_NOBODYS_SEED = bytes(one_time_codes.SEED_BYTES)


@dataclass(frozen=True)
class Authenticated:
    """Who proved to be who; `step` is the one-time code's, to be used up, None for parties."""

    account_id: int
    actor: str
    role: str
    unit: str
    language: str
    display_name: str = field(repr=False)
    step: int | None


def authenticate(
    session: Session,
    keyring: Keyring,
    passwords: Passwords,
    *,
    name: str,
    password: str,
    code: str = "",
    now: datetime,
) -> Authenticated:
    """Check the credentials. Throttles are taken before this is called.

    Raises:
        NotSignedIn: unknown name, wrong password, blocked, or (staff) a wrong or used code.
        Busy: too many passwords are being checked.
        Altered: the password was right, and the stored seed is not what was stored.
    """
    account = find_by_sign_in_name(session, keyring, name)
    right = passwords.verify(account.password_hash if account else None, password)
    step = _step_of(keyring, account if right else None, code, now)
    if account is None or not right or not account.active:
        raise NotSignedIn("name, password and code do not match")
    if is_staff(account.role) and step is None:
        raise NotSignedIn("name, password and code do not match")
    return Authenticated(
        account_id=account.id,
        actor=account.per_id,
        role=account.role,
        unit=account.unit_id,
        language=account.language,
        display_name=account.display_name,
        step=step,
    )


def use_step(session: Session, account_id: int, step: int | None) -> None:
    """Use up a one-time code, in the commit that opens the session; nothing to do for parties.

    Raises:
        NotSignedIn: somebody was faster with this code or a later one.
    """
    if step is None:
        return
    used = session.execute(
        update(Account)
        .where(Account.id == account_id, Account.otp_last_step < step)
        .values(otp_last_step=step)
        .returning(Account.id)
    )
    if used.first() is None:
        raise NotSignedIn("name, password and code do not match")


def _step_of(keyring: Keyring, account: Account | None, code: str, now: datetime) -> int | None:
    sealed = account.otp_seed_sealed if account is not None else None
    seed, last_step = _NOBODYS_SEED, 0
    if account is not None and sealed is not None:
        seed = one_time_codes.open_seed(keyring, sealed, account.per_id)
        last_step = account.otp_last_step
    try:
        step = one_time_codes.verify(seed, code, now, last_step)
    except NotSignedIn:
        return None
    return step if sealed is not None else None
