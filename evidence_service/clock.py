"""The only reader of the wall clock. Everybody else gets `now` as an argument or a `Clock`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

Clock = Callable[[], datetime]

# Legal days are counted where the Orders are in force (PEER-FAULTS 51). China has no summer time.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def system_clock() -> datetime:
    """Give the present instant, UTC, with microseconds."""
    return datetime.now(UTC)


def china_date(instant: datetime) -> date:
    """Give the calendar day in China at an instant that has a zone."""
    return instant.astimezone(CHINA).date()


def rfc3339(instant: datetime) -> str:
    """Write an instant as the log and the API do: `2026-03-02T08:15:30.000001Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
