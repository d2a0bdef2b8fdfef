"""Accounts: made once per person, found however one types, telling nothing by accident."""

import pytest
from sqlalchemy import inspect, select, text

from evidence_service.db import Base
from evidence_service.errors import AlreadyThere, FieldWrong
from evidence_service.identity import accounts, one_time_codes
from evidence_service.identity.models import Account

ID_NUMBER = "11010519491231002X"


def party(session, keyring, now, **changes):
    fields = {"name": "林宁", "id_number": ID_NUMBER, "password_hash": "h", **changes}
    return accounts.make_party_account(session, keyring, now=now, **fields)


def officer(session, keyring, now, **changes):
    fields = {
        "sign_in_name": "gao.minglan",
        "name": "高明岚",
        "role": "officer",
        "unit_id": "uni_1",
        "badge_no": "Z00147",
        "password_hash": "h",
        **changes,
    }
    return accounts.make_staff_account(session, keyring, now=now, **fields)


def test_a_party_is_found_by_the_id_number_both_ways(database, keyring, now):
    with database.writing() as session:
        made = party(session, keyring, now).id
    with database.reading() as session:
        for typed in (ID_NUMBER, "110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ"):
            assert accounts.find_by_sign_in_name(session, keyring, typed).id == made
            assert accounts.find_by_id_number(session, keyring, typed).id == made
        found = session.get(Account, made)
        assert (found.role, found.display_name, found.id_number) == ("party", "林宁", ID_NUMBER)
        assert found.created_at == now


def test_staff_get_a_seed_and_no_id_number(database, keyring, now):
    with database.writing() as session:
        account, seed = officer(session, keyring, now)
        made = account.id
    with database.reading() as session:
        found = accounts.find_by_sign_in_name(session, keyring, "Gao.Minglan ")
        assert found.id == made
        assert (found.id_number, found.id_number_key) == ("", None)
        assert one_time_codes.open_seed(keyring, found.otp_seed_sealed, found.per_id) == seed


def test_nobody_is_found_by_another_name(database, keyring, now):
    with database.writing() as session:
        officer(session, keyring, now)
    with database.reading() as session:
        for typed in ("", "gao", "330899199001012417", "\ud800", "x" * 100_000):
            assert accounts.find_by_sign_in_name(session, keyring, typed) is None
            assert accounts.find_by_id_number(session, keyring, typed) is None


def test_two_of_staff_need_no_id_number(database, keyring, now):
    with database.writing() as session:
        officer(session, keyring, now)
        officer(session, keyring, now, sign_in_name="chen.jibai", badge_no="Z00152")
        assert len(session.scalars(select(Account)).all()) == 2


def test_a_second_account_with_the_same_number_is_refused(database, keyring, now):
    with database.writing() as session:
        party(session, keyring, now)
    with database.writing() as session, pytest.raises(AlreadyThere):
        party(session, keyring, now, name="林甯", id_number="110105-19491231-002x")


def test_a_second_account_is_refused_under_a_newer_pepper_too(database, keyring, now, newer_pepper):
    with database.writing() as session:
        party(session, keyring, now)
        officer(session, keyring, now)
    ring = newer_pepper(keyring)
    with database.writing() as session:
        assert accounts.find_by_sign_in_name(session, ring, ID_NUMBER) is not None
        with pytest.raises(AlreadyThere):
            party(session, ring, now)
        with pytest.raises(AlreadyThere):
            officer(session, ring, now)


def test_a_second_account_is_refused_by_the_database_when_both_came_at_once(
    database, keyring, now, monkeypatch
):
    """Neither sees the other when it looks; the unique columns see both."""
    monkeypatch.setattr(accounts, "find_by_sign_in_name", lambda *_: None)
    monkeypatch.setattr(accounts, "find_by_id_number", lambda *_: None)
    with database.writing() as session:
        party(session, keyring, now)
    with pytest.raises(AlreadyThere) as refused, database.writing() as session:
        party(session, keyring, now)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "changes", [{"id_number": "110105194912310021"}, {"id_number": ""}, {"name": "\u202e"}]
)
def test_an_account_is_not_made_of_what_is_no_person(database, keyring, now, changes):
    with database.writing() as session:
        with pytest.raises(FieldWrong):
            party(session, keyring, now, **changes)
        assert session.scalars(select(Account)).all() == []


def test_staff_cannot_be_made_a_party(database, keyring, now):
    with database.writing() as session, pytest.raises(FieldWrong, match="role: unknown"):
        officer(session, keyring, now, role="party")


def test_person_ids_are_random_and_stand_in_one_table_only(database, keyring, now):
    with database.writing() as session:
        one = party(session, keyring, now)
        two, _ = officer(session, keyring, now)
        assert one.per_id != two.per_id
        assert one.per_id.startswith("per_")
        assert len(one.per_id) == 36
    tables = [Base.metadata.tables[name] for name in ("accounts", "sign_ins", "vouchers")]
    assert [t.name for t in tables if "per_id" in t.columns] == ["accounts"]


def test_a_person_id_may_be_given_when_the_log_already_names_it(database, keyring, now):
    given = accounts.new_person_id()
    with database.writing() as session:
        assert party(session, keyring, now, per_id=given).per_id == given


def test_account_numbers_are_never_given_twice(database, keyring, now):
    with database.writing() as session:
        first = party(session, keyring, now)
        number = first.id
        session.delete(first)
        session.flush()
        assert party(session, keyring, now).id > number


def test_the_database_holds_neither_seeds_nor_a_plain_hash_of_the_number(database, keyring, now):
    with database.writing() as session:
        party(session, keyring, now)
        _, seed = officer(session, keyring, now)
    with database.reading() as session:
        rows = session.execute(text("SELECT * FROM accounts")).all()
    stored = b"|".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
    assert seed not in stored
    assert all(row.id_number_key is None or row.id_number_key.startswith("1:") for row in rows)


def test_the_keys_of_one_number_for_two_uses_differ(database, keyring, now):
    with database.writing() as session:
        account = party(session, keyring, now)
        assert account.id_number_key != account.sign_in_name_key


def test_representations_of_accounts_and_keys_say_nothing(database, keyring, now):
    with database.writing() as session:
        account = party(session, keyring, now, password_hash="$argon2id$CANARY")
        seen = f"{account!r} {account} {inspect(account)!r} {keyring!r} {keyring.pepper[1]!r}"
    for secret in (ID_NUMBER, "林宁", "CANARY", account.per_id, bytes(keyring.pepper[1]).hex()):
        assert secret not in seen
    assert repr(bytes(keyring.pepper[1])) not in seen
