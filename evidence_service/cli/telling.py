"""Fills a demonstration with its case, or tells its story: the part of `demo` that draws."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence_service.cli.output import Exit, Stop, note
from evidence_service.cli.running import Running
from evidence_service.cli.signing import demonstration_credentials
from evidence_service.demo import story
from evidence_service.demo.teller import Places, SignIn, StoryBroken, Teller
from evidence_service.settings import Settings


def fill(service: Running, settings: Settings) -> None:
    """Make the case, its papers and its people, without a word.

    Raises:
        Stop: it could not be made.
    """
    with _teller(service, settings, is_told=False) as teller:
        try:
            story.fill(teller)
        except StoryBroken as broken:
            raise Stop(f"the case could not be made: {broken}") from broken


def tell(service: Running, settings: Settings) -> Exit:
    """Tell the story, one JSON line a step; the service's own faults are shown beside a bad one."""
    with _teller(service, settings, is_told=True) as teller:
        try:
            story.tell(teller)
        except StoryBroken:
            for line in service.faults():
                note(line)
            return Exit.NO
    return Exit.GOOD


@contextmanager
def _teller(service: Running, settings: Settings, *, is_told: bool) -> Iterator[Teller]:
    def credentials(name: str) -> SignIn:
        given = demonstration_credentials(settings, name)
        return SignIn(given.name, given.password, given.code)

    with tempfile.TemporaryDirectory(prefix="evidence-story-") as scratch:
        places = Places(Path(scratch), settings.data_dir, settings.checkpoint_dir)
        teller = Teller(service.url, credentials, places, is_told=is_told)
        try:
            yield teller
        finally:
            teller.close()
