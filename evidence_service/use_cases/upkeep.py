"""What a serving process does beside serving: leases, checkpoints, left grants, old uploads."""

import threading
from datetime import datetime, timedelta

import structlog

from evidence_service.audit import leases, startup
from evidence_service.errors import CannotStart, ServiceError
from evidence_service.identity import throttles
from evidence_service.use_cases import resumable
from evidence_service.use_cases.parts import Parts

LEASE_EVERY = timedelta(seconds=20)

_logger = structlog.get_logger("upkeep")


class Upkeep:
    """The thread that keeps house; one a process, ended by `stop`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopped = threading.Event()
        self._leased_at: datetime | None = None
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Say that this process lives, and begin."""
        self.tick()
        self._thread.start()

    def stop(self) -> None:
        """End: a last checkpoint, and the lease given back."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        try:
            self._parts.checkpoints.issue()
            with self._parts.database.writing() as session:
                leases.end(session, self._parts.log.service)
        except ServiceError as fault:
            _logger.warning("upkeep_stop", problem=type(fault).__name__)

    def tick(self) -> None:
        """Do what is due now. Faults are said and tried again; a forked log ends all serving."""
        try:
            self._renew_lease()
            self._parts.checkpoints.issue()
            startup.close_left_grants(self._parts.log, self._parts.database, self._parts.clock())
            resumable.clear_expired(self._parts)
            self._forget_throttles()
            self._parts.health.upkeep_fault = ""
        except CannotStart as fault:
            _logger.critical("log_not_the_one_handed_out", faults=fault.faults)
            self._parts.health.alarm("log_not_the_one_handed_out")
            self._parts.health.upkeep_fault = "log"
        except ServiceError as fault:
            _logger.warning("upkeep", problem=type(fault).__name__)
            self._parts.health.upkeep_fault = type(fault).__name__

    def _forget_throttles(self) -> None:
        with self._parts.database.writing() as session:
            throttles.forget(session, self._parts.clock())

    def _renew_lease(self) -> None:
        now = self._parts.clock()
        if self._leased_at is None or now - self._leased_at >= LEASE_EVERY:
            with self._parts.database.writing() as session:
                leases.renew(session, self._parts.log.service, now)
            self._leased_at = now

    def _run(self) -> None:
        while not self._stopped.wait(self._parts.settings.checkpoint_every_seconds):
            self.tick()
