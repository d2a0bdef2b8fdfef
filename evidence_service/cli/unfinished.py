"""What the command line remembers of uploads that are not finished, from one run to the next.

A small file under XDG_STATE_HOME, mode 0600. It holds fingerprints and addresses, no names: a
fingerprint is a SHA-256 over the service's address, the case and the file's own SHA-256.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

KEPT = 200  # older ones are forgotten; the service forgets them sooner


def fingerprint(*parts: str) -> str:
    """Name something by what it is made of."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class Unfinished:
    """The memory of one user on this machine."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or _state_folder()) / "uploads.json"

    def get(self, name: str) -> str:
        """Give what is remembered under a fingerprint, or an empty text."""
        return str(self._read().get(name, ""))

    def remember(self, name: str, value: str) -> None:
        """Remember something, for the next run."""
        with self._changing() as known:
            known.pop(name, None)
            known[name] = value

    def forget(self, names: Sequence[str]) -> None:
        """Forget what is finished or gone."""
        with self._changing() as known:
            for name in names:
                known.pop(name, None)

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """Change the memory; two uploads at once do not lose one another's."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self._path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = self._read()
            yield known
            temporary = self._path.with_suffix(".new")
            handle = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump(dict(list(known.items())[-KEPT:]), file)
            temporary.replace(self._path)
        finally:
            os.close(lock)


def _state_folder() -> Path:
    home = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(home).expanduser() / "accident-evidence"
