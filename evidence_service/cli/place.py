"""Which installation is meant: `--data DIR`, or the environment's EVIDENCE_… variables.

With `--data DIR` the keys lie beside it in `DIR-keys`, the checkpoints in `DIR-checkpoints`, and
what `evidence init` decided (mode, origin) in `DIR-keys/settings.env`. A variable that is set
wins over all of them, so one thing can be moved without moving the rest.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from evidence_service.errors import SettingsWrong
from evidence_service.settings import PREFIX, Mode, Settings

F = TypeVar("F", bound=Callable[..., Any])

DEMO_ORIGIN = "evidence.example/log/demo"
SETTINGS_FILE = "settings.env"


def data_option(function: F) -> F:
    """Add `--data DIR` to a command."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="The installation's data folder; DIR-keys and DIR-checkpoints lie beside it.",
    )(function)


def keys_folder(data: Path) -> Path:
    """Give the folder of the keys beside a data folder."""
    return data.with_name(f"{data.name}-keys")


def checkpoints_folder(data: Path) -> Path:
    """Give the folder of the checkpoints beside a data folder."""
    return data.with_name(f"{data.name}-checkpoints")


def defaults(data: Path) -> dict[str, str]:
    """Give the variables that `--data` stands for."""
    data = data.expanduser().absolute()
    decided = _read(keys_folder(data) / SETTINGS_FILE)
    return decided | {
        f"{PREFIX}DATA_DIR": str(data),
        f"{PREFIX}KEYRING": str(keys_folder(data) / "keyring.json"),
        f"{PREFIX}CHECKPOINT_DIR": str(checkpoints_folder(data)),
    }


def text_of(mode: Mode, origin: str, data: Path) -> str:
    """Write the file of settings, in the form that systemd's EnvironmentFile takes too."""
    values = defaults(data) | {f"{PREFIX}MODE": str(mode), f"{PREFIX}LOG_ORIGIN": origin}
    return "".join(f"{name}={value}\n" for name, value in sorted(values.items()))


def settings(data: Path | None) -> Settings:
    """Read the settings of the installation that is meant.

    Raises:
        SettingsWrong: naming every fault, or that no installation was named or made.
    """
    environ = dict(os.environ)
    given = [name for name in environ if name.startswith(PREFIX)]
    if data is None and not given:
        raise SettingsWrong("no installation is named: give --data DIR, or set EVIDENCE_DATA_DIR")
    if data is not None:
        if not keys_folder(data.expanduser().absolute()).is_dir() and not given:
            raise SettingsWrong(f"no installation at {data}: make one with `evidence init`")
        environ = defaults(data) | environ
    return Settings.from_env(environ)


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise SettingsWrong(f"{path} cannot be read") from fault
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}
