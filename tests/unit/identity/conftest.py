"""A real database with the tables of people, a keyring of fresh keys, cheap password hashes."""

import secrets
from datetime import UTC, datetime

import pytest

from evidence_service.db import Base, open_sqlite
from evidence_service.identity.models import Account, SignIn, Voucher
from evidence_service.identity.passwords import Passwords
from evidence_service.keys import Key, Keyring, LogKey, Numbered


def fresh_key():
    return Key(secrets.token_bytes(32))


def fresh_keyring():
    return Keyring(
        demo=True,
        log=(LogKey(fresh_key()),),
        mark=Numbered({1: fresh_key()}),
        key_encryption=Numbered({1: fresh_key()}),
        token=Numbered({1: fresh_key(), 2: fresh_key()}),
        pepper=Numbered({1: fresh_key()}),
    )


@pytest.fixture
def database(tmp_path):
    opened = open_sqlite(tmp_path / "people.sqlite")
    with opened.writing() as session:
        tables = [model.__table__ for model in (Account, SignIn, Voucher)]
        Base.metadata.create_all(session.connection(), tables=tables)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def keyring():
    return fresh_keyring()


@pytest.fixture
def newer_pepper():
    """Gives the ring with one more pepper, which is the current one now."""

    def renewed(ring):
        peppers = Numbered({**ring.pepper.keys, ring.pepper.current + 1: fresh_key()})
        return Keyring(ring.demo, ring.log, ring.mark, ring.key_encryption, ring.token, peppers)

    return renewed


@pytest.fixture(scope="session")
def passwords():
    return Passwords.insecure_for_tests()


@pytest.fixture
def now():
    return datetime(2026, 3, 2, 8, 15, 30, 123456, tzinfo=UTC)
