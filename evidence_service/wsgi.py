"""The service under gunicorn: one process, many threads (gthread), upkeep beside.

The arbiter process holds no secret: settings are read there, keys and parts are made in the
worker, whose fork server starts before any key is read (SEC-CAGE-1). When the worker cannot
start, it names every fault, and the command ends with a code that says of which kind they were.
"""

import logging
import mmap
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication

from evidence_service.errors import CannotStart, KeyringWrong, ServiceError, SettingsWrong
from evidence_service.settings import Settings

GRACE_SECONDS = 30  # SIGTERM: requests that run may end
STARTING_SECONDS = 600  # a long log is checked before serving
SETTINGS_CODE, REFUSED_CODE = 2, 3


@dataclass(frozen=True)
class Listening:
    """Where to listen: an open socket, the address to show, and how many threads serve."""

    socket: socket.socket
    address: str
    threads: int


class Service(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """The service as gunicorn wants it."""

    def __init__(self, settings: Settings, listening: Listening) -> None:
        self._settings = settings
        self._listening = listening
        self._parts: Any = None
        self._upkeep: Any = None
        # One byte that arbiter and worker share: how the worker's start failed.
        self._code = mmap.mmap(-1, 1)
        super().__init__()

    def load_config(self) -> None:
        """Set what we decide; environment and files of gunicorn have no say."""
        values = {
            "bind": f"fd://{self._listening.socket.fileno()}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._listening.threads,
            "timeout": STARTING_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "umask": 0o077,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._began,
            "worker_exit": self._ends,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the app, in the worker."""
        configure_logs()
        try:
            # Imported in the worker: the arbiter needs none of it, and starts at once.
            from evidence_service.app import build_parts, create_app  # noqa: PLC0415
            from evidence_service.use_cases.upkeep import Upkeep  # noqa: PLC0415

            self._parts = build_parts(self._settings)
            app = create_app(self._settings, self._parts)
            self._upkeep = Upkeep(self._parts)
        except ServiceError as fault:
            self._refuse(fault)
        return app

    def serve(self) -> int:
        """Serve until told to stop; give the exit code."""
        try:
            self.run()
        except SystemExit as end:
            code = self._code[0] or end.code
            return code if isinstance(code, int) else 1
        return 0

    def _refuse(self, fault: ServiceError) -> None:
        faults = fault.faults if isinstance(fault, CannotStart) else [str(fault)]
        for each in faults:
            print(f"evidence: {each}", file=sys.stderr)  # noqa: T201  the operator reads it
        wrong = isinstance(fault, SettingsWrong | KeyringWrong)
        self._code[0] = SETTINGS_CODE if wrong else REFUSED_CODE
        sys.stderr.flush()
        os.kill(os.getppid(), signal.SIGTERM)  # the arbiter would start another worker
        os._exit(0)

    def _began(self, _worker: object) -> None:
        self._upkeep.start()
        for line in banner(self._settings, self._parts, self._listening):
            print(line, flush=True)  # noqa: T201  the operator reads it

    def _ends(self, _server: object, _worker: object) -> None:
        if self._upkeep is not None:
            self._upkeep.stop()
            self._parts.renderer.close()


def banner(settings: Settings, parts: Any, listening: Listening) -> list[str]:
    """Say what serves, and what is promised less here than could be."""
    lines = [
        f"accident evidence access, {settings.mode} mode, log {settings.log_origin}",
        f"drawn by {parts.renderer.versions}; cage {parts.health.cage_level or 'not proved'}",
    ]
    lines += [f"remark: {remark.replace('_', ' ')}" for remark in parts.health.remarks]
    return [*lines, f"listening on {listening.address}"]


def configure_logs() -> None:
    """Write logs of operation as JSON lines to standard error (SEC-ERR-4)."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
