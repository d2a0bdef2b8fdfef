"""The composition root: the only file that picks real parts. Refuses to start rather than guess."""

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from evidence_service import api, web
from evidence_service.audit import startup
from evidence_service.audit.checkpoints import CheckpointKeeper
from evidence_service.audit.log import Log
from evidence_service.clock import Clock, china_date, system_clock
from evidence_service.db import open_sqlite
from evidence_service.errors import CannotStart, SettingsWrong
from evidence_service.identity.passwords import Passwords
from evidence_service.identity.tokens import Tokens
from evidence_service.keys import Keyring, load_keyring
from evidence_service.records.migrate import migrate
from evidence_service.settings import Mode, Settings
from evidence_service.use_cases.health import Health
from evidence_service.use_cases.parts import Parts
from policies.engine import PolicyEngine
from policies.errors import CalendarFaulty, PoliciesBroken
from policies.work_calendar import WorkCalendar, read_calendar
from storage.derived import DerivedStore
from storage.errors import StorageError
from storage.key_records import KeyEncryptionKeys
from storage.local import LocalStore
from storage.local_key_records import LocalKeyRecords
from storage.sealed import SealedStore
from storage.spool import CopySpool
from watermark.errors import RendererDown
from watermark.limits import Limits
from watermark.render import Renderer

CALENDAR_WARNING_DAYS = 61  # the next year's notice comes in November

_logger = structlog.get_logger("start")


def create_app(settings: Settings, parts: Parts | None = None) -> APIFlask:
    """Make the service.

    Args:
        settings: checked settings.
        parts: parts built elsewhere, for tests; by default the real ones.

    Raises:
        CannotStart: a promise could not be kept; names every fault.
    """
    parts = parts or build_parts(settings)
    app = APIFlask(
        __name__,
        title="Accident evidence access",
        version="0.1.0",
        docs_path=None,
        spec_path="/api/v1/openapi.json",
        static_folder=None,  # type: ignore[arg-type]  # None is Flask's word for no such route
    )
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts)
    if settings.proxies:  # exactly so many may say for whom they ask (SEC-ERR-6)
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    api.install(app, parts)
    web.install(app, parts)
    return app


def build_parts(settings: Settings, clock: Clock = system_clock) -> Parts:
    """Build the real parts, check them against one another, and open the log.

    Raises:
        CannotStart: names what is wrong.
    """
    os.umask(0o077)
    # The fork server starts before any secret is read: its children inherit what is in memory.
    renderer = Renderer(_limits(settings))
    try:
        _prove(renderer)
        return _build_with(renderer, settings, clock)
    except BaseException:
        renderer.close()
        raise


def _prove(renderer: Renderer) -> None:
    try:
        renderer.prove()
    except RendererDown as fault:
        raise CannotStart(f"documents cannot be drawn: {fault}") from fault


def _build_with(renderer: Renderer, settings: Settings, clock: Clock) -> Parts:
    keyring = load_keyring(settings.keyring, outside=settings.data_dir)
    _check_mode(settings, keyring)
    stores = _open_stores(settings, keyring, _folders(settings))
    calendar = _calendar(settings)
    health = Health(remarks=_remarks(settings, calendar, clock))
    try:
        policies = PolicyEngine.start(alarm=lambda token: _alarm(health, token))
    except PoliciesBroken as broken:
        raise CannotStart(broken.faults) from broken
    database = open_sqlite(settings.database)
    migrate(database)
    log = Log(database, clock, f"svc_{secrets.token_hex(16)}")
    keeper = CheckpointKeeper(
        database,
        clock,
        origin=settings.log_origin,
        keys=keyring.log,
        folder=settings.checkpoint_dir,
    )
    startup.check_log(database, keeper)
    startup.open_log(log, database, keeper)
    startup.close_left_grants(log, database, clock())
    return Parts(
        settings=settings,
        clock=clock,
        keyring=keyring,
        database=database,
        log=log,
        checkpoints=keeper,
        passwords=Passwords(),
        tokens=Tokens(keyring.token, issuer=settings.log_origin, audience="evidence-api"),
        policies=policies,
        calendar=calendar,
        originals=stores.originals,
        prepared=stores.prepared,
        copies=stores.copies,
        renderer=renderer,
        health=health,
    )


def open_originals(settings: Settings) -> LocalStore:
    """Open the store of sealed originals alone, without a key.

    Raises:
        CannotStart: it is missing, a link or open to others.
    """
    try:
        return LocalStore(settings.data_dir / "originals")
    except StorageError as fault:
        raise CannotStart(f"the store cannot be used: {fault}") from fault


@dataclass(frozen=True)
class _Stores:
    originals: SealedStore
    prepared: DerivedStore
    copies: CopySpool


def _limits(settings: Settings) -> Limits:
    return Limits(
        file_bytes=settings.file_max_bytes,
        workers=settings.render_workers,
        queue=settings.render_queue,
    )


def _check_mode(settings: Settings, keyring: Keyring) -> None:
    if keyring.demo and settings.mode is Mode.PRODUCTION:
        raise CannotStart("the keyring is a demonstration's; production needs keys of its own")


def _folders(settings: Settings) -> Mapping[str, Path]:
    """Make the data folder's parts on first start; refuse one that is a link or open to others."""
    root = settings.data_dir
    names = ("originals", "key_records", "derived", "copies", "spool", "sealing")
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = root.lstat()
        if not stat.S_ISDIR(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
            raise SettingsWrong("EVIDENCE_DATA_DIR is a link or open to others (mode must be 0700)")
        for name in names:
            if not settings.database.exists() or name != "originals":
                (root / name).mkdir(exist_ok=True, mode=0o700)
    except OSError as fault:
        raise CannotStart(f"the data folder cannot be used: {fault.strerror}") from fault
    return {name: root / name for name in names}


def _open_stores(settings: Settings, keyring: Keyring, folders: Mapping[str, Path]) -> _Stores:
    keys = KeyEncryptionKeys(keyring.key_encryption.current, dict(keyring.key_encryption.keys))
    prepared_key = keyring.key_encryption[keyring.key_encryption.current].derive("prepared-pages")
    most = settings.derived_max_bytes
    try:
        return _Stores(
            originals=SealedStore(
                LocalStore(folders["originals"]),
                LocalKeyRecords(folders["key_records"]),
                keys,
                folders["sealing"],
            ),
            prepared=DerivedStore(folders["derived"], bytes(prepared_key), most),
            copies=CopySpool(folders["copies"], keys, most),
        )
    except StorageError as fault:
        raise CannotStart(f"the store cannot be used: {fault}") from fault


def _calendar(settings: Settings) -> WorkCalendar:
    try:
        return read_calendar(settings.calendar)
    except CalendarFaulty as fault:
        raise CannotStart(f"EVIDENCE_CALENDAR: {fault}") from fault


def _remarks(settings: Settings, calendar: WorkCalendar, clock: Clock) -> tuple[str, ...]:
    """Say what is promised less here than could be (SEC-LOG-7, PEER-FAULTS 53)."""
    remarks = []
    soon = china_date(clock()) + timedelta(days=CALENDAR_WARNING_DAYS)
    if not calendar.knows(soon.year):
        remarks.append(f"no_calendar_for_{soon.year}")
    outside = settings.checkpoint_dir
    existing = next(path for path in (outside, *outside.parents) if path.exists())
    if existing.stat().st_dev == settings.data_dir.stat().st_dev:
        remarks.append("checkpoints_on_the_same_device")
    return tuple(remarks)


def _alarm(health: Health, token: str) -> None:
    if health.alarm(token):
        _logger.critical("alarm", token=token)
