"""Sends one large file in chunks (tus 1.0), and goes on where a broken connection left it.

Source: tus 1.0.0 core, creation, checksum. Never begins at 0 again unless the service says that
the upload is gone (404) or expired (410).
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader.uploader import Uploader

from evidence_service.cli.client import Api, is_passing, problem_in_words
from evidence_service.cli.output import Exit, Stop
from evidence_service.cli.unfinished import Unfinished

MIB = 1 << 20
CHUNK_BYTES = 4 * MIB
MANY_SIGN_INS = 3  # one after another, without a byte moved between
PATIENCE_SECONDS = 60  # without any progress
PAUSES_SECONDS = (0.2, 0.5, 1, 2, 4, 8)
_CHECKSUM_WRONG = 460  # tus: the chunk was damaged on its way
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_AGAIN = (HTTPStatus.CONFLICT, HTTPStatus.LOCKED, _CHECKSUM_WRONG)

Progress = Callable[[int], None]
"""Gets how many bytes of the file the service has."""


@dataclass(frozen=True)
class LocalFile:
    """A file to be sent, and what it is."""

    path: Path
    size_bytes: int
    sha256: str


class _ChecksummedUploader(Uploader):
    CHECKSUM_ALGORITHM_PAIR = ("sha256", hashlib.sha256)


class Transfer:
    """One file on its way."""

    def __init__(
        self,
        api: Api,
        case_id: str,
        file: LocalFile,
        memory: tuple[Unfinished, str],
        progress: Progress,
    ) -> None:
        self._api = api
        self._client = TusClient(f"{api.url}/api/v1/cases/{case_id}/uploads")
        self._file = file
        self._memory, self._name = memory
        self._progress = progress
        self._offset = -1
        self._failures = 0
        self._moved_at = time.monotonic()

    def send(self, limit_rate: float | None = None) -> str:
        """Send what is missing, at most `limit_rate` MiB a second; give the upload's address.

        Raises:
            Stop: refused, or the service did not answer for a minute.
        """
        if not self._api.token:
            self._api.sign_in()
        with self._file.path.open("rb") as stream:
            while True:
                try:
                    return self._go_on(stream, limit_rate)
                except TusCommunicationError as fault:
                    self._recover(fault)

    def _go_on(self, stream: BinaryIO, limit_rate: float | None) -> str:
        self._client.headers = self._api.headers
        uploader: Any = _ChecksummedUploader(
            client=self._client,
            file_stream=stream,
            url=self._memory.get(self._name) or None,  # asks the service how far it is
            chunk_size=_chunk_bytes(limit_rate),
            metadata={"filename": self._file.path.name, "sha256": self._file.sha256},
            upload_checksum=True,
        )
        if not uploader.url:
            uploader.set_url(uploader.create_url())
            self._memory.remember(self._name, uploader.url)
        self._moved(uploader.offset)
        while uploader.offset < self._file.size_bytes:
            began = time.monotonic()
            uploader.upload_chunk()
            self._moved(uploader.offset)
            if limit_rate:
                due = began + uploader.chunk_size / (limit_rate * MIB)
                time.sleep(max(0.0, due - time.monotonic()))
            if self._api.freshen():
                self._client.headers = self._api.headers
        return str(uploader.url)

    def _moved(self, offset: int) -> None:
        if offset != self._offset:
            self._offset, self._failures, self._moved_at = offset, 0, time.monotonic()
        self._progress(offset)

    def _recover(self, fault: TusCommunicationError) -> None:
        """Do what makes the next try reasonable, or give up."""
        status = fault.status_code
        self._failures += 1
        if status == HTTPStatus.UNAUTHORIZED and self._failures <= MANY_SIGN_INS:
            self._api.sign_in()
            return
        begun = bool(self._memory.get(self._name))
        if begun and status in _GONE:
            self._memory.forget([self._name])
            return
        words = problem_in_words(status, fault.response_content)
        if not is_passing(status) and not (begun and status in _AGAIN):
            raise Stop(words) from fault
        if time.monotonic() - self._moved_at > PATIENCE_SECONDS:
            raise Stop(f"{words}; the same command goes on", Exit.TRY_AGAIN) from fault
        time.sleep(PAUSES_SECONDS[min(self._failures, len(PAUSES_SECONDS)) - 1])


def _chunk_bytes(limit_rate: float | None) -> int:
    """Give chunks of about a second on a limited line, so that little is lost when it breaks."""
    return (
        CHUNK_BYTES
        if limit_rate is None
        else max(64 << 10, min(CHUNK_BYTES, int(limit_rate * MIB)))
    )
