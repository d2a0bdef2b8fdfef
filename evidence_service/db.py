"""The database: engine, transactions, and the few column types all tables share.

SQLite is opened through `pysqlite3`, whose bundled SQLite does not have the WAL-reset fault
(SEC-LOG-3). WAL and `synchronous=FULL` are set and read back on every connection (SEC-LOG-2);
writers begin with BEGIN IMMEDIATE (PEER-FAULTS 32). Whatever goes wrong becomes `DatabaseDown`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import Dialect, MetaData, String, TypeDecorator, create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session

from evidence_service.clock import rfc3339
from evidence_service.errors import CannotStart, DatabaseDown

BUSY_TIMEOUT_MS = 4_000  # below the 5 s in which every fault must have been answered
POOL_SIZE = 32
SQLITE_MENDED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))  # releases without the WAL-reset fault

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of all tables; one naming rule, so that migrations can name constraints."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An instant: refuses naive ones, stores UTC text that sorts (PEER-FAULTS 52)."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002  SQLAlchemy's signature
        """Write UTC with six digits."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return rfc3339(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's signature
        """Read it back, in UTC."""
        if value is None:
            return None
        return datetime.fromisoformat(value)


class Database:
    """One database, many threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session over one snapshot; nothing it does is kept.

        Raises:
            DatabaseDown: the database is away, locked or damaged.
        """
        with translated(), self.engine.connect() as connection, Session(bind=connection) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are committed, durably, when the block ends well.

        Raises:
            DatabaseDown: nothing was kept.
        """
        with (
            translated(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
            Session(bind=connection) as session,
        ):
            yield session
            session.flush()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises into `DatabaseDown`; broken constraints stay what they are."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeoutError, pysqlite3.Error) as fault:
        raise DatabaseDown("the database does not answer") from fault


def open_sqlite(path: Path) -> Database:
    """Open the embedded database at `path`, which may not exist yet.

    Raises:
        CannotStart: the SQLite here can lose commits.
    """
    found = tuple(int(part) for part in pysqlite3.sqlite_version.split("."))
    if not _is_mended(found):
        raise CannotStart(f"SQLite {pysqlite3.sqlite_version} can lose commits")
    engine = create_engine(
        f"sqlite:///{path}",
        module=pysqlite3,
        pool_size=POOL_SIZE,
        max_overflow=64,
        pool_timeout=4,
        hide_parameters=True,  # an error's text would repeat names and ID numbers
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return Database(engine)


def _is_mended(found: tuple[int, ...]) -> bool:
    newest = SQLITE_MENDED[0]
    return found >= newest or any(
        found[:2] == mended[:2] and found >= mended for mended in SQLITE_MENDED[1:]
    )


def _prepare_connection(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin ourselves; the driver would begin too late
    cursor = connection.cursor()
    for pragma, want in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        value = "FULL" if pragma == "synchronous" else want
        cursor.execute(f"PRAGMA {pragma}={value}")
        if cursor.execute(f"PRAGMA {pragma}").fetchone()[0] != want:
            raise pysqlite3.OperationalError(f"{pragma} is not {want}")
    cursor.execute("PRAGMA temp_store=MEMORY")  # no clear text in temporary files
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
