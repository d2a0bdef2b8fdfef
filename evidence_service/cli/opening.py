"""Opens what commands at the machine work with, without starting the service.

Nothing here renders a page or reads evidence; the log is checked before it is written to, as a
starting service does.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from evidence_service.audit import reader, startup
from evidence_service.audit.checkpoints import CheckpointKeeper
from evidence_service.audit.log import Log
from evidence_service.audit.models import LogHead
from evidence_service.clock import system_clock
from evidence_service.db import Database, open_sqlite
from evidence_service.errors import CannotStart
from evidence_service.identity.passwords import Passwords
from evidence_service.keys import Keyring, load_keyring
from evidence_service.records.migrate import migrate
from evidence_service.settings import Mode, Settings
from evidence_service.use_cases.staffing import Office


@dataclass(frozen=True)
class Archive:
    """The log of an installation, to be read."""

    database: Database
    checkpoints: CheckpointKeeper


def open_keyring(settings: Settings) -> Keyring:
    """Read the keyring.

    Raises:
        CannotStart: it cannot be used, or is a demonstration's in production.
    """
    keyring = load_keyring(settings.keyring, outside=settings.data_dir)
    if keyring.demo and settings.mode is Mode.PRODUCTION:
        raise CannotStart("the keyring is a demonstration's; production needs keys of its own")
    return keyring


@contextmanager
def opened_archive(settings: Settings) -> Iterator[Archive]:
    """Open the log for reading.

    Raises:
        CannotStart: there is none, or the keyring cannot be used.
    """
    keyring = open_keyring(settings)
    if not settings.database.is_file():
        raise CannotStart(f"there is no log yet in {settings.data_dir}")
    database = open_sqlite(settings.database)
    try:
        yield Archive(database, _keeper(settings, keyring, database))
    finally:
        database.engine.dispose()


@contextmanager
def opened_office(settings: Settings) -> Iterator[Office]:
    """Open log and tables for the operator; what was done is in a checkpoint at the end.

    Raises:
        CannotStart: the log is not the one that was handed out, or keys or folders are wrong.
    """
    os.umask(0o077)
    keyring = open_keyring(settings)
    if not settings.data_dir.is_dir():
        raise CannotStart(f"there is no data folder {settings.data_dir}")
    if not settings.database.exists():
        # A service makes this folder for a new database only: a lost store must not look empty.
        (settings.data_dir / "originals").mkdir(mode=0o700, exist_ok=True)
    database = open_sqlite(settings.database)
    try:
        migrate(database)
        log = Log(database, system_clock, f"svc_{secrets.token_hex(16)}")
        keeper = _keeper(settings, keyring, database)
        startup.check_log(database, keeper)
        if _is_empty(database):
            startup.open_log(log, database, keeper)
        yield Office(
            mode=settings.mode,
            clock=system_clock,
            keyring=keyring,
            database=database,
            log=log,
            passwords=Passwords(),
        )
        keeper.issue()
    finally:
        database.engine.dispose()


def _keeper(settings: Settings, keyring: Keyring, database: Database) -> CheckpointKeeper:
    return CheckpointKeeper(
        database,
        system_clock,
        origin=settings.log_origin,
        keys=keyring.log,
        folder=settings.checkpoint_dir,
    )


def _is_empty(database: Database) -> bool:
    with database.reading() as session:
        return session.get(LogHead, 1) is None or reader.head_size(session) == 0
