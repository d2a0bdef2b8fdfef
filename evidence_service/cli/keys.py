"""`evidence keys`: what others need to verify this log. No secret is ever shown."""

from pathlib import Path

import click

from evidence_service.cli import place
from evidence_service.cli.opening import opened_archive
from evidence_service.cli.output import say_json


@click.group()
def keys() -> None:
    """The log's public keys."""


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def show(as_json: bool, data: Path | None) -> None:
    """Print the keys file: keep a copy of your own, and verify with that one."""
    with opened_archive(place.settings(data)) as archive:
        text = archive.checkpoints.keys.text
        origin = archive.checkpoints.origin
    if as_json:
        say_json({"origin": origin, "keys": text.splitlines()})
    else:
        click.echo(text, nl=not text.endswith("\n"))
