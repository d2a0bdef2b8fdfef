"""Parts that fail: an honest status, no byte of evidence, nothing half done, and back by itself."""

import dataclasses
import io
import os
from contextlib import contextmanager

import pysqlite3
import pytest
from sqlalchemy import event

from evidence_service import app, db
from evidence_service.app import build_parts
from evidence_service.audit.log import Log
from evidence_service.db import open_sqlite
from evidence_service.errors import CannotStart, KeyringWrong
from evidence_service.keys import make_keyring
from storage import local
from tests.house import House, jpeg
from watermark.limits import Limits


@pytest.fixture
def own(tmp_path):
    """A house of its own, for what cannot be mended."""
    made = House(tmp_path)
    yield made
    made.parts.renderer.close()
    made.parts.database.engine.dispose()


def sent(house, case, data):
    form = {"kind": "scene_photo", "files": (io.BytesIO(data), "p.jpg")}
    return house.as_("lead").post(f"cases/{case}/documents", data=form)


def failed(answer, status):
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    text = answer.get_data(as_text=True)
    assert not any(word in text for word in ("Traceback", "sqlite", "SELECT", "/data/", ".py"))
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0


# --- the store of originals ----------------------------------------------------------------------


@contextmanager
def moved_away(folder):
    away = folder.with_name("away")
    folder.rename(away)
    try:
        yield
    finally:
        away.rename(folder)


def test_a_byte_changed_in_the_store_closes_the_document_and_alarms(own):
    scene = own.scene()
    stored = next(
        path for path in (own.settings.data_dir / "originals").rglob("*") if path.is_file()
    )
    stored.chmod(0o600)
    data = bytearray(stored.read_bytes())
    data[len(data) // 2] ^= 1
    stored.write_bytes(data)
    viewing = own.viewing(scene)
    size = own.log_size()
    answer = scene.asker.get(f"viewings/{viewing}/pages/1")
    failed(answer, 502)
    assert answer.get_json()["type"].endswith("altered")
    entries = own.entries_since(size)
    assert "release" not in [entry.type for entry in entries]
    assert any("altered" in str(entry) for entry in entries)
    stored.write_bytes(bytes(data))
    failed(scene.asker.post(f"documents/{scene.document}/viewings", {"purpose": "check"}), 502)
    failed(scene.asker.get(f"viewings/{viewing}/pages/1"), 502)
    ready = own.stranger().get("/readyz").get_json()
    assert ready["alarms"]


def test_a_missing_object_closes_the_document(own):
    scene = own.scene()
    viewing = own.viewing(scene)
    for path in (own.settings.data_dir / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    size = own.log_size()
    failed(scene.asker.get(f"viewings/{viewing}/pages/1"), 502)
    assert "release" not in [entry.type for entry in own.entries_since(size)]


def test_a_store_folder_that_is_gone_takes_nothing(own):
    case = own.fresh_case()
    before = own.stored()
    with moved_away(own.settings.data_dir / "originals"):
        failed(sent(own, case, jpeg()), 503)
        assert own.stranger().get("/readyz").status_code == 503
    assert own.stored() == before
    assert sent(own, case, jpeg()).status_code == 201
    assert own.stranger().get("/readyz").status_code == 200


@pytest.mark.parametrize("fault", [28, 30, 122], ids=["full", "read-only", "quota"])
def test_a_store_that_takes_no_more_keeps_nothing(own, monkeypatch, fault):
    case = own.fresh_case()
    before = own.stored()

    def no_link(*_arguments, **_options):
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patch:
        patch.setattr(local.os, "link", no_link)
        failed(sent(own, case, jpeg()), 503)
    assert own.stored() == before
    assert sent(own, case, jpeg()).status_code == 201


# --- the database --------------------------------------------------------------------------------


def test_a_locked_database_serves_nothing_and_comes_back(own, monkeypatch):
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 100)
    scene = own.scene()
    viewing = own.viewing(scene)
    path = f"viewings/{viewing}/pages/1"
    asker, size = own.stranger(app_with_new_connections(own)), own.log_size()
    asker.token = scene.asker.token
    blocker = pysqlite3.connect(own.settings.database, isolation_level=None)
    try:
        blocker.execute("BEGIN IMMEDIATE")
        failed(asker.get(path), 503)
        failed(asker.post(f"documents/{scene.document}/viewings", {"purpose": "check"}), 503)
    finally:
        blocker.rollback()
        blocker.close()
    assert own.log_size() == size
    assert asker.get(path).status_code == 200


def test_a_read_only_database_serves_nothing_and_comes_back(own):
    scene = own.scene()
    path = f"viewings/{own.viewing(scene)}/pages/1"
    asker, size = own.stranger(app_with_new_connections(own)), own.log_size()
    asker.token = scene.asker.token
    engine = own.parts.database.engine

    def read_only(connection, _record):
        connection.execute("PRAGMA query_only=1")

    event.listen(engine, "connect", read_only)
    engine.dispose()
    try:
        failed(asker.get(path), 503)
        assert own.stranger(own.app_with()).get("/readyz").status_code == 503
    finally:
        event.remove(engine, "connect", read_only)
        engine.dispose()
    assert own.log_size() == size
    assert asker.get(path).status_code == 200


def app_with_new_connections(house):
    house.parts.database.engine.dispose()
    database = open_sqlite(house.settings.database)
    log = Log(database, house.parts.clock, house.parts.log.service)
    house.parts = dataclasses.replace(house.parts, database=database, log=log)
    return house.app_with()


# --- the renderer --------------------------------------------------------------------------------


def test_where_no_document_can_be_drawn_nothing_starts(own, monkeypatch):
    monkeypatch.setattr(app, "_limits", lambda _: Limits(first_look_seconds=1e-6))
    with pytest.raises(CannotStart, match="documents cannot be drawn"):
        build_parts(own.settings)


# --- keys ----------------------------------------------------------------------------------------


def test_without_the_keyring_nothing_starts(own):
    own.settings.keyring.unlink()
    with pytest.raises(KeyringWrong):
        build_parts(own.settings)


def test_with_another_keyring_nothing_starts_or_nothing_opens(own):
    scene = own.scene()
    assert scene.document
    own.settings.keyring.unlink()
    make_keyring(own.settings.keyring, demo=True)
    with pytest.raises(CannotStart):
        build_parts(own.settings)


def test_a_keyring_that_others_can_read_is_refused(own):
    own.settings.keyring.chmod(0o644)
    with pytest.raises(KeyringWrong):
        build_parts(own.settings)
