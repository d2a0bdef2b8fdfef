"""Which terms run in a case, since when, and on which last day: the clocks of Order 146.

Pure: history in, clocks out. All days are legal days in Asia/Shanghai (PEER-FAULTS 51).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from policies.errors import DayUnknown
from policies.settlement import settled_on
from policies.terms import Count, Each, Event, Happening, Term, Whose, packaged_terms
from policies.work_calendar import WorkCalendar

SUSPENSION_AT_MOST = timedelta(days=60)  # art. 68(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A term that runs: from which day, to which last day, for which party and paper.

    `last_day` is None where a day on the way lies in `unknown_year`, for which no calendar was
    published: it is said, not guessed. `may_change`: the next year's notice may still move it.
    """

    term: Term
    started_on: date | None
    last_day: date | None
    unknown_year: int | None = None
    may_change: bool = False
    party: str = ""
    paper: str = ""

    def overdue(self, today: date) -> bool:
        """Say whether the last day is past; unknown is not overdue."""
        return self.last_day is not None and today > self.last_day


def running(
    history: Sequence[Event],
    parties: Sequence[str],
    calendar: WorkCalendar,
    today: date,
    terms: Sequence[Term] | None = None,
) -> tuple[Clock, ...]:
    """Give every clock that was started by `today` and not stopped, in the order of the table.

    A party's own term that is over is not among them: the right has lapsed. A duty of the
    police that is over is: it stays a duty, and is overdue.
    """
    past = _restarted([event for event in history if event.on <= today])
    past += _resumed_by_itself(past, today)
    happened = {event.happening for event in past}
    clocks = (
        clock
        for term in (packaged_terms() if terms is None else terms)
        if not term.ended_by & happened and term.needs <= happened
        for clock in _clocks_of(term, past, parties, calendar, today)
    )
    return tuple(c for c in clocks if not (c.term.whose is Whose.PARTY and c.overdue(today)))


def shown_to(clocks: Iterable[Clock], standing: str) -> tuple[Clock, ...]:
    """Give the clocks that a party may see: its own, and those of the case that concern all."""
    return tuple(
        clock for clock in clocks if clock.term.shown_to_parties and clock.party in ("", standing)
    )


def last_day(term: Term, start: date, calendar: WorkCalendar) -> date:
    """Give the last day of a term that is counted from `start`.

    Raises:
        DayUnknown: it reaches a year without a calendar.
    """
    match term.count:
        case Count.WORKING:
            return calendar.after_working_days(start, term.days)
        case Count.BEFORE:
            return calendar.after_working_days(start, -term.days)
        case Count.CALENDAR:
            return calendar.after_calendar_days(start, term.days)


def _clocks_of(
    term: Term,
    past: Sequence[Event],
    parties: Sequence[str],
    calendar: WorkCalendar,
    today: date,
) -> Iterator[Clock]:
    try:
        starts = list(_starts(term, past, parties, calendar, today))
    except DayUnknown as unknown:
        yield Clock(term=term, started_on=None, last_day=None, unknown_year=unknown.year)
        return
    for start in starts:
        if not any(_stops(term, event, start) for event in past):
            yield _clock(term, start, calendar)


def _clock(term: Term, start: Event, calendar: WorkCalendar) -> Clock:
    clock = Clock(
        term=term, started_on=start.on, last_day=None, party=start.party, paper=start.paper
    )
    if term.agreed and start.until is not None:
        return replace(clock, last_day=start.until)
    try:
        counted_from = (start.until or start.on) if term.count is Count.BEFORE else start.on
        day = last_day(term, counted_from, calendar)
    except DayUnknown as unknown:
        return replace(clock, unknown_year=unknown.year)
    return replace(clock, last_day=day, may_change=calendar.may_change(day))


def _starts(
    term: Term,
    past: Sequence[Event],
    parties: Sequence[str],
    calendar: WorkCalendar,
    today: date,
) -> Iterator[Event]:
    """Give the start of each of the term's clocks: the last one, where it started again."""
    latest: dict[tuple[str, str], Event] = {}
    for event in _with_settlement(term, past, parties, calendar, today):
        if event.happening is term.starts:
            for start in _for_each(term, event, parties):
                key = (start.party, start.paper)
                if key not in latest or latest[key].on <= start.on:
                    latest[key] = start
    yield from latest.values()


def _for_each(term: Term, event: Event, parties: Sequence[str]) -> list[Event]:
    paper = event.paper if term.each in (Each.PAPER, Each.PAPER_AND_PARTY) else ""
    if term.each not in (Each.PARTY, Each.PAPER_AND_PARTY):
        return [replace(event, party="", paper=paper)]
    whom = [event.party] if event.party else parties
    return [replace(event, party=party, paper=paper) for party in whom]


def _stops(term: Term, event: Event, start: Event) -> bool:
    return (
        event.happening in term.stops
        and event.on >= start.on
        and (not start.paper or event.paper in ("", start.paper))
        and (not start.party or event.party in ("", start.party))
    )


def _with_settlement(
    term: Term,
    past: Sequence[Event],
    parties: Sequence[str],
    calendar: WorkCalendar,
    today: date,
) -> Sequence[Event]:
    """Add the day on which all reports were settled, for the terms that start there."""
    if term.starts not in (Happening.REPORTS_SETTLED, Happening.REDO_REPORTS_SETTLED):
        return past
    reports: Sequence[Event] = past
    if term.starts is Happening.REDO_REPORTS_SETTLED:
        orders = [event.on for event in past if event.happening is Happening.REDO_ORDERED]
        reports = [event for event in past if orders and event.on >= max(orders)]
    day = settled_on(reports, parties, calendar)
    return [*past, Event(term.starts, day)] if day is not None and day <= today else past


def _restarted(past: list[Event]) -> list[Event]:
    """Art. 11(2): when a case moves to another unit, its terms count from its receipt there."""
    received = [event.on for event in past if event.happening is Happening.CASE_RECEIVED]
    if not received:
        return past
    scene = Happening.SCENE_INVESTIGATED
    kept = [event for event in past if event.happening is not scene or event.on > max(received)]
    return [Event(scene, max(received)), *kept]


def _resumed_by_itself(past: Sequence[Event], today: date) -> list[Event]:
    """Art. 68(2): the five days also start when the longest suspension is over."""
    suspended = [event.on for event in past if event.happening is Happening.SUSPENDED]
    if not suspended:
        return []
    over = max(suspended) + SUSPENSION_AT_MOST
    resumed = any(e.happening is Happening.RESUMED and e.on >= max(suspended) for e in past)
    return [] if resumed or today <= over else [Event(Happening.RESUMED, over)]
