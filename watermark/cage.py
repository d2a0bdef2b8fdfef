"""The cage seen from outside: a fork server, and children that hold one document each.

The parent keeps the clock and the upper hand: every read and write has a deadline, every length a
bound, and a child is ended through its pidfd, which can never hit another process.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from watermark.errors import RendererDown
from watermark.limits import Limits
from watermark.source import Source, chunks
from watermark.wire import (
    ANSWER_MAX_BYTES,
    HELLO_MAX_BYTES,
    LENGTH_BYTES,
    fork_request,
    framed,
)

PACKAGE_ROOT = Path(__file__).resolve().parents[1]
PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[2]); "
    "from watermark.child.server import main; main(int(sys.argv[1]))"
)
START_SECONDS = 60.0
FORK_SECONDS = 10.0
PIPE_BYTES = 1024 * 1024


class ChildGone(Exception):
    """The child ended, or sent something that is no answer."""


class ChildSlow(Exception):
    """The child did not answer in time."""


def environment(limits: Limits) -> dict[str, str]:
    """Return the whole environment of the fork server and its children."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OPENCV_FOR_THREADS_NUM": "1",
        "OPENCV_IO_MAX_IMAGE_PIXELS": str(limits.picture_pixels),
    }


class ForkServer:
    """One fork server process. Thread-safe; `close` ends it and, through it, its children."""

    def __init__(self, limits: Limits) -> None:
        """Start the process and wait until it has loaded and tried everything.

        Raises:
            RendererDown: it cannot load its libraries or draw its samples.
        """
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", PROGRAM, str(theirs.fileno()), str(PACKAGE_ROOT)],
                env=environment(limits),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                start_new_session=True,  # a terminal's Ctrl-C is the parent's to handle
            )
        self.versions = self._hello()

    def _hello(self) -> str:
        """Return the versions the server says it has loaded."""
        self._channel.settimeout(START_SECONDS)
        with contextlib.suppress(OSError, ValueError):
            hello = self._channel.recv(HELLO_MAX_BYTES)
            if hello:
                self._channel.settimeout(FORK_SECONDS)
                self._drop_stderr()
                return str(json.loads(hello)["ready"])
        self._process.kill()
        said = self._process.stderr.read(65536) if self._process.stderr else b""
        self.close()
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise RendererDown(f"the fork server did not start: {''.join(last)}")

    def _drop_stderr(self) -> None:
        """Stop listening: from now on nothing of what it prints is wanted."""
        if self._process.stderr:
            self._process.stderr.close()
            self._process.stderr = None

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def fork(self, memory_bytes: int, cpu_seconds: int) -> "Caged":
        """Return a fresh child under these limits, waiting for its document.

        Raises:
            RendererDown: the server is gone.
        """
        job_out, job_in = os.pipe2(os.O_CLOEXEC)
        answer_out, answer_in = os.pipe2(os.O_CLOEXEC)
        try:
            with self._lock:
                request = fork_request(memory_bytes, cpu_seconds)
                socket.send_fds(self._channel, [request], [job_out, answer_in])
                _said, descriptors, _flags, _address = socket.recv_fds(self._channel, 64, 1)
            pidfd = descriptors[0]
        except (OSError, IndexError) as failed:
            os.close(job_in)
            os.close(answer_out)
            raise RendererDown("the fork server does not answer") from failed
        finally:
            os.close(job_out)
            os.close(answer_in)
        return Caged(pidfd, job_in, answer_out, memory_bytes)

    def close(self) -> None:
        """End the server; its children get the kernel's signal that their parent died."""
        self._channel.close()
        self._process.kill()
        self._process.wait()
        self._drop_stderr()

    def abandon(self) -> None:
        """Let go of a server that belongs to the process this one was forked from."""
        self._channel.close()
        self._process.returncode = 0  # not ours to wait for


class Caged:
    """One child for one document. Used by one thread; leaving the context ends the child."""

    def __init__(self, pidfd: int, job_in: int, answer_out: int, memory_bytes: int) -> None:
        self._pidfd, self._job, self._answer = pidfd, job_in, answer_out
        self.memory_bytes = memory_bytes
        for descriptor in (job_in, answer_out):
            os.set_blocking(descriptor, False)
            with contextlib.suppress(OSError):  # beyond the user's share of pipe memory
                fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def alive(self) -> bool:
        """Whether the child still runs."""
        return not select.select([self._pidfd], [], [], 0)[0]

    def end(self) -> None:
        """Kill the child, if it still runs, and give up everything that belonged to it."""
        if self._pidfd < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self.abandon()

    def abandon(self) -> None:
        """Close what belonged to the child, and leave the child alone."""
        for descriptor in (self._pidfd, self._job, self._answer):
            os.close(descriptor)
        self._pidfd = self._job = self._answer = -1

    def send(self, header: dict[str, Any], source: Source, until: float) -> None:
        """Send the job and its document before the monotonic time `until`.

        Raises:
            ChildSlow: the child does not read. A child that ended is noticed by `answer`.
        """
        with contextlib.suppress(BrokenPipeError):
            self._write(memoryview(framed(header)), until)
            for chunk in chunks(source, header["size_bytes"]):
                self._write(chunk, until)

    def answer(self, until: float) -> dict[str, Any]:
        """Return the child's answer, parsed and not yet believed.

        Raises:
            ChildSlow: none came in time.
            ChildGone: the child ended, or its answer is too long or none.
        """
        length = int.from_bytes(self.read(LENGTH_BYTES, until), "big")
        if not 0 < length <= ANSWER_MAX_BYTES:
            raise ChildGone
        try:
            said = json.loads(bytes(self.read(length, until)))
        except (ValueError, RecursionError) as failed:
            raise ChildGone from failed
        if not isinstance(said, dict):
            raise ChildGone
        return said

    def read(self, count: int, until: float) -> np.ndarray:
        """Return exactly `count` bytes, uint8.

        Raises:
            ChildSlow: they did not come in time.
            ChildGone: the child ended before.
        """
        taken = np.empty(count, np.uint8)
        view = taken.data
        while view:
            _wait(self._answer, select.POLLIN, until)
            got = os.readv(self._answer, [view])
            if got == 0:
                raise ChildGone
            view = view[got:]
        return taken

    def _write(self, view: memoryview, until: float) -> None:
        """Write all of it."""
        while view:
            _wait(self._job, select.POLLOUT, until)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self._job, view) :]


def _wait(descriptor: int, event: int, until: float) -> None:
    """Wait until the descriptor can be used; the deadline bounds it."""
    poller = select.poll()
    poller.register(descriptor, event)
    left = until - time.monotonic()
    if left <= 0 or not poller.poll(left * 1000):
        raise ChildSlow
