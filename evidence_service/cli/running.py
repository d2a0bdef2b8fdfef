"""Starts the service as a process of its own, and ends it by its own process id."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence_service.cli.output import Exit, Stop, note

DEFAULT_PORT = 8650
START_SECONDS = 60
STOP_SECONDS = 35  # requests that run have 30
LISTENING = "listening on "
LOG_FILE = "service.log"
LAST_LINES = 8
_TRIED_PORTS = 50


class Running:
    """A service that runs beside this command."""

    def __init__(self, process: subprocess.Popen[str], log: Path, log_begins: int) -> None:
        self._process = process
        self._log, self._log_begins = log, log_begins
        self._said: list[str] = []
        self._ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens; waits until it does.

        Raises:
            Stop: it ended, or did not begin in its time.
        """
        if not self._ready.wait(START_SECONDS):
            raise Stop(f"the service was not ready within {START_SECONDS} s; see {self._log}")
        found = [line for line in self._said if line.startswith(LISTENING)]
        if not found:
            code = self._process.wait()
            for line in self.faults():
                note(line)
            raise Stop("the service did not start", Exit(code) if code in set(Exit) else Exit.NO)
        return found[0].removeprefix(LISTENING)

    def wait(self) -> None:
        """Wait until it ends, which is a fault: Ctrl-C ends the waiting sooner."""
        code = self._process.wait()
        raise Stop(f"the service ended with code {code}; see {self._log}", Exit.NO)

    def faults(self) -> list[str]:
        """Give the last lines of its log that tell of faults, and not of requests."""
        lines = self._log.read_bytes()[self._log_begins :].decode(errors="replace").splitlines()
        return [line for line in lines if '"level": "info"' not in line][-LAST_LINES:]

    def stop(self) -> None:
        """End it, gently."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _listen(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self._said.append(line.strip())
                if line.startswith(LISTENING):
                    self._ready.set()
        self._ready.set()  # it ended


@contextmanager
def started(data: Path, port: int) -> Iterator[Running]:
    """Start the service of an installation, and end it with the block.

    Raises:
        Stop: it did not start; says why.
    """
    log = data / LOG_FILE
    command = [sys.executable, "-m", "evidence_service.cli", "serve"]
    with log.open("a") as faults:
        log_begins = faults.tell()
        process = subprocess.Popen(
            [*command, "--data", str(data), "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=faults,
            text=True,
            # Ctrl-C on the terminal is for this command, which then ends the service gently.
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    service = None
    try:
        service = Running(process, log, log_begins)
        yield service
    finally:
        _end(process, service)


def _end(process: subprocess.Popen[str], service: Running | None) -> None:
    try:
        if service is not None:
            service.stop()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(STOP_SECONDS)


def chosen_port(port: int | None) -> int:
    """Give the port that was asked for, or else the usual one or one soon after it.

    Raises:
        Stop: somebody listens on it, or there is none.
    """
    if port is not None:
        if not _is_free(port):
            raise Stop(f"port {port} is taken; without --port a free one is found", Exit.TRY_AGAIN)
        return port
    for free in filter(_is_free, range(DEFAULT_PORT, DEFAULT_PORT + _TRIED_PORTS)):
        return free
    raise Stop(f"no free port from {DEFAULT_PORT} on; name one with --port", Exit.TRY_AGAIN)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
