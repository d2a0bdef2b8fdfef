"""The database keeps what it commits, and says so when it cannot."""

from datetime import UTC, datetime, timedelta, timezone

import pysqlite3
import pytest
from sqlalchemy import Column, Integer, Table, insert, inspect, select, text
from sqlalchemy.exc import StatementError

import evidence_service.audit.models
import evidence_service.identity.models
import evidence_service.records.models  # noqa: F401  all tables must be known for the comparison
from evidence_service import db
from evidence_service.db import Base, Instant, open_sqlite
from evidence_service.errors import CannotStart, DatabaseDown
from evidence_service.records.migrate import migrate


@pytest.fixture
def database(tmp_path):
    opened = open_sqlite(tmp_path / "x.sqlite")
    migrate(opened)
    yield opened
    opened.engine.dispose()


def pragma(database, name):
    with database.reading() as session:
        return session.execute(text(f"PRAGMA {name}")).scalar_one()


def test_every_connection_is_wal_and_fully_synchronous(database):
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1


def test_an_sqlite_that_can_lose_commits_is_refused(tmp_path, monkeypatch):
    for version, good in (("3.40.1", False), ("3.51.2", False), ("3.44.6", True), ("3.53.4", True)):
        monkeypatch.setattr(pysqlite3, "sqlite_version", version)
        if good:
            open_sqlite(tmp_path / "y.sqlite").engine.dispose()
        else:
            with pytest.raises(CannotStart, match="can lose commits"):
                open_sqlite(tmp_path / "y.sqlite")


def test_migrations_make_exactly_the_tables_of_the_models(database):
    found = inspect(database.engine)
    tables = set(found.get_table_names()) - {"alembic_version"}
    assert tables == set(Base.metadata.tables)
    for name, table in Base.metadata.tables.items():
        assert {c["name"] for c in found.get_columns(name)} == {c.name for c in table.columns}
        indexes = {i["name"] for i in found.get_indexes(name)}
        assert {i.name for i in table.indexes} <= indexes


def test_migrating_twice_changes_nothing(database):
    migrate(database)
    assert pragma(database, "user_version") == 0


def test_a_database_from_the_future_is_refused(database):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CannotStart, match="newer version"):
        migrate(database)


INSTANTS = Table("instants_of_a_test", db.MetaData(), Column("at", Instant), Column("n", Integer))


def test_instants_are_kept_to_the_microsecond_and_given_back_in_utc(database):
    at = datetime(2026, 3, 2, 16, 15, 30, 1, timezone(timedelta(hours=8)))
    with database.writing() as session:
        INSTANTS.create(session.connection())
        session.execute(insert(INSTANTS).values(at=at, n=1))
        found = session.execute(select(INSTANTS.c.at)).scalar_one()
    assert found == at
    assert found.tzinfo is UTC


def test_a_naive_instant_is_refused(database):
    with database.writing() as session:
        INSTANTS.create(session.connection())
        with pytest.raises(StatementError, match="needs a zone"):
            session.execute(insert(INSTANTS).values(at=datetime(2026, 3, 2), n=1))  # noqa: DTZ001


def test_a_failed_block_keeps_nothing(database):
    def breaks():
        with database.writing() as session:
            session.execute(text("INSERT INTO units VALUES ('u','n','p','1','2','h')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM units")).scalar_one() == 0


def test_reading_keeps_nothing(database):
    with database.reading() as session:
        session.execute(text("INSERT INTO units VALUES ('u','n','p','1','2','h')"))
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM units")).scalar_one() == 0


def test_a_database_that_is_gone_is_down(tmp_path):
    opened = open_sqlite(tmp_path / "no folder" / "x.sqlite")
    with pytest.raises(DatabaseDown), opened.reading() as session:
        session.execute(text("SELECT 1"))
