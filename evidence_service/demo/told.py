"""What a story has made so far: the ids that later steps go on with."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from evidence_service.clock import CHINA, china_date, rfc3339, system_clock
from evidence_service.demo.cast import DEMO_CASE
from evidence_service.demo.teller import Teller

PARTY_PASSWORD = "paper boats downstream 63"  # noqa: S105  printed on purpose


@dataclass
class Told:
    """The story's memory."""

    teller: Teller
    case_id: str = ""
    party_a: str = ""
    party_b: str = ""
    determination_id: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    vouchers: dict[str, tuple[str, str]] = field(default_factory=dict)
    viewing_id: str = ""
    pages_sha256: dict[int, str] = field(default_factory=dict)
    copy_sha256: str = ""


@dataclass(frozen=True)
class Days:
    """When things happened. They lie in the past, whatever the clock of this machine says."""

    happened_at: datetime
    received_on: date
    made_on: date
    served_at: datetime

    @classmethod
    def until(cls, now: datetime) -> "Days":
        """Take the invented case's days, moved back together if they are not over yet."""
        served = datetime.combine(DEMO_CASE.determined_on, time(16, 40), CHINA)
        late = max(timedelta(), served + timedelta(days=1) - now)
        back = timedelta(days=late.days + 1 if late else 0)
        return cls(
            happened_at=DEMO_CASE.happened_at - back,
            received_on=DEMO_CASE.appraised_on - back,
            made_on=DEMO_CASE.determined_on - back,
            served_at=served - back,
        )


DAYS = Days.until(system_clock())


def instant(moment: datetime) -> str:
    """Write an instant as the API takes it."""
    return rfc3339(moment.astimezone(UTC))


def today() -> str:
    """Give the day in China."""
    return china_date(system_clock()).isoformat()
