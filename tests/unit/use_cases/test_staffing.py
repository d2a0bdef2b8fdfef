"""Accounts of staff are made at the machine, and each one is an entry."""

import pytest
from sqlalchemy import select

from evidence_service.audit import reader
from evidence_service.audit.entry import decode
from evidence_service.cli.init import make
from evidence_service.cli.opening import opened_office
from evidence_service.errors import AlreadyThere, FieldWrong, NotFound
from evidence_service.identity.models import Account
from evidence_service.identity.sign_in import authenticate, use_step
from evidence_service.settings import Mode
from evidence_service.use_cases.staffing import (
    DEMONSTRATION_PASSWORD,
    NewStaff,
    NewUnit,
    add_staff,
    add_unit,
    code_now,
)

UNIT = NewUnit(name="望亭大队", place="望亭路88号", phone="1", complaints_phone="2", hours="")
PASSWORD = "a river under the old bridge 9"


def staff(**more):
    values = {
        "sign_in_name": "mou.ren",
        "name": "某人",
        "role": "officer",
        "badge_no": "Z1",
        "password": PASSWORD,
    }
    return NewStaff(**values | more)


@pytest.fixture
def office(tmp_path):
    settings = make(tmp_path / "data", "city.example/log/1", Mode.PRODUCTION)
    with opened_office(settings) as opened:
        yield opened


@pytest.fixture
def demo_office(tmp_path):
    settings = make(tmp_path / "demo", "city.example/log/2", Mode.DEMO)
    with opened_office(settings) as opened:
        yield opened


def entry(office, index):
    with office.database.reading() as session:
        return decode(reader.entry_at(session, index).body).fields


def accounts_in(office):
    with office.database.reading() as session:
        return len(session.execute(select(Account)).all())


def test_an_account_and_its_entry_are_one(office):
    unit = add_unit(office, UNIT)
    made = add_staff(office, staff(unit_id=unit.id))
    fields = entry(office, made.entry)
    assert (fields["act"], fields["role"]) == ("operator:account:make", "operator")
    assert (fields["object"], fields["answer"]) == (unit.id, "officer")
    with office.database.reading() as session:
        account = session.execute(select(Account)).scalar_one()
    assert account.per_id == fields["second"]
    assert made.otpauth.startswith("otpauth://totp/")


def test_the_entry_holds_no_name(office):
    made = add_staff(office, staff())
    with office.database.reading() as session:
        body = reader.entry_at(session, made.entry).body
    assert "某人".encode() not in body
    assert b"mou" not in body


def test_a_name_is_given_once_and_a_second_try_leaves_no_entry(office):
    add_staff(office, staff())
    with office.database.reading() as session:
        before = reader.head_size(session)
    with pytest.raises(AlreadyThere):
        add_staff(office, staff(sign_in_name="MOU.REN"))
    with office.database.reading() as session:
        assert reader.head_size(session) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": DEMONSTRATION_PASSWORD},
        {"password": "too short"},
        {"role": "party"},
        {"role": "emperor"},
        {"unit_id": "unit_" + 32 * "0"},
        {"sign_in_name": "ab"},
    ],
)
def test_what_cannot_be_an_account_is_refused(office, wrong):
    with pytest.raises(FieldWrong):
        add_staff(office, staff(**wrong))
    assert accounts_in(office) == 0


def test_production_gives_no_codes(office):
    add_staff(office, staff())
    with pytest.raises(FieldWrong):
        code_now(office, "mou.ren")


def test_a_code_of_a_demonstration_signs_in_and_the_next_one_is_another(demo_office):
    given = code_now(demo_office, "gao.minglan")
    with demo_office.database.writing() as session:
        known = authenticate(
            session,
            demo_office.keyring,
            demo_office.passwords,
            name="gao.minglan",
            password=DEMONSTRATION_PASSWORD,
            code=given.code,
            now=max(demo_office.clock(), given.valid_from),
        )
        use_step(session, known.account_id, known.step)
    following = code_now(demo_office, "gao.minglan")
    assert following.valid_from >= given.valid_from
    assert following.valid_from > given.valid_from
    assert following.valid_until > following.valid_from


def test_nobody_has_no_code(demo_office):
    with pytest.raises(NotFound):
        code_now(demo_office, "nobody.here")


def test_the_people_of_the_demonstration_can_be_made_again(demo_office):
    from evidence_service.demo.people import add_people

    before = accounts_in(demo_office)
    add_people(demo_office)
    assert accounts_in(demo_office) == before == 5
