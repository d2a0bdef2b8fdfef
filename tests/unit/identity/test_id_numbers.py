"""Numbers have one form, plain digits where a rule says so, and a check digit that counts."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_service.demo.cast import id_number
from evidence_service.errors import FieldWrong
from evidence_service.identity.id_numbers import (
    is_resident_number,
    normalise_number,
    read_id_number,
    read_sign_in_name,
)

VALID = "11010519491231002X"  # the example of GB 11643


@pytest.mark.parametrize(
    "typed",
    [
        VALID,
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "110105\u201319491231\u2212002X\u3000",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231002X\ufeff",
        "110105\t19491231002X\n",
    ],
)
def test_one_number_has_one_form_however_it_is_typed(typed):
    assert read_id_number(typed) == VALID


@settings(deadline=None)
@given(st.dates(min_value=date(1900, 1, 1)), st.integers(0, 999))
def test_every_made_number_passes_and_every_single_wrong_digit_is_found(born, order):
    number = id_number(born, order)
    assert read_id_number(number) == number
    for place in range(17):
        other = str((int(number[place]) + 1) % 10)
        with pytest.raises(FieldWrong, match="id_number: check_digit"):
            read_id_number(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize(
    "paper", ["E12345678", "军字第2001988号", "330899900101241", "H12345678(9)", "1", "A" * 40]
)
def test_other_papers_are_taken_as_given(paper):
    assert read_id_number(paper) == paper


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "missing"),
        (" - ", "missing"),
        ("A" * 41, "too_long"),
        ("A" * 100_000, "too_long"),
        (VALID + " " * 300, "too_long"),
        ("E1234\x005678", "characters"),
        ("E1234\u202e5678", "characters"),
        ("E1234\ud8005678", "characters"),
        ("110105194912310021", "check_digit"),
    ],
)
def test_what_is_no_number_of_a_paper_is_refused(typed, problem):
    with pytest.raises(FieldWrong) as refused:
        read_id_number(typed)
    assert (refused.value.field, refused.value.problem) == ("id_number", problem)


def test_digits_of_other_scripts_are_not_digits_of_an_id_card():
    assert not is_resident_number(normalise_number("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    once = normalise_number(text)
    assert not any(blank in once for blank in " -\t\n")
    if once.isascii():
        assert normalise_number(once) == once


@pytest.mark.parametrize("name", ["gao.minglan", "GAO.MINGLAN", " gao.minglan ", "ｇａｏ.minglan"])
def test_names_of_staff_have_one_form(name):
    assert read_sign_in_name(name) == "GAO.MINGLAN"


@pytest.mark.parametrize(
    "name", ["", "ab", "1gao", "高明岚", "gao@x", "a" * 41, "gao\x00", "330899"]
)
def test_other_names_of_staff_are_refused(name):
    with pytest.raises(FieldWrong, match="sign_in_name: characters"):
        read_sign_in_name(name)
