"""When the reports of a case are settled (检验报告、鉴定意见确定): Order 146, art. 112(3).

A report is settled on the third working day after its copy reached the last party, if none of
them applied for a new appraisal (readings 15, 59, 60), or on the day the new report is issued.
The Order does not speak of an application that was refused: then both the window and the
refusal must be over (ours).
"""

from collections.abc import Sequence
from datetime import date

from policies.terms import Event, Happening
from policies.work_calendar import WorkCalendar

WINDOW_DAYS = 3  # art. 56(1), working days


def settled_on(
    past: Sequence[Event], parties: Sequence[str], calendar: WorkCalendar
) -> date | None:
    """Give the day on which the last report was settled; None while one is not, or none is there.

    Raises:
        DayUnknown: the way there reaches a year without a calendar.
    """
    rejected = _papers(past, Happening.REPORT_REJECTED)
    reports = _papers(past, Happening.REPORT_RECEIVED) - rejected
    awaited = _papers(past, Happening.APPRAISAL_COMMISSIONED) - rejected - reports
    if awaited or not reports:
        return None
    days = [_report_settled_on(past, paper, parties, calendar) for paper in sorted(reports)]
    return None if None in days else max(day for day in days if day is not None)


def _report_settled_on(
    past: Sequence[Event], paper: str, parties: Sequence[str], calendar: WorkCalendar
) -> date | None:
    mine = [event for event in past if event.paper == paper]
    if issued := _days(mine, Happening.REAPPRAISAL_ISSUED):
        return max(issued)
    served = {e.party: e.on for e in mine if e.happening is Happening.REPORT_SERVED}
    if not served or set(parties) - served.keys():
        return None
    over = calendar.after_working_days(max(served.values()), WINDOW_DAYS)
    if not _days(mine, Happening.REAPPRAISAL_APPLIED):
        return over
    refused = _days(mine, Happening.REAPPRAISAL_REFUSED)
    approved = _days(mine, Happening.REAPPRAISAL_APPROVED)
    return max(over, *refused) if refused and not approved else None


def _papers(past: Sequence[Event], happening: Happening) -> set[str]:
    return {event.paper for event in past if event.happening is happening}


def _days(past: Sequence[Event], happening: Happening) -> list[date]:
    return [event.on for event in past if event.happening is happening]
