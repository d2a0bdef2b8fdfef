"""Days on real calendars: holidays, make-up working days, and years nobody has published."""

from datetime import date

import pytest

from policies.errors import CalendarFaulty, DayUnknown
from policies.work_calendar import WorkCalendar, read_calendar

CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2024, 2, 7), 3, date(2024, 2, 18)),  # over Spring Festival to a working Sunday
        (date(2025, 9, 26), 10, date(2025, 10, 16)),  # two make-up days and National Day
        (date(2018, 12, 27), 3, date(2019, 1, 2)),  # 29 worked, 31 free: a late notice
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a working Saturday
        (date(2026, 11, 20), 3, date(2026, 11, 25)),  # a plain weekend
    ],
)
def test_working_days_leave_out_the_first_day_and_every_free_day(start, days, last):
    assert CALENDAR.after_working_days(start, days) == last


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2025, 9, 3), 30, date(2025, 10, 9)),  # the last day is a holiday
        (date(2025, 9, 11), 30, date(2025, 10, 11)),  # a working Saturday stays
        (date(2026, 10, 1), 30, date(2026, 11, 2)),  # a Saturday rolls to Monday
        (date(2026, 9, 1), 30, date(2026, 10, 8)),  # 1 October rolls over the week
    ],
)
def test_calendar_days_roll_off_free_days_only(start, days, last):
    assert CALENDAR.after_calendar_days(start, days) == last


def test_days_can_be_counted_back_from_a_day():
    assert CALENDAR.after_working_days(date(2025, 10, 9), -3) == date(2025, 9, 28)


def test_the_days_left_are_working_days():
    between = CALENDAR.working_days_between
    assert between(date(2025, 9, 30), date(2025, 10, 11)) == 3
    assert between(date(2025, 10, 11), date(2025, 10, 11)) == 0
    assert between(date(2025, 10, 11), date(2025, 10, 1)) == 0


def test_a_term_into_a_year_without_a_calendar_is_not_guessed():
    with pytest.raises(DayUnknown) as unknown:
        CALENDAR.after_working_days(date(2026, 12, 30), 3)
    assert unknown.value.year == 2027
    with pytest.raises(DayUnknown):
        CALENDAR.after_calendar_days(date(2026, 12, 20), 30)
    assert CALENDAR.knows(2026)
    assert not CALENDAR.knows(2027)


def test_the_last_days_of_december_may_still_change():
    assert CALENDAR.may_change(date(2026, 12, 29))
    assert not CALENDAR.may_change(date(2026, 12, 28))
    assert not CALENDAR.may_change(date(2018, 12, 31))  # the notice came


def written(folder, text):
    path = folder / "calendar.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_override_file_adds_a_year_and_turns_days_around(tmp_path):
    told = '{"years": [2027], "free": ["2027-01-01"], "working": ["2027-01-02"]}'
    calendar = read_calendar(written(tmp_path, told))
    assert calendar.after_working_days(date(2026, 12, 30), 3) == date(2027, 1, 4)
    assert not calendar.may_change(date(2026, 12, 29))
    assert read_calendar(None) == WorkCalendar()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"free": ["2027-02-30"]}',
        '{"free": 3}',
        '{"years": ["next"]}',
        '{"holidays": []}',
        '{"free": ["2027-01-01"], "working": ["2027-01-01"]}',
    ],
)
def test_a_faulty_override_file_is_named(tmp_path, text):
    with pytest.raises(CalendarFaulty, match=r"calendar\.json"):
        read_calendar(written(tmp_path, text))


def test_a_missing_override_file_is_named(tmp_path):
    with pytest.raises(CalendarFaulty):
        read_calendar(tmp_path / "none.json")
