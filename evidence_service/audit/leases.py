"""Which service processes live: their open grants are their own, a dead one's get closed.

On one host death is seen at once, from the process table; from elsewhere when the lease ends.
"""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from evidence_service.audit.models import ServiceLease

LEASE = timedelta(seconds=60)


def host_name() -> str:
    """Name what processes of this host share: boot and process-id space (containers differ)."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{socket.gethostname()}/{boot}/{Path('/proc/self/ns/pid').readlink()}"[:128]


def renew(session: Session, service: str, now: datetime) -> None:
    """Say that this process lives, for another minute."""
    lease = ServiceLease(
        service=service,
        host=host_name(),
        process=os.getpid(),
        process_started=_started(os.getpid()),
        leased_until=now + LEASE,
    )
    session.merge(lease)


def end(session: Session, service: str) -> None:
    """Say that this process ends."""
    session.execute(delete(ServiceLease).where(ServiceLease.service == service))


def is_alive(session: Session, service: str, now: datetime) -> bool:
    """Tell whether the process with this service id still lives."""
    lease = session.get(ServiceLease, service)
    if lease is None or lease.leased_until < now:
        return False
    return lease.host != host_name() or _started(lease.process) == lease.process_started


def _started(process: int) -> int:
    """Give when a process began, in clock ticks since boot; 0 where there is none."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rsplit(")", 1)[1].split()[19])
