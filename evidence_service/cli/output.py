"""What the command line says, and how it ends.

Results go to standard output, as sentences or, with `--json`, as one JSON object; everything
else goes to standard error. A fault is one sentence. A closed pipe and Ctrl-C are quiet ends.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NoReturn

import click

from evidence_service.errors import CannotStart, KeyringWrong, ServiceError, SettingsWrong


class Exit(IntEnum):
    """How commands end; scripts may rely on it."""

    GOOD = 0
    NO = 1  # the answer is no: a fault was found, a request was refused
    USAGE = 2  # the command or the settings are wrong
    CANNOT_START = 3  # a promise could not be kept, first of all the log's
    TRY_AGAIN = 75  # the service did not answer, or was busy; the same command goes on
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class Stop(Exception):
    """End the command with a sentence and a code."""

    def __init__(self, sentence: str, code: Exit = Exit.NO) -> None:
        super().__init__(sentence)
        self.code = code


def say(text: str) -> None:
    """Print a result."""
    click.echo(text)


def note(text: str) -> None:
    """Say something beside the result."""
    click.echo(text, err=True)


def say_json(result: Mapping[str, object]) -> None:
    """Print a result as one JSON line."""
    click.echo(json.dumps(result, ensure_ascii=False))


def run(command: click.Command, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command to its end, whatever happens."""
    try:
        code = _run(command, arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has gone; nothing more may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.PIPE_CLOSED
    sys.exit(code)


def _run(command: click.Command, arguments: Sequence[str] | None) -> int:
    try:
        return _invoked(command, sys.argv[1:] if arguments is None else list(arguments))
    except (KeyboardInterrupt, EOFError, click.Abort):
        note("\ninterrupted")
        return Exit.INTERRUPTED
    except Stop as stop:
        note(f"evidence: {stop}")
        return stop.code
    except CannotStart as refused:
        return _refuse(refused)
    except ServiceError as fault:
        note(f"evidence: {str(fault) or type(fault).__name__}")
        return Exit.NO


def _invoked(command: click.Command, arguments: list[str]) -> int:
    """Run a command; not by `command.main`, which takes a closed pipe for its own affair."""
    try:
        with command.make_context("evidence", arguments) as context:
            result = command.invoke(context)
    except click.exceptions.Exit as end:  # after --help and --version
        return end.exit_code
    except click.ClickException as wrong:  # bare `evidence log` too: shows its help
        wrong.show()
        return wrong.exit_code
    return result if isinstance(result, int) else Exit.GOOD


def _refuse(refused: CannotStart) -> Exit:
    """Name every fault, each on a line."""
    for fault in refused.faults:
        note(f"evidence: {fault}")
    return cannot_start_code(refused)


def cannot_start_code(refused: CannotStart) -> Exit:
    """Tell wrong settings or keys from what only the log or the store can say."""
    return Exit.USAGE if isinstance(refused, SettingsWrong | KeyringWrong) else Exit.CANNOT_START
