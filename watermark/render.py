"""Looks at files and draws pages in caged children: thread-safe, bounded, never hanging.

Every call gets a child of its own, which is gone afterwards. Two more wait, forked and caged, so
that a call does not wait for the fork. Nothing is written to disk.
"""

import base64
import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np

from watermark.answers import inspection_in, problem_in, raster_shape_in, refusal_in
from watermark.cage import Caged, ChildGone, ChildSlow, ForkServer
from watermark.errors import FileRefused, PageUndrawable, QueueFull, RendererDown
from watermark.inspection import Inspection, ending_of
from watermark.limits import MIB, Limits
from watermark.source import Source, size_of

KNOWN_GOOD = base64.b64decode(  # a PNG of one grey pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
COMMON_FILE_BYTES = 64 * MIB  # larger documents get a child with more memory, forked for them


@dataclass(frozen=True, slots=True)
class RasterSize:
    """How large a page is drawn: PDF pages by resolution, pictures by their long side."""

    dpi: int = 150
    long_side_px: int = 1600  # 0: a picture's own size, as far as the raster limit goes


VIEW = RasterSize()
COPY = RasterSize(dpi=200, long_side_px=0)


@dataclass(frozen=True, slots=True)
class Raster:
    """A clean page: `pixels` uint8 (height, width, 3) RGB; warnings are sorted tokens.

    drawing_warnings: the file is broken here and the picture may differ from what was meant;
    text_without_ink: the page has text and shows nothing; scaled_down: the pixel limit did it;
    enlarged: a tiny picture was enlarged by a whole factor so that a mark can be read on it.
    """

    pixels: np.ndarray
    dpi: float
    warnings: tuple[str, ...] = ()


class Renderer:
    """Owns the fork server and its children. One per process; use it as a context or `close`."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Start the fork server and the first children.

        Raises:
            RendererDown: it cannot be started here.
        """
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._slots = threading.Semaphore(self.limits.workers)
        self._callers = 0
        self._waiting: deque[Caged] = deque()
        self._server: ForkServer | None = None
        self._owner = os.getpid()
        self._closed = False
        self._live_server()
        self._refill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def versions(self) -> str:
        """The versions of the libraries that draw."""
        return self._live_server().versions

    def inspect(self, source: Source, size_bytes: int, name: str) -> Inspection:
        """Return what a file is, its page sizes and its flags; only the name's ending counts.

        Raises:
            FileRefused: it is not taken, with the reason.
            QueueFull, RendererDown: try again later.
        """
        if size_bytes > self.limits.file_bytes:
            raise FileRefused("too_large", f"{size_bytes} bytes", "file")
        job = self._job("look", size_bytes, ending=ending_of(name))
        try:
            with self._child(size_bytes) as child:
                answer = self._ask(child, job, source, self.limits.first_look_seconds)[0]
                if refusal := refusal_in(answer):
                    raise refusal
                if problem := problem_in(answer):
                    raise _as_refusal(problem)
                return inspection_in(answer, self.limits)
        except ChildSlow as slow:
            raise FileRefused("too_slow", "", "first look") from slow
        except ChildGone as gone:
            raise FileRefused("reader_failed", "", "first look") from gone

    def render(
        self, source: Source, media: str, page_number: int, size: RasterSize = VIEW
    ) -> Raster:
        """Return page `page_number` (from 1) of an inspected document as pixels.

        Raises:
            PageUndrawable: it cannot be drawn within the limits.
            QueueFull, RendererDown: try again later.
        """
        size_bytes = size_of(source)
        job = self._job("draw", size_bytes, media=media, page=page_number, **asdict(size))
        try:
            with self._child(size_bytes) as child:
                answer, until = self._ask(child, job, source, self.limits.page_seconds)
                if problem := problem_in(answer):
                    raise PageUndrawable(page_number, problem)
                height, width, dpi, warnings = raster_shape_in(answer, self.limits)
                pixels = child.read(height * width * 3, until).reshape(height, width, 3)
                return Raster(pixels, dpi, warnings)
        except ChildSlow as slow:
            raise PageUndrawable(page_number, "too_slow") from slow
        except ChildGone as gone:
            raise PageUndrawable(page_number, "reader_failed") from gone

    def ensure_alive(self) -> None:
        """Start the fork server again if it died.

        Raises:
            RendererDown: it was closed, or cannot be started.
        """
        self._live_server()

    def prove(self) -> None:
        """Look at a picture that is known to be good, behind the whole fence.

        Raises:
            RendererDown: it was not taken: no child can work here, whatever the reason.
        """
        try:
            self.inspect(KNOWN_GOOD, len(KNOWN_GOOD), "known.png")
        except (FileRefused, QueueFull) as fault:
            raise RendererDown(f"a child cannot work behind its fence here ({fault})") from fault

    def close(self) -> None:
        """End all children and the fork server. Calls that still run fail."""
        with self._lock:
            self._closed = True
            self._drop_all()

    def _job(self, task: str, size_bytes: int, **more: Any) -> dict[str, Any]:
        """Return a job's header."""
        return {"task": task, "size_bytes": size_bytes, "limits": asdict(self.limits), **more}

    def _ask(
        self, child: Caged, job: dict[str, Any], source: Source, seconds: float
    ) -> tuple[dict[str, Any], float]:
        """Give the child its job, call up the next one, and return answer and deadline."""
        until = time.monotonic() + seconds
        child.send(job, source, until)
        with contextlib.suppress(RendererDown):  # this call has its child; the next one will say so
            self._refill()
        return child.answer(until), until

    @contextlib.contextmanager
    def _child(self, size_bytes: int) -> Iterator[Caged]:
        """Wait for a free worker, lend a live child, and end it."""
        with self._lock:
            if self._callers >= self.limits.workers + self.limits.queue:
                raise QueueFull
            self._callers += 1
        try:
            if not self._slots.acquire(timeout=self.limits.queue_seconds):
                raise QueueFull
            try:
                with self._take(size_bytes) as child:
                    yield child
            finally:
                self._slots.release()
        finally:
            with self._lock:
                self._callers -= 1

    def _take(self, size_bytes: int) -> Caged:
        """Return a live child with enough memory for the document."""
        if size_bytes > COMMON_FILE_BYTES:
            return self._fork(self.limits.memory_bytes + size_bytes)
        self._live_server()
        while True:
            with self._lock:
                child = self._waiting.popleft() if self._waiting else None
            if child is None:
                return self._fork(self.limits.memory_bytes + COMMON_FILE_BYTES)
            if child.alive:
                return child
            child.end()

    def _fork(self, memory_bytes: int) -> Caged:
        """Fork a child; a server that ended is started anew once."""
        cpu_seconds = int(max(self.limits.first_look_seconds, self.limits.page_seconds)) + 2
        server = self._live_server()
        try:
            return server.fork(memory_bytes, cpu_seconds)
        except RendererDown:
            with self._lock:
                if self._server is server:  # no other thread has replaced it already
                    self._drop_all()
            return self._live_server().fork(memory_bytes, cpu_seconds)

    def _live_server(self) -> ForkServer:
        """Return a running server of this process, started if need be."""
        with self._lock:
            if self._closed:
                raise RendererDown("the renderer was closed")
            if os.getpid() != self._owner:  # a fork of the process: nothing of it is ours
                self._abandon_all()
            if self._server is not None and not self._server.alive:
                self._drop_all()
            if self._server is None:
                self._server = ForkServer(self.limits)
            return self._server

    def _refill(self) -> None:
        """Fork children until enough of them wait."""
        while True:
            with self._lock:
                if len(self._waiting) >= self.limits.ready or self._closed:
                    return
            child = self._fork(self.limits.memory_bytes + COMMON_FILE_BYTES)
            with self._lock:
                self._waiting.append(child)

    def _abandon_all(self) -> None:
        """Forget what belongs to the process that this one was forked from. The lock is held."""
        for child in self._waiting:
            child.abandon()
        self._waiting.clear()
        if self._server is not None:
            self._server.abandon()
        self._owner, self._server = os.getpid(), None

    def _drop_all(self) -> None:
        """Give up server and waiting children. The lock is held."""
        for child in self._waiting:
            child.end()
        self._waiting.clear()
        if self._server is not None:
            self._server.close()
            self._server = None


def _as_refusal(problem: str) -> FileRefused:
    """Return the refusal that a problem during the first look means."""
    reasons = {"out_of_memory": "too_many_pixels", "damaged": "damaged", "too_slow": "too_slow"}
    return FileRefused(reasons.get(problem, "reader_failed"), problem, "first look")
