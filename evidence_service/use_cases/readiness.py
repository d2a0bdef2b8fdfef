"""Looks whether each part could keep its promise now: cheap, real, and honest (`/readyz`)."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from evidence_service.audit import reader
from evidence_service.errors import ServiceError
from evidence_service.use_cases.parts import Parts
from watermark.errors import RendererDown

OK = "ok"
LOG_FORKED = "log_not_the_one_handed_out"
FREE_BYTES_MIN = 16 << 20


@dataclass(frozen=True)
class Readiness:
    """What was found. `checks` is a token for each part: `ok`, or what is wrong."""

    ready: bool
    checks: dict[str, str]
    alarms: tuple[str, ...]
    remarks: tuple[str, ...]
    cage: str


def look(parts: Parts) -> Readiness:
    """Look at every part; raises nothing."""
    health = parts.health
    alarms = tuple(sorted({alarm.partition(":")[0] for alarm in health.alarms}))
    checks = {
        "database": _checked(lambda: _begin_a_write(parts)),
        "log": "forked" if LOG_FORKED in alarms else _checked(lambda: _read_the_head(parts)),
        "store": _checked(lambda: _write_a_little(parts)),
        "renderer": _checked(lambda: _renderer(parts)),
        "upkeep": health.upkeep_fault or OK,
    }
    return Readiness(
        ready=all(found == OK for found in checks.values()),
        checks=checks,
        alarms=alarms,
        remarks=health.remarks,
        cage=health.cage_level or "not_proved",
    )


def _checked(check: Callable[[], str]) -> str:
    try:
        return check()
    except (ServiceError, OSError) as fault:
        return type(fault).__name__


def _begin_a_write(parts: Parts) -> str:
    with parts.database.writing():
        return OK  # BEGIN IMMEDIATE takes the writer's lock: a read-only or locked one refuses


def _read_the_head(parts: Parts) -> str:
    with parts.database.reading() as session:
        return OK if reader.head_size(session) else "empty"


def _write_a_little(parts: Parts) -> str:
    """Write where uploads gather; originals lie on the same disk, and take new files."""
    originals = parts.settings.data_dir / "originals"
    if not os.access(originals, os.W_OK | os.X_OK):
        return "read_only"
    space = os.statvfs(originals)
    if space.f_bavail * space.f_frsize < FREE_BYTES_MIN:
        return "full"
    with tempfile.TemporaryFile(dir=parts.settings.spool) as probe:
        probe.write(b"ready?")
        probe.flush()
    return OK


def _renderer(parts: Parts) -> str:
    try:
        parts.renderer.ensure_alive()
    except RendererDown:
        return "down"
    return OK
