"""Where the command line gets name, password and one-time code from."""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import click

from evidence_service.cli import place
from evidence_service.cli.client import Ask, Credentials
from evidence_service.cli.opening import opened_office
from evidence_service.cli.output import Exit, Stop, note
from evidence_service.clock import system_clock
from evidence_service.errors import NotFound
from evidence_service.settings import Mode, Settings
from evidence_service.use_cases.staffing import DEMONSTRATION_PASSWORD, code_now


def asking(name: str, data: Path | None) -> Ask:
    """Give what asks for credentials: of a demonstration's people, or the person typing."""
    if data is not None:
        settings = place.settings(data)
        if settings.mode is Mode.DEMO:
            return lambda: demonstration_credentials(settings, name)
    return _Typed(name)


def demonstration_credentials(settings: Settings, name: str) -> Credentials:
    """Give the credentials of somebody of a demonstration, waiting until the code is valid.

    Raises:
        Stop: nobody of staff has this name.
    """
    with opened_office(settings) as office:
        try:
            given = code_now(office, name)
        except NotFound as unknown:
            raise Stop(f"nobody of staff signs in as {name}") from unknown
    wait = given.valid_from - system_clock()
    if wait > timedelta():
        note(f"the present code of {name} was used; waiting {wait.seconds + 1} s for the next")
        time.sleep(wait.total_seconds())
    return Credentials(name, DEMONSTRATION_PASSWORD, given.code)


class _Typed:
    """Asks on the terminal; variables come first, and a code from one is used once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._password = os.environ.get("AEA_PASSWORD", "")
        self._code = os.environ.get("AEA_CODE")

    def __call__(self) -> Credentials:
        if not self._password:
            self._password = _typed(f"Password of {self._name}", hide=True)
        code, self._code = self._code, None
        if code is None:
            code = _typed("One-time code (empty for parties)", hide=False)
        return Credentials(self._name, self._password, code)


def _typed(question: str, *, hide: bool) -> str:
    if not sys.stdin.isatty():
        raise Stop(f"{question}: nobody to ask here; set AEA_PASSWORD and AEA_CODE", Exit.USAGE)
    default = None if hide else ""
    return str(
        click.prompt(question, default=default, hide_input=hide, show_default=False, err=True)
    )
