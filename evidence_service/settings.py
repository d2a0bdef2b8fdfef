"""What the operator decides, read once from the environment.

Every missing, bad or unknown `EVIDENCE_…` variable is named at once, and the service does not
start (SEC-KEY-3, PEER-FAULTS 14). Secrets are never variables: they name files (SEC-KEY-1).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from evidence_service.errors import SettingsWrong

PREFIX = "EVIDENCE_"
MIB = 1 << 20


class Mode(StrEnum):
    """`demo` takes demonstration keys and people; `production` refuses both."""

    DEMO = "demo"
    PRODUCTION = "production"


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("a folder")
    return Path(text).expanduser().absolute()


def _origin(text: str) -> str:
    if not re.fullmatch(r"[!-*,-~]{1,200}", text) or "://" in text or text.endswith("/"):
        raise ValueError("1-200 visible ASCII characters, no scheme, no plus sign, no slash at end")
    return text


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError:
        raise ValueError("demo or production") from None


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in text.split(",") if host.strip())
    if not hosts:
        raise ValueError("one or more host names with commas between")
    return hosts


def _setting(read: Callable[[str], Any], default: Any = ...) -> Any:
    metadata = {"read": read}
    return field(metadata=metadata) if default is ... else field(metadata=metadata, default=default)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. A field `data_dir` is read from `EVIDENCE_DATA_DIR`."""

    mode: Mode = _setting(_mode)
    data_dir: Path = _setting(_folder)
    keyring: Path = _setting(_folder)
    checkpoint_dir: Path = _setting(_folder)
    log_origin: str = _setting(_origin)
    trusted_hosts: tuple[str, ...] = _setting(_hosts, ("localhost", "127.0.0.1"))
    proxies: int = _setting(_whole(0, 8), 0)
    file_max_bytes: int = _setting(_whole(1, 4096 * MIB), 512 * MIB)
    multipart_max_bytes: int = _setting(_whole(MIB, 512 * MIB), 32 * MIB)
    chunk_max_bytes: int = _setting(_whole(1024, 64 * MIB), 16 * MIB)
    unfinished_uploads_max: int = _setting(_whole(1, 100), 5)
    upload_ttl_seconds: int = _setting(_whole(60, 7 * 86400), 86400)
    derived_max_bytes: int = _setting(_whole(16 * MIB, 1 << 44), 2048 * MIB)
    render_workers: int = _setting(_whole(1, 64), 2)
    render_queue: int = _setting(_whole(1, 1000), 32)
    viewing_ttl_seconds: int = _setting(_whole(60, 86400), 3600)
    copy_ttl_seconds: int = _setting(_whole(60, 86400), 3600)
    calendar: Path | None = _setting(_folder, None)  # holidays published since this version
    checkpoint_every_seconds: int = _setting(_whole(1, 300), 10)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read all settings from `environ`.

        Raises:
            SettingsWrong: naming every missing, bad and unknown variable.
        """
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        given = {name: text for name, text in environ.items() if name.startswith(PREFIX)}
        faults = [f"{name} is not a setting" for name in sorted(given.keys() - known.keys())]
        values: dict[str, Any] = {}
        for name, setting in known.items():
            if name not in given:
                if setting.default is setting.default_factory:  # both MISSING: it is required
                    faults.append(f"{name} is missing")
                continue
            try:
                values[setting.name] = setting.metadata["read"](given[name])
            except ValueError as wrong:
                faults.append(f"{name} must be {wrong}")
        if faults:
            raise SettingsWrong(faults)
        return cls(**values)

    @property
    def database(self) -> Path:
        """The embedded database's file."""
        return self.data_dir / "evidence.sqlite"

    @property
    def spool(self) -> Path:
        """Where uploads gather before they are stored."""
        return self.data_dir / "spool"
