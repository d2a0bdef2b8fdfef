"""Throttles: counted before the check, across processes, and never for ever."""

import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest

from evidence_service.db import open_sqlite
from evidence_service.errors import Throttled
from evidence_service.identity import throttles
from evidence_service.identity.throttles import Rate, network_of
from evidence_service.records.migrate import migrate

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TEN = Rate("ten", 10, 600)

CHILD = """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from evidence_service.db import open_sqlite
    from evidence_service.errors import Throttled
    from evidence_service.identity import throttles

    database = open_sqlite(Path(sys.argv[1]))
    taken = 0
    for _ in range(5):
        try:
            with database.writing() as session:
                rate = throttles.Rate("ten", 10, 600)
                throttles.take(session, rate, "shared", datetime(2026, 3, 2, tzinfo=UTC))
            taken += 1
        except Throttled:
            pass
    print(taken)
"""


@pytest.fixture
def database(tmp_path):
    made = open_sqlite(tmp_path / "evidence.sqlite")
    migrate(made)
    yield made
    made.engine.dispose()


def take(database, bucket="a", now=NOW, rate=TEN):
    with database.writing() as session:
        throttles.take(session, rate, bucket, now)


def test_so_many_at_once_and_then_one_in_an_interval(database):
    for _ in range(10):
        take(database)
    with pytest.raises(Throttled) as told:
        take(database)
    assert told.value.retry_after_seconds == 600
    with pytest.raises(Throttled) as told:
        take(database, now=NOW + timedelta(seconds=599))
    assert told.value.retry_after_seconds == 1
    take(database, now=NOW + timedelta(seconds=600))
    with pytest.raises(Throttled):
        take(database, now=NOW + timedelta(seconds=600))


def test_a_refused_try_does_not_make_the_wait_longer(database):
    for _ in range(10):
        take(database)
    for _ in range(50):
        with pytest.raises(Throttled) as told:
            take(database)
        assert told.value.retry_after_seconds == 600


def test_another_bucket_is_another_person(database):
    for _ in range(10):
        take(database)
    take(database, "b")
    with database.reading() as session:
        assert session.query(throttles.Throttle).count() == 2


def test_given_back_is_full_again_and_old_buckets_are_forgotten(database):
    for _ in range(10):
        take(database)
    with database.writing() as session:
        throttles.give_back(session, "a")
    for _ in range(10):
        take(database)
    with database.writing() as session:
        throttles.forget(session, NOW + timedelta(seconds=6001))
        assert session.query(throttles.Throttle).count() == 0


@pytest.mark.slow
def test_sixteen_processes_share_ten_tries(database, tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path / "evidence.sqlite")]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(16)]
    taken = [int(child.communicate(timeout=120)[0]) for child in children]
    assert sum(taken) == 10


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:22ff::1", "2001:db8:1:2200::/56"),
        ("", "none"),
        ("unknown", "none"),
    ],
)
def test_a_network_stands_for_a_house(address, network):
    assert network_of(address) == network
