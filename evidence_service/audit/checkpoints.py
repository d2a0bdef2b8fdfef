"""Signs checkpoints, and keeps them outside the data folder before anybody sees one.

A checkpoint is signed only over durable entries, only if the tree extends the last one, by one
signer at a time; it is written to the outside folder first (LOG-FORMATS 3, 7). What came after
the newest outside checkpoint can be cut off unseen.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from evidence_service.audit import reader
from evidence_service.audit.checkpoint import Checkpoint, open_checkpoint, sign
from evidence_service.audit.faults import LogFault
from evidence_service.audit.keys_file import KeysFile, LogKey
from evidence_service.audit.proofs import root_at
from evidence_service.audit.vkeys import KeyType, Signer, signer_from_seed
from evidence_service.clock import Clock
from evidence_service.db import Database
from evidence_service.errors import LogDown, LogForked, LogRolledBack
from evidence_service.keys import LogKey as KeyringLogKey

NEWEST = "checkpoint"
KEPT = "checkpoints"
KEYS = "keys"


class CheckpointKeeper:
    """The one who signs for this log, and the folder where its word is kept."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        origin: str,
        keys: Sequence[KeyringLogKey],
        folder: Path,
    ) -> None:
        self._database = database
        self._clock = clock
        self.origin = origin
        self.folder = folder
        self._signers = [
            (key, signer_from_seed(origin, KeyType.LOG, bytes(key.seed))) for key in keys
        ]
        self._lock = threading.Lock()

    @property
    def keys(self) -> KeysFile:
        """What a verifier needs to know of this log's keys."""
        logs = (LogKey(signer.vkey, key.first_size, key.last_size) for key, signer in self._signers)
        return KeysFile(tuple(logs))

    def signers(self, size: int) -> tuple[Signer, ...]:
        """Give the keys that may sign a tree of this size."""
        return tuple(
            signer
            for key, signer in self._signers
            if key.first_size <= size and (key.last_size is None or size <= key.last_size)
        )

    def issue(self, session: Session | None = None) -> bytes:
        """Sign the tree as it stands in a snapshot, keep the checkpoint outside, and give it.

        Args:
            session: a reading session whose snapshot counts; without one, the present tree.

        Raises:
            LogDown: it could not be written outside, or the log is empty.
            LogRolledBack, LogForked: the tree does not extend the newest checkpoint.
        """
        if session is None:
            with self._database.reading() as own:
                return self.issue(own)
        size = reader.head_size(session)
        if size == 0:
            raise LogDown("the log is empty")
        root = root_at(size, reader.tile_hashes(session))
        with self._lock, self._one_signer():
            newest = self.newest()
            if newest is not None and newest[0].size == size and newest[0].root == root:
                return newest[1]
            if newest is None or newest[0].size < size:
                if newest is not None:
                    check_extends(session, newest[0])
                data = sign(Checkpoint(self.origin, size, root), self.signers(size))
                self._keep(size, data)
                return data
            # Another request signed a later tree meanwhile; this snapshot is older, and true.
            return sign(Checkpoint(self.origin, size, root), self.signers(size))

    def newest(self) -> tuple[Checkpoint, bytes] | None:
        """Give the newest checkpoint of the outside folder, verified, or None if there is none.

        Raises:
            LogDown: the folder or the checkpoint cannot be read, or it is not of this log.
        """
        try:
            # Names alone: a year of checkpoints is half a million files.
            kept = max((file.name for file in os.scandir(self.folder / KEPT)), default="")
        except FileNotFoundError:
            kept = ""
        except OSError as fault:
            raise LogDown("the outside checkpoints cannot be read") from fault
        if not kept.isdecimal():  # none, or only one that a crash left half written
            return None
        return self._read(self.folder / KEPT / kept, self._clock())

    def _read(self, path: Path, now: datetime) -> tuple[Checkpoint, bytes]:
        try:
            data = path.read_bytes()
            return open_checkpoint(data, self.keys, self.origin, now).checkpoint, data
        except (OSError, LogFault) as fault:
            raise LogDown(f"the outside checkpoint {path.name} cannot be trusted") from fault

    def _keep(self, size: int, data: bytes) -> None:
        try:
            (self.folder / KEPT).mkdir(parents=True, exist_ok=True, mode=0o755)
            _write_durably(self.folder / KEPT / f"{size:016d}", data)
            _write_durably(self.folder / NEWEST, data)
            _write_durably(self.folder / KEYS, self.keys.text.encode())
        except OSError as fault:
            raise LogDown("the checkpoint cannot be kept outside") from fault

    @contextmanager
    def _one_signer(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            handle = os.open(self.folder / ".signer", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as fault:
            raise LogDown("the outside folder cannot be written") from fault
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def check_extends(session: Session, newest: Checkpoint) -> None:
    """Check that the tree of a snapshot extends a checkpoint that was handed out.

    Raises:
        LogRolledBack: the tree is shorter.
        LogForked: it has another root at the checkpoint's size.
    """
    size = reader.head_size(session)
    if size < newest.size:
        raise LogRolledBack(
            f"rolled back: the log has {size} entries, the checkpoint outside {newest.size} "
            f"(root {newest.root.hex()}). Do not serve: restore the log, or catch up from an export"
        )
    root = root_at(newest.size, reader.tile_hashes(session))
    if root != newest.root:
        raise LogForked(
            f"forked: at size {newest.size} the log has root {root.hex()}, the checkpoint outside "
            f"{newest.root.hex()}. Do not serve: find out which history is true"
        )


def _write_durably(path: Path, data: bytes) -> None:
    """Replace a file in one step that survives a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
