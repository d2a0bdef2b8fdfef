"""`evidence demo`: the whole service on this machine, with one invented case in it.

The service runs as a process of its own, on embedded defaults; here it is started, filled over
its API, and ended with this command.
"""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from evidence_service.cli import place
from evidence_service.cli.output import Exit, Stop, note, say
from evidence_service.cli.running import DEFAULT_PORT, chosen_port, started
from evidence_service.settings import Mode, Settings

FILLED = "demonstration-filled"  # beside the keys: the case is in


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Tell the main story, one JSON line a step.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"The port; without it {DEFAULT_PORT}, or the next one that is free.",
)
@place.data_option
def demo(as_json: bool, port: int | None, data: Path | None) -> int:
    """Start the service with an invented case, and say where to look and who to sign in as.

    Without --data it keeps its data in a folder of the user's cache, and goes on with it the next
    time. With --json it tells the main story in a fresh folder instead: exit code 0 only if every
    step was as it should be.
    """
    # However this command is ended, the service is ended with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if as_json:
        return _tell(port, data)
    return _show(port, (data or _usual_folder()).expanduser().absolute())


def _show(port: int | None, data: Path) -> int:
    settings = _made(data)
    with started(data, chosen_port(port)) as service:
        filled = settings.keyring.parent / FILLED
        if not filled.exists():
            note("Filling it with one invented case; this takes half a minute, once.")
            _part("telling").fill(service, settings)
            filled.touch(mode=0o600)
        guide = import_module("evidence_service.demo.guide")
        for line in guide.guide(service.url, data):
            say(line)
        try:
            service.wait()
        except KeyboardInterrupt:
            note("\nEnding; the data stay, and the next start goes on with them.")
    return Exit.GOOD


def _tell(port: int | None, data: Path | None) -> int:
    with _fresh_folder(data) as folder:
        settings = _made(folder)
        with started(folder, chosen_port(port)) as service:
            code: Exit = _part("telling").tell(service, settings)
        (settings.keyring.parent / FILLED).touch(mode=0o600)
    return code


def _part(name: str) -> Any:
    """Import a part that only a first start needs: a second one is up in three seconds."""
    return import_module(f"evidence_service.cli.{name}")


def _made(data: Path) -> Settings:
    if not (place.keys_folder(data) / place.SETTINGS_FILE).exists():
        made: Settings = _part("init").make(data, place.DEMO_ORIGIN, Mode.DEMO)
        return made
    settings = place.settings(data)
    if settings.mode is not Mode.DEMO:
        raise Stop(f"{data} is no demonstration", Exit.USAGE)
    return settings


@contextmanager
def _fresh_folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        folder = data.expanduser().absolute()
        if place.keys_folder(folder).exists():
            raise Stop(f"the story wants a fresh folder; there is something at {data}", Exit.USAGE)
        yield folder
        return
    above = Path(tempfile.mkdtemp(prefix="evidence-demo-"))
    try:
        yield above / "data"
    finally:
        shutil.rmtree(above, ignore_errors=True)


def _usual_folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return cache / "accident-evidence" / "demo"
