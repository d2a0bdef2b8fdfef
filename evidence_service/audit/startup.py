"""Before serving: is this the log that was handed out, whole and unforked?

Source: LOG-FORMATS 7, 8.5. And after: the first entry of an empty log, and the end of grants
whose process died.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_service.audit import leases, reader
from evidence_service.audit.checkpoints import CheckpointKeeper, check_extends
from evidence_service.audit.drafts import By, Close, LogEvent
from evidence_service.audit.log import Log
from evidence_service.audit.models import LogHead, OpenGrant
from evidence_service.audit.proofs import root_at
from evidence_service.audit.tree import Frontier, leaf_hash
from evidence_service.db import Database
from evidence_service.errors import CannotStart, GrantClosed, LogDown, LogForked, LogRolledBack

GRANT_LIFE = timedelta(minutes=10)


def check_log(database: Database, keeper: CheckpointKeeper) -> None:
    """Refuse a log that is shorter than, or other than, the newest checkpoint outside.

    Raises:
        LogRolledBack, LogForked: with both sizes and roots, and what to do.
        CannotStart: entries are missing or altered, or the outside place cannot be trusted.
    """
    try:
        newest = keeper.newest()
    except LogDown as fault:
        raise CannotStart(str(fault)) from fault
    with database.reading() as session:
        size = reader.head_size(session)
        if newest is None:
            if size > 0:
                raise LogRolledBack(
                    f"the log has {size} entries, but no checkpoint lies in {keeper.folder}"
                )
            return
        check_extends(session, newest[0])
        _check_entries(session, _second_newest(keeper), size)


def _second_newest(keeper: CheckpointKeeper) -> int:
    names = sorted(path.name for path in (keeper.folder / "checkpoints").iterdir())
    return int(names[-2]) if len(names) > 1 else 0


def _check_entries(session: Session, first: int, size: int) -> None:
    expected = first
    for entry in reader.entries(session, first, size):
        if entry.index != expected or leaf_hash(entry.body) != entry.leaf_hash:
            raise CannotStart(f"entry {expected} of the log is missing or altered")
        expected += 1
    if expected != size:
        raise CannotStart(f"entry {expected} of the log is missing")
    frontier = Frontier.from_bytes(reader.head_frontier(session))
    if size and (
        frontier.size != size or frontier.root() != root_at(size, reader.tile_hashes(session))
    ):
        raise LogForked("the log's frontier does not belong to its entries")


def open_log(log: Log, database: Database, keeper: CheckpointKeeper) -> None:
    """Write the entry 0 of an empty log, and say that this process serves.

    Raises:
        LogDown: it cannot be written.
    """
    with database.writing() as session:
        if session.get(LogHead, 1) is None:
            session.add(LogHead(id=1, size=0, frontier=Frontier().to_bytes()))
        size = reader.head_size(session) if session.get(LogHead, 1) else 0
    service = By(actor=log.service, role="service")
    if size == 0:
        vkey = keeper.signers(1)[0].vkey.text
        log.record(LogEvent(by=service, event="open", origin=keeper.origin, vkey=vkey))
    log.record(LogEvent(by=service, event="started"))
    keeper.issue()


def close_left_grants(log: Log, database: Database, now: datetime) -> int:
    """Close grants that nobody will use: their process died, or ten minutes are over.

    Gives how many were closed.
    """
    with database.reading() as session:
        left = _left_grants(session, now)
    service = By(actor=log.service, role="service")
    closed = 0
    for grant, outcome in left:
        draft = Close(
            by=service,
            grant=grant.index,
            case=grant.case_id,
            outcome=outcome,
            service=log.service,
        )
        try:
            log.record(draft)
        except GrantClosed:  # another process was first
            continue
        closed += 1
    return closed


def _left_grants(session: Session, now: datetime) -> Sequence[tuple[OpenGrant, str]]:
    query = select(OpenGrant).where(OpenGrant.state == "open").order_by(OpenGrant.index)
    alive: dict[str, bool] = {}
    left = []
    for grant in session.execute(query).scalars():
        if grant.service not in alive:
            alive[grant.service] = leases.is_alive(session, grant.service, now)
        if not alive[grant.service]:
            left.append((grant, "restart"))
        elif grant.granted_at + GRANT_LIFE < now:
            left.append((grant, "expired"))
    session.expunge_all()
    return left
