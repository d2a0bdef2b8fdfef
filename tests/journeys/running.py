"""Starts commands and the real service on the loopback, and ends each by its own id."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60
PASSWORD = "lantern willow bridge 47"


def until(condition: Callable[[], object], what: str):
    """Wait until a condition holds; a deadline, never a guess."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS} s: {what}"
        time.sleep(0.02)
    return found


def environment(**more: str) -> dict[str, str]:
    """The environment of a command: nothing of ours but what the test says."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("EVIDENCE_")}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def evidence(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "evidence_service.cli", *map(str, arguments)],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=DEADLINE_SECONDS,
        cwd=ROOT,
        env=environment(**more),
    )


def begun(*arguments: object, **more: str) -> subprocess.Popen[str]:
    """Begin a command, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "evidence_service.cli", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(**more),
        start_new_session=True,
    )


@dataclass
class Service:
    """A running service."""

    data: Path
    process: subprocess.Popen[str]
    url: str
    said: list[str] = field(default_factory=list)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would: arbiter, worker and renderer at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(DEADLINE_SECONDS)

    def token(self, name: str) -> str:
        given = json.loads(evidence("people", "code", name, "--json", "--data", self.data).stdout)
        answer = httpx.post(
            f"{self.url}/api/v1/sessions",
            json={"name": name, "password": PASSWORD, "code": given["code"]},
            trust_env=False,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["token"]


@contextmanager
def serving(data: Path, port: int = 0) -> Iterator[Service]:
    process = begun("serve", "--data", data, "--port", port)
    said: list[str] = []
    threads = [
        threading.Thread(target=said.extend, args=(pipe,), daemon=True)
        for pipe in (process.stdout, process.stderr)
    ]
    for thread in threads:
        thread.start()
    try:
        prefix = "listening on "
        until(
            lambda: any(line.startswith(prefix) for line in said) or process.poll() is not None,
            "the service listens",
        )
        found = [line.strip() for line in said if line.startswith(prefix)]
        assert found, f"the service did not start: {said}"
        service = Service(data, process, found[0].removeprefix(prefix), said)
        until(
            lambda: httpx.get(f"{service.url}/readyz", trust_env=False).status_code == 200, "ready"
        )
        yield service
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(DEADLINE_SECONDS)
        for thread in threads:
            thread.join(DEADLINE_SECONDS)
        for pipe in (process.stdout, process.stderr):
            pipe.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
