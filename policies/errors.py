"""Errors of the policies, drawn as one tree. A refusal is not an error: it is a `Decision`.

PolicyError
├── PoliciesBroken      the set is not complete and sound: no start; names every fault
├── FactsIncomplete     a question without all its facts; the engine turns it into a refusal
├── CalendarFaulty      the override file of the calendar cannot be read: no start
└── DayUnknown          no calendar was published for a day's year: no last day is computed
"""

from collections.abc import Sequence


class PolicyError(Exception):
    """The base of all errors that policies raise on purpose."""


class PoliciesBroken(PolicyError):
    """The policies cannot be relied on. `faults` names all that was found, for the operator."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class FactsIncomplete(PolicyError):
    """A fact is missing, empty, too long, or not in the vocabulary. Never carries its value."""


class CalendarFaulty(PolicyError):
    """The calendar's override file cannot be read, or contradicts itself."""


class DayUnknown(PolicyError):
    """No calendar was published for this year."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"no calendar of working days is known for {year}")
