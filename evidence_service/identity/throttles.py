"""Throttles in the database: one statement before the check, for all processes (SEC-ID-6, -7).

GCRA (the generic cell rate algorithm): a bucket is one instant, until which it is spoken for. A
try moves that instant on by one interval, unless it would then lie more than the burst ahead.
Read and write are one statement: reading first let 25 tries through where 10 were allowed.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from evidence_service.errors import Throttled
from evidence_service.identity.models import Throttle
from evidence_service.identity.pepper import THROTTLES, key_now
from evidence_service.keys import Keyring

IPV4_NETWORK, IPV6_NETWORK = 24, 56  # prefix lengths that stand for one household or office
MILLISECONDS = 1000

_TAKE = text(
    """
    INSERT INTO throttles (bucket, until_ms) VALUES (:bucket, :now + :interval)
    ON CONFLICT (bucket) DO UPDATE SET until_ms = :interval
        + CASE WHEN throttles.until_ms > :now THEN throttles.until_ms ELSE :now END
    WHERE CASE WHEN throttles.until_ms > :now THEN throttles.until_ms ELSE :now END
        <= :now + :interval * (:burst - 1)
    RETURNING until_ms
    """
)


@dataclass(frozen=True)
class Rate:
    """So many at once, then one in an interval; no wait is longer than the interval.

    A stranger who empties an account's bucket from one network leaves it full for all others.
    """

    name: str
    burst: int
    interval_seconds: int


ACCOUNT_FROM_NETWORK = Rate("account-from-network", 10, 600)
ACCOUNT = Rate("account", 60, 10)
NETWORK = Rate("network", 60, 10)


def network_of(address: str) -> str:
    """Give the network that an address belongs to; what is no address is one network of its own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "none"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = IPV4_NETWORK if found.version == 4 else IPV6_NETWORK  # noqa: PLR2004
    return str(ipaddress.ip_network(f"{found}/{length}", strict=False))


def bucket_of(keyring: Keyring, rate: Rate, *whom: str) -> str:
    """Name a bucket: keyed, so that the table says nothing of whom it counts."""
    return key_now(keyring, THROTTLES, "\n".join((rate.name, *whom)))


def take(session: Session, rate: Rate, bucket: str, now: datetime) -> None:
    """Take one try out of a bucket.

    Raises:
        Throttled: it is empty; says in how many seconds it no longer is.
    """
    now_ms = int(now.timestamp() * MILLISECONDS)
    interval = rate.interval_seconds * MILLISECONDS
    values = {"bucket": bucket, "now": now_ms, "interval": interval, "burst": rate.burst}
    if session.execute(_TAKE, values).first() is not None:
        return
    until = session.scalar(select(Throttle.until_ms).where(Throttle.bucket == bucket)) or now_ms
    wait_ms = until - now_ms - interval * (rate.burst - 1)
    raise Throttled(max(1, -(-wait_ms // MILLISECONDS)))


def give_back(session: Session, bucket: str) -> None:
    """Fill a bucket again: who signed in was no guesser."""
    session.execute(delete(Throttle).where(Throttle.bucket == bucket))


def forget(session: Session, now: datetime) -> None:
    """Delete the buckets that are full again."""
    now_ms = int(now.timestamp() * MILLISECONDS)
    session.execute(delete(Throttle).where(Throttle.until_ms < now_ms))
