"""Names are taken in any script, compared with all dots alike, and masked as the wording says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_service.errors import FieldWrong
from evidence_service.identity.names import (
    comparable_name,
    is_same_name,
    mask_id_number,
    mask_name,
    read_name,
)

HAN = "林宁周淑欧阳明静远䶮㛃𬖋𤆵"


@pytest.mark.parametrize(
    "name",
    [
        "林宁",
        "阿依古丽·买买提",
        "阿依古丽•买买提",
        "䶮㛃",
        "𬖋𤆵",
        "\U00031350明",
        "\ue82f明",
        "葛󠄀城",
        "John M. O'Neil-Smith",
        "سارا می‌خواهم",
        "བསྟན་འཛིན",
        "ᠪᠠᠶᠠᠷ",
        "Nguyễn Thị Ánh",
        "김민준",
        "王" * 100,
    ],
)
def test_names_of_any_script_are_taken_as_written(name):
    assert read_name(f" {name}\u3000") == name


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "missing"),
        (" \u3000 ", "missing"),
        ("··", "missing"),
        ("\u200d", "missing"),
        ("王" * 101, "too_long"),
        ("王" * 100_000, "too_long"),
        ("林\n宁", "characters"),
        ("林\x00宁", "characters"),
        ("林\u202e宁", "characters"),
        ("林\u2066宁", "characters"),
        ("林\u200f宁", "characters"),
        ("林\ud800宁", "characters"),
        ("林\u2028宁", "characters"),
        ("林\ufeff宁", "characters"),
        ("林\x85宁", "characters"),
    ],
)
def test_what_can_hide_or_turn_text_is_refused(name, problem):
    with pytest.raises(FieldWrong) as refused:
        read_name(name)
    assert (refused.value.field, refused.value.problem) == ("name", problem)


def test_names_are_never_folded_by_compatibility():
    assert read_name("㈱ﬁ①") == "㈱ﬁ①"
    assert not is_same_name("①", "1")


@pytest.mark.parametrize("dot", "·•・‧･⋅∙⸱．.")
def test_all_middle_dots_are_equal_when_compared(dot):
    assert is_same_name(f"阿依古丽{dot}买买提", "阿依古丽·买买提")


def test_blanks_and_case_do_not_make_another_person():
    assert is_same_name(" 林 宁\u3000", "林宁")
    assert is_same_name("John Smith", "JOHN  SMITH")
    assert is_same_name("Nguye\u0302\u0303n", "Nguy\u1ec5n")


def test_other_characters_make_another_person():
    assert not is_same_name("林宁", "林甯")
    assert not is_same_name("阿依古丽买买提", "阿依古丽·买买提")


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("林宁", "林*"),
        ("周淑宁", "周*宁"),
        ("周淑宁静", "周**静"),
        ("周淑明远宁", "周**宁"),
        ("欧阳宁", "欧阳*"),
        ("欧阳淑宁", "欧阳*宁"),
        ("欧阳淑明宁", "欧阳**宁"),
        ("欧阳", "欧*"),
        ("歐陽淑寧", "歐陽*寧"),
        ("林 宁", "林*"),
        ("阿依古丽·买买提", "阿**·**提"),
        ("阿依古丽•买买提", "阿**•**提"),
        ("阿依古丽·买买提·吐尔逊", "阿**·**·**逊"),
        ("阿·买", "**·**"),
        ("葛󠄀城", "葛󠄀*"),
        ("𬖋𤆵明", "𬖋*明"),
        ("JOHN M SMITH", "J*** S***"),
        ("John Smith", "J*** S***"),
        ("SMITH", "S***"),
        ("J SMITH", "*** S***"),
        ("e\u0301mile zola", "e\u0301*** z***"),
        ("김민준", "김***"),
        ("林", "*"),
        ("X", "*"),
        ("", "*"),
    ],
)
def test_names_of_others_are_masked(name, mask):
    assert mask_name(name) == mask


@settings(deadline=None)
@given(st.text(HAN, min_size=1, max_size=8))
def test_a_masked_chinese_name_shows_three_characters_at_most_and_hides_one(name):
    shown = mask_name(name).replace("*", "")
    assert len(shown) <= 3
    assert len(shown) < len(name)


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="*"), min_size=1, max_size=100))
def test_a_mask_hides_something_of_every_name_and_never_fails(name):
    mask = mask_name(name)
    assert "*" in mask
    shown, whole = comparable_name(mask.replace("*", "")), comparable_name(name)
    assert not whole.strip("·") or shown != whole


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=100))
def test_a_name_that_was_taken_is_the_same_however_often_it_is_read(name):
    try:
        taken = read_name(name)
    except FieldWrong:
        return
    assert read_name(taken) == taken
    assert is_same_name(taken, name)


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("330899199001012417", "3308**********2417"),
        ("33089919900101241x", "3308**********241X"),
        ("330899 19900101 2417", "3308**********2417"),
        ("E12345678", "E***678"),
        ("H1234567", "H***567"),
        ("123456", "***"),
        ("1", "***"),
        ("", ""),
    ],
)
def test_id_numbers_are_masked(number, mask):
    assert mask_id_number(number) == mask


@settings(deadline=None)
@given(st.text("0123456789ABCDEFGHX", max_size=40))
def test_a_masked_number_hides_three_characters_or_shows_none(number):
    shown = mask_id_number(number).replace("*", "")
    assert not shown or len(shown) <= len(number) - 3
    assert len(shown) <= 8
