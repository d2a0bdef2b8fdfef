"""`evidence init`: the folders and keys of a new installation, each where it belongs."""

import os
from pathlib import Path
from shlex import quote

import click

from evidence_service.cli import place
from evidence_service.cli.opening import opened_office
from evidence_service.cli.output import Exit, Stop, say
from evidence_service.demo.people import add_people
from evidence_service.errors import SettingsWrong
from evidence_service.keys import make_keyring
from evidence_service.settings import Mode, Settings

_OPEN_TO_NOBODY = 0o077


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    required=True,
    help="The data folder to make.",
)
@click.option("--origin", metavar="NAME", help="The log's origin, set once: city.example/log/1")
@click.option("--demo", is_flag=True, help="A demonstration: its keys and people are not for use.")
def init(data: Path, origin: str | None, demo: bool) -> None:
    """Make the folders and keys of a new installation.

    Keys lie beside the data folder, never in it: a copy of one must not be a copy of both.
    """
    if origin is None and not demo:
        raise Stop("a log needs an origin of its own: --origin city.example/log/1", Exit.USAGE)
    full = data.expanduser().absolute()
    make(full, origin or place.DEMO_ORIGIN, Mode.DEMO if demo else Mode.PRODUCTION)
    say(f"data         {full}")
    say(f"keys         {place.keys_folder(full)}   (keep apart from every copy of the data)")
    say(f"checkpoints  {place.checkpoints_folder(full)}   (better on another device)")
    say(f"next         evidence serve --data {quote(str(full))}")


def make(data: Path, origin: str, mode: Mode) -> Settings:
    """Make an installation, for a demonstration with its people; never over an old one.

    Args:
        data: the data folder, absolute.
        origin: the log's origin.
        mode: production or demo.

    One that was interrupted is finished.

    Raises:
        SettingsWrong: the origin cannot be one, or there is something already.
        KeyringWrong: the keyring of an interrupted try cannot be used.
        Stop: the folders cannot be made.
    """
    os.umask(_OPEN_TO_NOBODY)
    text = place.text_of(mode, origin, data)
    settings = Settings.from_env(dict(line.split("=", 1) for line in text.splitlines()))
    finished = settings.keyring.parent / place.SETTINGS_FILE
    if finished.exists():
        raise SettingsWrong(f"there is an installation at {data} already")
    is_new = not settings.keyring.exists()
    if is_new and data.exists() and any(data.iterdir()):
        raise SettingsWrong(f"{data} is not empty")
    try:
        _make_folders(settings)
        if is_new:
            make_keyring(settings.keyring, demo=mode is Mode.DEMO)
        if mode is Mode.DEMO:
            with opened_office(settings) as office:
                add_people(office)
        unfinished = finished.with_suffix(".new")
        unfinished.write_text(text)
        unfinished.replace(finished)
    except OSError as fault:
        raise Stop(
            f"the installation cannot be made: {fault.strerror}: {fault.filename}"
        ) from fault
    return settings


def _make_folders(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.data_dir.chmod(0o700)
    settings.keyring.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.checkpoint_dir.mkdir(parents=True, exist_ok=True)
    settings.checkpoint_dir.chmod(0o755)  # checkpoints are public
