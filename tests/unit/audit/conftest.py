"""A real log in a real SQLite file, with a clock that tests move."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evidence_service.audit import startup
from evidence_service.audit.checkpoints import CheckpointKeeper
from evidence_service.audit.drafts import By
from evidence_service.audit.log import Log
from evidence_service.db import Database, open_sqlite
from evidence_service.keys import Key, LogKey
from evidence_service.records.migrate import migrate

SERVICE = "svc_" + "5" * 32
ORIGIN = "evidence.example/log/test"
OFFICER = By(actor="per_" + "1" * 32, role="officer", unit="unit_" + "2" * 32)


@dataclass
class Installation:
    """A log with everything around it."""

    folder: Path
    database: Database
    log: Log
    keeper: CheckpointKeeper
    now: list[datetime] = field(default_factory=lambda: [datetime(2026, 3, 2, 8, tzinfo=UTC)])

    def clock(self) -> datetime:
        """Tick: every reading is a millisecond later."""
        self.now[0] += timedelta(milliseconds=1)
        return self.now[0]


def install(folder: Path) -> Installation:
    """Open (or make) the log that lies in a folder."""
    folder.mkdir(exist_ok=True)
    database = open_sqlite(folder / "evidence.sqlite")
    migrate(database)
    made = Installation(folder, database, log=None, keeper=None)
    made.log = Log(database, made.clock, SERVICE)
    made.keeper = CheckpointKeeper(
        database,
        made.clock,
        origin=ORIGIN,
        keys=[LogKey(Key(b"A log key of exactly thirty-two!"))],
        folder=folder / "outside",
    )
    return made


@pytest.fixture
def installation(tmp_path):
    made = install(tmp_path / "installation")
    startup.open_log(made.log, made.database, made.keeper)
    yield made
    made.database.engine.dispose()
