"""The table of contents: every command, under the heading where a reader looks for it.

Only the words stand here. What a command needs is imported when it runs, so `--help` is quick.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

import click

_PACKAGE = "evidence_service.cli"


@dataclass(frozen=True)
class Entry:
    """A command: the module that holds it, its name there, and its line in the contents."""

    module: str
    name: str
    line: str


CHAPTERS: Mapping[str, Mapping[str, Entry]] = {
    "Begin": {
        "demo": Entry(
            "demo", "demo", "Start the service with an invented case, or tell its story."
        ),
        "init": Entry("init", "init", "Make the folders and keys of a new installation."),
        "serve": Entry("serve", "serve", "Serve, until told to stop."),
    },
    "People": {
        "people": Entry("people", "people", "Accounts of staff: add one; codes of demonstrations."),
    },
    "Evidence": {
        "upload": Entry("upload", "upload", "Take files into a case; large ones resume."),
        "store": Entry("store", "store", "The stored originals: re-hash every one."),
    },
    "The log": {
        "log": Entry("log", "log", "Verify, export, sign a checkpoint."),
        "keys": Entry("keys", "keys", "The public keys that others verify the log with."),
    },
}

_ENTRIES = {name: entry for chapter in CHAPTERS.values() for name, entry in chapter.items()}


class Contents(click.Group):
    """A group whose commands are imported one by one, as they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Give all names in the order of the contents."""
        return list(_ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Import one command."""
        entry = _ENTRIES.get(cmd_name)
        if entry is None:
            return None
        found = getattr(importlib.import_module(f"{_PACKAGE}.{entry.module}"), entry.name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        """Write the chapters; nothing is imported."""
        for chapter, entries in CHAPTERS.items():
            with formatter.section(chapter):
                formatter.write_dl([(name, entry.line) for name, entry in entries.items()])


@click.group(cls=Contents, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="accident-evidence-access", prog_name="evidence")
def evidence() -> None:
    """Evidence of road accidents: who may see it, in a log that proves itself.

    An installation is named by --data DIR (keys lie in DIR-keys, checkpoints in DIR-checkpoints) or
    by EVIDENCE_... variables. `evidence COMMAND --help` says more.
    """
