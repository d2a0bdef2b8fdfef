"""Vouchers: for one person, once, for 30 days; strangers can neither use nor burn them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from evidence_service.errors import AlreadyThere, FieldWrong, NotSignedIn
from evidence_service.identity import vouchers
from evidence_service.identity.id_numbers import normalise_number
from evidence_service.identity.models import Voucher
from evidence_service.keys import Keyring, Numbered

ID_NUMBER = "11010519491231002X"
PERSON = {"name": "林宁", "id_number": ID_NUMBER}
WRONG_CODE = "222222222222"


@pytest.fixture
def issued(database, keyring, now):
    def issued(subject="par_1", when=now, **changes):
        with database.writing() as session:
            return vouchers.issue(
                session, keyring, subject=subject, now=when, **{**PERSON, **changes}
            )

    return issued


@pytest.fixture
def attempt(database, keyring, now):
    def attempt(voucher, when=now, ring=keyring, **changes):
        given = {"reference": voucher.reference, "code": voucher.code, **PERSON, **changes}
        with database.writing() as session:
            tried = vouchers.check(session, ring, now=when, **given)
        return tried.accepted()

    return attempt


@pytest.fixture
def tries(database):
    def tries():
        with database.reading() as session:
            return session.scalar(select(Voucher.wrong_tries))

    return tries


def test_a_voucher_opens_for_its_person(issued, attempt):
    voucher = issued()
    found = attempt(voucher)
    assert (found.reference, found.subject) == (voucher.reference, "par_1")
    assert (found.name, found.id_number) == ("林宁", ID_NUMBER)


@pytest.mark.parametrize(
    "spell",
    [
        str.lower,
        lambda code: "-".join(code[n : n + 4] for n in range(0, len(code), 4)),
        lambda code: f"  {code} \n",
        " ".join,
        lambda code: "".join(chr(ord(character) + 0xFEE0) for character in code),
    ],
)
def test_codes_and_references_may_be_typed_in_any_way(issued, attempt, spell):
    voucher = issued()
    assert attempt(voucher, code=spell(voucher.code), reference=spell(voucher.reference))


def test_names_with_another_dot_and_numbers_in_small_letters_match(issued, attempt):
    voucher = issued(name="阿依古丽·买买提")
    assert attempt(voucher, name="阿依古丽•买买提 ", id_number="11010519491231002x")


@pytest.mark.parametrize(
    "changes",
    [
        {"code": WRONG_CODE},
        {"code": ""},
        {"code": "\ud800"},
        {"code": "2" * 100_000},
        {"reference": "2222222222"},
        {"reference": ""},
        {"reference": "\ud800"},
        {"name": "林甯"},
        {"name": ""},
        {"id_number": "330899199001012417"},
        {"id_number": ""},
    ],
)
def test_whatever_does_not_match_is_one_answer(issued, attempt, changes):
    with pytest.raises(NotSignedIn) as refused:
        attempt(issued(), **changes)
    assert str(refused.value) == "reference, code, name and ID number do not all match"


def test_the_code_of_another_voucher_does_not_open(issued, attempt):
    one, two = issued("par_1"), issued("par_2")
    with pytest.raises(NotSignedIn):
        attempt(one, code=two.code)


def test_wrong_codes_count_with_the_right_person_and_survive_the_refusal(issued, attempt, tries):
    voucher = issued()
    for n in range(1, 4):
        with pytest.raises(NotSignedIn):
            attempt(voucher, code=WRONG_CODE)
        assert tries() == n


def test_a_stranger_cannot_burn_a_voucher(issued, attempt, tries):
    voucher = issued()
    for n in range(15):
        stranger = {"name": "周淑宁"} if n % 2 else {"id_number": "330899199001012417"}
        with pytest.raises(NotSignedIn):
            attempt(voucher, code=WRONG_CODE, **stranger)
        with pytest.raises(NotSignedIn):
            attempt(voucher, **stranger)
    assert tries() == 0
    assert attempt(voucher)


def test_nine_wrong_codes_do_not_kill_and_the_tenth_does(issued, attempt, database, now):
    voucher = issued()
    for _ in range(9):
        with pytest.raises(NotSignedIn):
            attempt(voucher, code=WRONG_CODE)
    assert attempt(voucher)
    with pytest.raises(NotSignedIn):
        attempt(voucher, code=WRONG_CODE)
    with pytest.raises(FieldWrong, match="code: stopped"):
        attempt(voucher)
    with database.writing() as session, pytest.raises(AlreadyThere):
        vouchers.use(session, voucher.reference, now)


def test_tries_that_come_at_once_are_all_counted(issued, attempt, tries):
    voucher = issued()

    def guess(_):
        with pytest.raises(NotSignedIn):
            attempt(voucher, code=WRONG_CODE)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(guess, range(16)))
    assert tries() == 16
    with pytest.raises(FieldWrong, match="stopped"):
        attempt(voucher)


def test_a_voucher_lasts_thirty_days(issued, attempt, database, now):
    voucher = issued()
    end = now + timedelta(days=30)
    assert voucher.expires_at == end
    assert attempt(voucher, when=end - timedelta(microseconds=1))
    with pytest.raises(FieldWrong, match="code: expired"):
        attempt(voucher, when=end)
    with database.writing() as session, pytest.raises(AlreadyThere):
        vouchers.use(session, voucher.reference, end)


def test_that_a_voucher_ended_is_told_only_when_all_match(issued, attempt, now):
    voucher = issued()
    for changes in ({"code": WRONG_CODE}, {"name": "周淑宁"}, {"id_number": "E1"}):
        with pytest.raises(NotSignedIn):
            attempt(voucher, when=now + timedelta(days=31), **changes)


def test_a_used_voucher_says_so_to_its_person_alone(issued, attempt, database, now):
    voucher = issued()
    with database.writing() as session:
        vouchers.use(session, voucher.reference, now)
    with pytest.raises(AlreadyThere) as refused:
        attempt(voucher)
    assert refused.value.what == "voucher"
    with pytest.raises(NotSignedIn):
        attempt(voucher, name="周淑宁")


def test_a_new_voucher_kills_the_old_one_of_the_same_subject_only(issued, attempt):
    old, others = issued("par_1"), issued("par_2")
    new = issued("par_1")
    with pytest.raises(FieldWrong, match="stopped"):
        attempt(old)
    assert attempt(new)
    assert attempt(others)


def test_a_used_voucher_is_not_killed_by_a_new_one(issued, attempt, database, now):
    old = issued()
    with database.writing() as session:
        vouchers.use(session, old.reference, now)
    issued()
    with pytest.raises(AlreadyThere):
        attempt(old)


def test_of_sixteen_who_use_one_voucher_at_once_exactly_one_wins(issued, database, now):
    voucher = issued()

    def use(_):
        try:
            with database.writing() as session:
                vouchers.use(session, voucher.reference, now)
        except AlreadyThere:
            return 0
        return 1

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(use, range(16))) == 1


def test_a_use_that_is_rolled_back_leaves_the_voucher_open(issued, attempt, database, now):
    voucher = issued()

    class Stop(Exception):
        pass

    def use_and_stop():
        with database.writing() as session:
            vouchers.use(session, voucher.reference, now)
            raise Stop

    with pytest.raises(Stop):
        use_and_stop()
    assert attempt(voucher)


def test_vouchers_of_an_older_pepper_open_until_it_goes(issued, attempt, keyring, newer_pepper):
    voucher = issued()
    both = newer_pepper(keyring)
    assert attempt(voucher, ring=both)
    peppers = Numbered({2: both.pepper[2]})
    gone = Keyring(True, keyring.log, keyring.mark, keyring.key_encryption, keyring.token, peppers)
    with pytest.raises(NotSignedIn):
        attempt(voucher, ring=gone)


def test_a_code_moved_to_another_row_does_not_open(issued, attempt, database):
    one, two = issued("par_1"), issued("par_2", name="周淑宁")
    with database.writing() as session:
        key = session.get(Voucher, one.reference).code_key
        session.execute(
            update(Voucher).where(Voucher.reference == two.reference).values(code_key=key)
        )
    with pytest.raises(NotSignedIn):
        attempt(two, code=one.code, name="周淑宁")


def test_codes_are_not_stored_and_do_not_print(issued, attempt, database):
    voucher = issued()
    with database.reading() as session:
        stored = str(session.execute(text("SELECT * FROM vouchers")).all())
        row = repr(session.scalar(select(Voucher)))
    seen = f"{stored} {row} {voucher!r}"
    assert voucher.code not in seen
    printed = repr(attempt(voucher))
    assert ID_NUMBER not in printed
    assert "林宁" not in printed


@pytest.mark.parametrize("changes", [{"name": ""}, {"id_number": "110105194912310021"}])
def test_no_voucher_is_issued_to_what_is_no_person(issued, attempt, changes):
    good = issued()
    with pytest.raises(FieldWrong):
        issued(**changes)
    assert attempt(good)


def test_the_alphabet_has_31_characters_that_nobody_mixes_up():
    assert len(set(vouchers.ALPHABET)) == 31
    assert not set("0O1IL") & set(vouchers.ALPHABET)


def test_codes_use_the_whole_alphabet_and_do_not_repeat():
    codes = [vouchers._random(12) for _ in range(2_000)]
    assert len(set(codes)) == 2_000
    assert {len(code) for code in codes} == {12}
    assert set("".join(codes)) == set(vouchers.ALPHABET)


@settings(deadline=None)
@given(
    st.text(vouchers.ALPHABET, min_size=12, max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(" -\t\u3000\u2013\n")), max_size=5),
)
def test_a_code_is_read_through_any_blanks_hyphens_and_widths(code, extras):
    typed = code.lower()
    for place, extra in extras:
        typed = typed[:place] + extra + typed[place:]
    assert normalise_number(typed) == code
    assert normalise_number("".join(chr(ord(c) + 0xFEE0) for c in code)) == code
