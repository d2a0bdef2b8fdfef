"""The log's one door for change: `record` an entry together with the change it describes.

An act and its entry are one commit (promise 9). Threads put their entries into a queue; whoever
gets the lock commits all that wait, in one transaction (group commit), and only then are receipts
handed out. An entry whose effect fails is rolled back alone; a commit that fails fails them all.
Formats: LOG-FORMATS 1, 2, 8. Bytes are made before the lock is taken.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from evidence_service.audit import grants
from evidence_service.audit.drafts import Draft
from evidence_service.audit.entry import decode, encode
from evidence_service.audit.models import CaseRevision, LogEntry, LogHead, LogSubtree
from evidence_service.audit.receipts import Receipt, _issue
from evidence_service.audit.search import search_columns
from evidence_service.audit.tree import Frontier, leaf_hash, root_of
from evidence_service.clock import Clock
from evidence_service.db import Database
from evidence_service.errors import CaseMoved, DatabaseDown, LogDown, ServiceError

D = TypeVar("D", bound=Draft)

Effect = Callable[[Session, int], None]
"""The SQL change an entry describes; gets the session and the (first) entry's index."""

WAIT_SECONDS = 4.5  # every fault is answered within five
TILE = 256  # entries in a full subtree of one tile height
IO_ERROR = "disk I/O error"

_logger = structlog.get_logger("audit.log")


@dataclass(frozen=True, slots=True)
class CaseAt:
    """The revision of a case that facts were read at; `moves` when the entry changes facts."""

    case_id: str
    revision: int
    moves: bool = False


@dataclass(eq=False)
class _Group:
    """Entries that stand or fall together, waiting for their place."""

    drafts: Sequence[Draft]
    bodies: list[bytes]
    effect: Effect | None
    case: CaseAt | None
    done: bool = False
    first_index: int = -1
    fault: BaseException | None = None


class Log:
    """The writer. One per process; on one database any number of them."""

    def __init__(self, database: Database, clock: Clock, service: str) -> None:
        self._database = database
        self._clock = clock
        self.service = service
        self._queue: deque[_Group] = deque()
        self._queue_lock = threading.Lock()
        self._leader = threading.Lock()

    def record(
        self, draft: D, *, effect: Effect | None = None, case: CaseAt | None = None
    ) -> Receipt[D]:
        """Write one entry and run its effect in the same commit.

        Raises:
            CaseMoved: the case's revision is not `case.revision` any more; nothing was kept.
            GrantClosed: the grant that a release or close names is not open any more.
            LogDown: nothing was kept; serve nothing.
            ServiceError, IntegrityError: raised by `effect`; nothing was kept.
        """
        group = self._commit_group([draft], effect, case)
        return _issue(group.first_index, draft)

    def record_all(
        self, drafts: Sequence[D], *, effect: Effect | None = None, case: CaseAt | None = None
    ) -> tuple[Receipt[D], ...]:
        """Write several entries that stand or fall together. Raises as `record` does."""
        group = self._commit_group(drafts, effect, case)
        return tuple(_issue(group.first_index + n, draft) for n, draft in enumerate(drafts))

    def _commit_group(
        self, drafts: Sequence[Draft], effect: Effect | None, case: CaseAt | None
    ) -> _Group:
        now = self._clock()
        bodies = [encode(draft.fields(now)) for draft in drafts]
        group = _Group(drafts, bodies, effect, case)
        with self._queue_lock:
            self._queue.append(group)
        if not self._leader.acquire(timeout=WAIT_SECONDS) and self._withdraw(group):
            raise LogDown("the log is busy")
        try:
            if not group.done:
                self._lead()
        finally:
            self._leader.release()
        if group.fault is not None:
            raise group.fault
        return group

    def _withdraw(self, group: _Group) -> bool:
        """Take a group out of the queue; False if it is being committed, and must be awaited."""
        with self._queue_lock:
            if group in self._queue:
                self._queue.remove(group)
                return True
        self._leader.acquire()
        return False

    def _lead(self) -> None:
        with self._queue_lock:
            groups = list(self._queue)
            self._queue.clear()
        try:
            self._commit(groups)
        except DatabaseDown as fault:
            _end_process_on_io_error(fault)
            for group in groups:
                group.fault = LogDown("the log cannot be written")
                group.fault.__cause__ = fault
        except BaseException as fault:
            for group in groups:
                group.fault = fault
            raise
        finally:
            for group in groups:
                group.done = True

    def _commit(self, groups: Sequence[_Group]) -> None:
        with self._database.writing() as session:
            head = session.execute(
                select(LogHead.size, LogHead.frontier).where(LogHead.id == 1).with_for_update()
            ).one()
            place = _Place(head.size, Frontier.from_bytes(head.frontier))
            for group in groups:
                self._admit(session, group, place)
            if place.rows:
                session.execute(insert(LogEntry), place.rows)
                _keep_subtrees(session, head.size, place.size)
            session.execute(
                update(LogHead)
                .where(LogHead.id == 1)
                .values(size=place.size, frontier=place.frontier.to_bytes())
            )

    def _admit(self, session: Session, group: _Group, place: "_Place") -> None:
        entries = [decode(body) for body in group.bodies]
        try:
            with session.begin_nested():
                _check_case(session, group.case)
                for offset, entry in enumerate(entries):
                    grants.follow(session, place.size + offset, entry)
                if group.effect is not None:
                    group.effect(session, place.size)
                    session.flush()
        except (ServiceError, IntegrityError) as fault:
            group.fault = fault
            return
        except DBAPIError:
            raise  # the transaction itself is in doubt: nobody gets a receipt
        except Exception as fault:  # noqa: BLE001  whatever an effect raises is its caller's
            group.fault = fault
            return
        group.first_index = place.size
        for body, entry in zip(group.bodies, entries, strict=True):
            place.take(body, search_columns(entry))


