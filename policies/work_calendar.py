"""Which days are working days in China, and how terms count over them.

Order 146, art. 112(5): terms of 1, 2, 3, 5 and 10 days are working days. ACP art. 35: the first
day is not counted, and a last day that is free rolls on; reading 15: free are holidays and
weekends, but not the Saturdays and Sundays on which people make up for a holiday.

The days come from `chinesecalendar`, year by year as the State Council publishes them, and from
an override file for what was published since. A day of a year that neither knows is unknown: it
is said, never guessed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from policies.errors import CalendarFaulty, DayUnknown

ONE_DAY = timedelta(days=1)
LATE_DECEMBER = 29  # a next year's notice changed 29 and 31 December 2018 (reading 15)


@dataclass(frozen=True)
class WorkCalendar:
    """Working days, with what was published since the packaged calendar.

    Args:
        overrides: days that differ from what is known, or that belong to an added year.
        added_years: years that count as known: all their days that no override names are
            working from Monday to Friday.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    added_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether people work on a day.

        Raises:
            DayUnknown: no calendar was published for its year.
        """
        if day in self.overrides:
            return self.overrides[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            if day.year in self.added_years:
                return day.isoweekday() <= 5  # noqa: PLR2004  Friday
            raise DayUnknown(day.year) from None

    def knows(self, year: int) -> bool:
        """Say whether the year's holidays are known."""
        try:
            self.is_working(date(year, 1, 1))
        except DayUnknown:
            return False
        return True

    def may_change(self, day: date) -> bool:
        """Say whether the next year's notice may still turn this day around."""
        late = (day.month, day.day) >= (12, LATE_DECEMBER)
        return late and not self.knows(day.year + 1)

    def after_working_days(self, start: date, days: int) -> date:
        """Give the last day of a term of working days; `start` itself is not counted.

        Raises:
            DayUnknown: the term reaches a year without a calendar.
        """
        day, step = start, ONE_DAY if days > 0 else -ONE_DAY
        for _ in range(abs(days)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def after_calendar_days(self, start: date, days: int) -> date:
        """Give the last day of a term of calendar days, rolled on to a working day.

        Raises:
            DayUnknown: the last day lies in a year without a calendar.
        """
        day = start + timedelta(days=days)
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_days_between(self, today: date, last: date) -> int:
        """Count the working days after `today` up to and with `last`; none when it is past.

        Raises:
            DayUnknown: the way there crosses a year without a calendar.
        """
        days = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
        return sum(self.is_working(day) for day in days)


def read_calendar(path: Path | None) -> WorkCalendar:
    """Read the override file: `{"years": [2027], "free": ["2027-01-01", …], "working": [… ]}`.

    Raises:
        CalendarFaulty: it cannot be read, or is not of this form.
    """
    if path is None:
        return WorkCalendar()
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if set(told) - {"years", "free", "working"}:
            raise CalendarFaulty(f"{path.name}: only years, free and working may stand in it")
        free = {date.fromisoformat(day): False for day in told.get("free", [])}
        working = {date.fromisoformat(day): True for day in told.get("working", [])}
        years = frozenset(int(year) for year in told.get("years", []))
    except (OSError, ValueError, TypeError, AttributeError) as fault:
        raise CalendarFaulty(f"{path.name}: {fault}") from fault
    if both := free.keys() & working.keys():
        raise CalendarFaulty(f"{path.name}: both free and working: {min(both).isoformat()}")
    return WorkCalendar(free | working, years)
