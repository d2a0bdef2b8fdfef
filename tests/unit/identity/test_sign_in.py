"""Signing in: one answer for everything that is wrong, and a code that works once."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import event, update

from evidence_service.errors import Altered, NotSignedIn
from evidence_service.identity import accounts
from evidence_service.identity.models import Account
from evidence_service.identity.sign_in import authenticate, use_step

ID_NUMBER = "11010519491231002X"
PASSWORD = "纸船-渡口-7-lantern-oxbow"


@pytest.fixture
def people(database, keyring, passwords, now):
    """A party and an officer; gives the officer's seed."""
    stored = passwords.hash(PASSWORD)
    with database.writing() as session:
        accounts.make_party_account(
            session, keyring, name="林宁", id_number=ID_NUMBER, password_hash=stored, now=now
        )
        _, seed = accounts.make_staff_account(
            session,
            keyring,
            sign_in_name="gao.minglan",
            name="高明岚",
            role="officer",
            unit_id="uni_1",
            badge_no="Z00147",
            password_hash=stored,
            now=now,
        )
    return seed


@pytest.fixture
def enter(database, keyring, passwords, now):
    def enter(name, password=PASSWORD, code="", when=now):
        with database.reading() as session:
            return authenticate(
                session, keyring, passwords, name=name, password=password, code=code, now=when
            )

    return enter


def code_at(seed, when):
    return pyotp.TOTP(base64.b32encode(seed).decode()).at(when)


@pytest.mark.usefixtures("people")
def test_a_party_signs_in_with_the_id_number_and_a_password(enter):
    found = enter("110105 19491231 002x")
    assert (found.role, found.display_name, found.step) == ("party", "林宁", None)
    assert found.actor.startswith("per_")


def test_staff_sign_in_with_a_code_as_well(people, enter, now):
    found = enter("gao.minglan", code=code_at(people, now))
    assert (found.role, found.unit, found.step) == ("officer", "uni_1", int(now.timestamp()) // 30)


@pytest.mark.parametrize("code", ["", "000000", "１２３４５６", "12345", "x" * 1000])
def test_staff_without_the_right_code_do_not_sign_in(people, enter, now, code):
    if code == code_at(people, now):  # one in a million
        code = "000001"
    with pytest.raises(NotSignedIn):
        enter("gao.minglan", code=code)


def test_everything_wrong_is_one_answer(people, enter, database, now):
    answers = set()
    wrong = [
        {"name": "nobody", "code": code_at(people, now)},
        {"name": "330899199001012417"},
        {"name": ""},
        {"name": "\ud800"},
        {"name": ID_NUMBER, "password": PASSWORD + "x"},
        {"name": ID_NUMBER, "password": ""},
        {"name": ID_NUMBER, "password": "x" * 100_000},
        {"name": "gao.minglan", "password": "wrong", "code": code_at(people, now)},
        {"name": "gao.minglan", "code": "000000"},
    ]
    for attempt in wrong:
        with pytest.raises(NotSignedIn) as refused:
            enter(**attempt)
        answers.add((str(refused.value), refused.value.__cause__))
    with database.writing() as session:
        session.execute(update(Account).values(active=False))
    for name in (ID_NUMBER, "gao.minglan"):
        with pytest.raises(NotSignedIn) as refused:
            enter(name, code=code_at(people, now))
        answers.add((str(refused.value), refused.value.__cause__))
    assert len(answers) == 1


@pytest.mark.usefixtures("people")
def test_everything_wrong_costs_one_verification_and_the_same_statements(
    database, keyring, passwords, now
):
    verified, statements = [], []
    hasher = passwords._hasher

    class Counting:
        """Stands before the real hasher."""

        def verify(self, stored, typed):
            verified.append(stored)
            return hasher.verify(stored, typed)

    event.listen(
        database.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )
    passwords._hasher = Counting()
    seen = []
    try:
        for name, password in [
            ("nobody", PASSWORD),
            (ID_NUMBER, "wrong"),
            ("gao.minglan", PASSWORD),
            ("gao.minglan", "wrong"),
        ]:
            verified.clear()
            statements.clear()
            with database.reading() as session, pytest.raises(NotSignedIn):
                authenticate(session, keyring, passwords, name=name, password=password, now=now)
            seen.append((len(verified), tuple(statements)))
    finally:
        passwords._hasher = hasher
    assert len(set(seen)) == 1
    assert seen[0][0] == 1


def test_a_staff_account_without_a_seed_cannot_sign_in(people, enter, database, now):
    with database.writing() as session:
        session.execute(update(Account).values(otp_seed_sealed=None))
    for code in ("", code_at(bytes(20), now), code_at(people, now)):
        with pytest.raises(NotSignedIn):
            enter("gao.minglan", code=code)


def test_a_seed_put_into_another_row_is_an_alarm(people, enter, database, now):
    with database.writing() as session:
        session.execute(
            update(Account).where(Account.role == "officer").values(otp_seed_sealed=b"\0" * 52)
        )
    with pytest.raises(Altered):
        enter("gao.minglan", code=code_at(people, now))
    with pytest.raises(NotSignedIn):
        enter("gao.minglan", password="wrong", code=code_at(people, now))


def test_a_used_code_does_not_work_again_within_its_window(people, enter, database, now):
    found = enter("gao.minglan", code=code_at(people, now))
    with database.writing() as session:
        use_step(session, found.account_id, found.step)
    for later in (0, 1, 29, 45):
        with pytest.raises(NotSignedIn):
            enter("gao.minglan", code=code_at(people, now), when=now + timedelta(seconds=later))
    following = now + timedelta(seconds=30)
    assert enter("gao.minglan", code=code_at(people, following), when=following).step > found.step


def test_of_sixteen_who_use_one_code_at_once_exactly_one_gets_in(people, enter, database, now):
    found = enter("gao.minglan", code=code_at(people, now))

    def use(_):
        try:
            with database.writing() as session:
                use_step(session, found.account_id, found.step)
        except NotSignedIn:
            return 0
        return 1

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(use, range(16))) == 1


@pytest.mark.usefixtures("people")
def test_a_party_has_no_step_to_use_up(enter, database):
    found = enter(ID_NUMBER)
    assert found.step is None
    for _ in range(2):  # a step would be used up by the first
        with database.writing() as session:
            use_step(session, found.account_id, found.step)


@pytest.mark.usefixtures("people")
def test_what_is_handed_on_does_not_print_the_name(enter):
    assert "林宁" not in repr(enter(ID_NUMBER))
