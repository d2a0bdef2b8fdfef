"""Sessions: stored hashed, read at every request, ended by time, sign-out and block."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from evidence_service.errors import NotSignedIn
from evidence_service.identity import accounts, sessions
from evidence_service.identity.models import Account, SignIn

MINUTE = timedelta(minutes=1)
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def party(database, keyring, now):
    with database.writing() as session:
        return accounts.make_party_account(
            session, keyring, name="林宁", id_number=ID_NUMBER, password_hash="h", now=now
        ).id


@pytest.fixture
def officer(database, keyring, now):
    with database.writing() as session:
        account, _ = accounts.make_staff_account(
            session,
            keyring,
            sign_in_name="gao.minglan",
            name="高明岚",
            role="officer",
            unit_id="uni_1",
            badge_no="Z00147",
            password_hash="h",
            now=now,
        )
        return account.id


@pytest.fixture
def opened(database, now):
    def opened(account_id):
        with database.writing() as session:
            return sessions.open_session(session, account_id, now)

    return opened


@pytest.fixture
def who(database):
    def who(sid, when):
        with database.reading() as session:
            return sessions.person_of(session, sid, when)

    return who


@pytest.fixture
def touch(database):
    def touch(sid, when):
        with database.writing() as session:
            sessions.touch(session, sessions.reference_of(sid), when)

    return touch


def test_a_session_gives_its_person(officer, opened, who, now):
    person = who(opened(officer), now)
    assert person.account_id == officer
    assert (person.role, person.unit, person.badge_no) == ("officer", "uni_1", "Z00147")
    assert (person.display_name, person.id_number) == ("高明岚", "")
    assert person.session_opened_at == now
    assert person.actor.startswith("per_")


def test_a_partys_session_gives_the_id_number_for_the_mark(party, opened, who, now):
    assert who(opened(party), now).id_number == ID_NUMBER


def test_a_session_is_found_by_the_name_that_tokens_carry(party, opened, database, now):
    reference = sessions.reference_of(opened(party))
    with database.reading() as session:
        assert sessions.person_of_reference(session, reference, now).account_id == party


def test_the_name_that_tokens_carry_is_no_session_id(party, opened, who, now):
    with pytest.raises(NotSignedIn):
        who(sessions.reference_of(opened(party)), now)


def test_session_ids_have_256_bits_and_are_stored_hashed(party, opened, database):
    sids = {opened(party) for _ in range(20)}
    assert len(sids) == 20
    assert {len(sid) for sid in sids} == {43}
    with database.reading() as session:
        stored = str(session.execute(text("SELECT * FROM sign_ins")).all())
    assert not any(sid in stored for sid in sids)


@pytest.mark.parametrize(
    "sid", ["", "x", "A" * 43, "A" * 43 + "\n", "é" * 43, "\ud800" * 43, "' OR 1"]
)
def test_other_ids_are_nobody(party, opened, who, now, sid):
    opened(party)
    with pytest.raises(NotSignedIn):
        who(sid, now)


def test_staff_are_signed_out_after_15_idle_minutes(officer, opened, who, now):
    sid = opened(officer)
    assert who(sid, now + 15 * MINUTE - timedelta(microseconds=1))
    with pytest.raises(NotSignedIn):
        who(sid, now + 15 * MINUTE)


def test_parties_are_signed_out_after_30_idle_minutes(party, opened, who, now):
    sid = opened(party)
    assert who(sid, now + 30 * MINUTE - timedelta(microseconds=1))
    with pytest.raises(NotSignedIn):
        who(sid, now + 30 * MINUTE)


def test_a_session_in_use_lasts_twelve_hours_and_no_longer(officer, opened, who, touch, now):
    sid = opened(officer)
    for minutes in range(10, 12 * 60, 10):
        when = now + minutes * MINUTE
        assert who(sid, when).touch_due
        touch(sid, when)
    assert who(sid, now + timedelta(hours=12) - timedelta(microseconds=1))
    with pytest.raises(NotSignedIn):
        who(sid, now + timedelta(hours=12))


def test_a_touch_is_due_once_a_minute(party, opened, who, touch, now):
    sid = opened(party)
    assert not who(sid, now + timedelta(seconds=59)).touch_due
    assert who(sid, now + MINUTE).touch_due
    touch(sid, now + MINUTE)
    assert not who(sid, now + MINUTE + timedelta(seconds=59)).touch_due


def test_a_touch_too_early_or_backwards_changes_nothing(party, opened, touch, database, now):
    sid = opened(party)
    touch(sid, now + timedelta(seconds=30))
    touch(sid, now - timedelta(days=1))
    with database.reading() as session:
        assert session.scalar(select(SignIn.last_seen_at)) == now


def test_signing_out_ends_the_session_at_once_and_not_the_others(party, opened, who, database, now):
    sid, other = opened(party), opened(party)
    with database.writing() as session:
        sessions.end_session(session, sessions.reference_of(sid), now + MINUTE)
    with pytest.raises(NotSignedIn):
        who(sid, now + MINUTE)
    assert who(other, now + MINUTE)


def test_a_touch_does_not_bring_an_ended_session_back(party, opened, touch, database, now):
    sid = opened(party)
    with database.writing() as session:
        sessions.end_session(session, sessions.reference_of(sid), now + MINUTE)
    touch(sid, now + 5 * MINUTE)
    with database.reading() as session:
        row = session.scalar(select(SignIn))
        assert (row.ended_at, row.last_seen_at) == (now + MINUTE, now)


def test_signing_out_twice_keeps_the_first_time(party, opened, database, now):
    reference = sessions.reference_of(opened(party))
    with database.writing() as session:
        sessions.end_session(session, reference, now + MINUTE)
        sessions.end_session(session, reference, now + 2 * MINUTE)
    with database.reading() as session:
        assert session.scalar(select(SignIn.ended_at)) == now + MINUTE


def test_a_blocked_account_is_out_at_the_next_request(party, opened, who, database, now):
    sid = opened(party)
    with database.writing() as session:
        session.execute(update(Account).values(active=False))
    with pytest.raises(NotSignedIn):
        who(sid, now)


def test_a_blocked_or_missing_account_opens_no_session(party, database, now):
    with database.writing() as session:
        session.execute(update(Account).values(active=False))
        for account_id in (party, party + 1):
            with pytest.raises(NotSignedIn):
                sessions.open_session(session, account_id, now)


def test_a_changed_role_bites_at_the_next_request(party, opened, who, database, now):
    sid = opened(party)
    with database.writing() as session:
        session.execute(update(Account).values(role="supervisor"))
    assert who(sid, now).role == "supervisor"
    with pytest.raises(NotSignedIn):  # and with it the shorter idle time
        who(sid, now + 20 * MINUTE)


def test_a_person_prints_without_name_and_number(party, opened, who, now):
    sid = opened(party)
    seen = repr(who(sid, now))
    for secret in ("林宁", ID_NUMBER, sid, sessions.reference_of(sid)):
        assert secret not in seen
