"""The keyring: every secret of the service, in one file of its own (SECURITY 5).

One key, one use; sub-keys come from HKDF with distinct info. Keys have no `repr`, so neither a
traceback nor a log line can show one.
"""

import json
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from evidence_service.errors import KeyringWrong

KEY_BYTES = 32
NUMBERED = ("mark", "key_encryption", "token", "pepper")


class Key(bytes):
    """A secret of 32 bytes that never prints itself."""

    def __repr__(self) -> str:
        """Say that it is a key and nothing more."""
        return "Key(hidden)"

    __str__ = __repr__

    def derive(self, info: str) -> "Key":
        """Give the sub-key for one named use (RFC 5869, SHA-256, no salt)."""
        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info.encode())
        return Key(hkdf.derive(bytes(self)))


@dataclass(frozen=True)
class Numbered:
    """Numbered keys of one use: new things take the current one, old things keep theirs."""

    keys: Mapping[int, Key]

    @property
    def current(self) -> int:
        """The highest number."""
        return max(self.keys)

    def __getitem__(self, number: int) -> Key:
        """Give the key with this number; KeyError when it is not in the ring."""
        return self.keys[number]


@dataclass(frozen=True)
class LogKey:
    """An Ed25519 seed that signs the log from tree size `first_size`, to `last_size` if retired."""

    seed: Key
    first_size: int = 1
    last_size: int | None = None

    def private(self) -> Ed25519PrivateKey:
        """Give the signing key."""
        return Ed25519PrivateKey.from_private_bytes(bytes(self.seed))


@dataclass(frozen=True)
class Keyring:
    """All keys, checked. `demo` rings are refused in production."""

    demo: bool
    log: tuple[LogKey, ...] = field(repr=False)
    mark: Numbered = field(repr=False)
    key_encryption: Numbered = field(repr=False)
    token: Numbered = field(repr=False)
    pepper: Numbered = field(repr=False)


def make_keyring(path: Path, *, demo: bool) -> None:
    """Write a new keyring with fresh keys, mode 0600, durable; never over an old one.

    Raises:
        KeyringWrong: something already lies at `path`, or it cannot be written.
    """
    ring: dict[str, Any] = {name: {"1": secrets.token_hex(KEY_BYTES)} for name in NUMBERED}
    log = [{"seed": secrets.token_hex(KEY_BYTES), "first_size": 1, "last_size": None}]
    text = json.dumps({"format": 1, "demo": demo, "log": log, **ring}, indent=1)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as fault:
        raise KeyringWrong(f"the keyring cannot be made: {fault.strerror}") from fault


def load_keyring(path: Path, *, outside: Path) -> Keyring:
    """Read and check the keyring; it must not lie inside the data folder `outside`.

    Raises:
        KeyringWrong: naming every fault at once: missing, a link, open to others, another
            owner's, inside the data folder, wrong lengths, constant or doubled keys.
    """
    faults = [f"the keyring {fault}" for fault in _file_faults(path, outside)]
    if faults:
        raise KeyringWrong(faults)
    try:
        ring = json.loads(path.read_text())
        faults = [f"the keyring {fault}" for fault in _key_faults(ring)]
    except (ValueError, AttributeError, TypeError, KeyError, OSError) as fault:
        raise KeyringWrong("the keyring is not readable as one") from fault
    if faults:
        raise KeyringWrong(faults)
    numbered = {
        name: Numbered({int(n): Key(bytes.fromhex(key)) for n, key in ring[name].items()})
        for name in NUMBERED
    }
    log = tuple(
        LogKey(Key(bytes.fromhex(key["seed"])), key["first_size"], key["last_size"])
        for key in ring["log"]
    )
    return Keyring(demo=ring["demo"], log=log, **numbered)


def _file_faults(path: Path, outside: Path) -> Iterator[str]:
    try:
        found = path.lstat()
    except OSError:
        yield "is missing"
        return
    if not stat.S_ISREG(found.st_mode):
        yield "is not a plain file"
    if found.st_uid != os.geteuid():
        yield "belongs to somebody else"
    if stat.S_IMODE(found.st_mode) & 0o077:
        yield "is open to others (mode must be 0600)"
    if path.resolve().is_relative_to(outside.resolve()):
        yield "lies inside the data folder, so a copy of one would be a copy of both"


def _key_faults(ring: Mapping[str, Any]) -> Iterator[str]:
    if ring["format"] != 1 or not isinstance(ring["demo"], bool):
        yield "has another format"
    seen: set[str] = set()
    for name, key in _all_keys(ring):
        if not re.fullmatch(rf"[0-9a-f]{{{2 * KEY_BYTES}}}", key):
            yield f"holds a {name} key that is not 32 bytes"
        elif len(set(bytes.fromhex(key))) < KEY_BYTES // 4:
            yield f"holds a {name} key of constant bytes"
        elif key in seen:
            yield f"holds a {name} key that stands twice"
        seen.add(key)
    for name in ("log", *NUMBERED):
        if not ring[name]:
            yield f"holds no {name} key"


def _all_keys(ring: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ring["log"]:
        yield "log", key["seed"]
    for name in NUMBERED:
        for key in ring[name].values():
            yield name.replace("_", "-"), key