@dataclass
class _Place:
    """Where the next entry goes."""

    size: int
    frontier: Frontier
    rows: list[dict[str, Any]] = field(default_factory=list)

    def take(self, body: bytes, columns: dict[str, str]) -> None:
        leaf = leaf_hash(body)
        self.rows.append({"index": self.size, "body": body, "leaf_hash": leaf, **columns})
        self.frontier.append(leaf)
        self.size += 1


def _check_case(session: Session, case: CaseAt | None) -> None:
    if case is None:
        return
    found = session.execute(
        select(CaseRevision.revision).where(CaseRevision.case_id == case.case_id).with_for_update()
    ).scalar_one_or_none()
    if (found or 0) != case.revision:
        raise CaseMoved(case.case_id)
    if case.moves and found is None:
        session.execute(insert(CaseRevision).values(case_id=case.case_id, revision=1))
    elif case.moves:
        session.execute(
            update(CaseRevision)
            .where(CaseRevision.case_id == case.case_id)
            .values(revision=case.revision + 1)
        )


def _keep_subtrees(session: Session, old_size: int, new_size: int) -> None:
    """Keep the root of each 256-block, of 256 blocks, … that became full."""
    level, width = 1, TILE
    while new_size // width > old_size // width:
        for start in range(old_size // width, new_size // width):
            root = root_of(_children(session, level, start))
            session.execute(insert(LogSubtree).values(level=level, start=start, root=root))
        level, width = level + 1, width * TILE


def _children(session: Session, level: int, start: int) -> list[bytes]:
    first, last = start * TILE, (start + 1) * TILE
    if level == 1:
        query = select(LogEntry.leaf_hash).where(LogEntry.index >= first, LogEntry.index < last)
        return list(session.execute(query.order_by(LogEntry.index)).scalars())
    query = select(LogSubtree.root).where(
        LogSubtree.level == level - 1, LogSubtree.start >= first, LogSubtree.start < last
    )
    return list(session.execute(query.order_by(LogSubtree.start)).scalars())


def _end_process_on_io_error(fault: BaseException) -> None:
    """End at once after an I/O error: a second fsync may succeed over lost pages (SEC-LOG-11)."""
    if IO_ERROR in str(fault.__cause__):
        _logger.critical("log_io_error")
        os._exit(70)
