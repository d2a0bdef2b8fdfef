"""A progress bar on a terminal, and nothing anywhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

LONGEST_NAME = 28


@contextmanager
def shown_progress(name: str, total: int, is_shown: bool) -> Iterator[Callable[[int], None]]:
    """Show how many bytes of a file are done; `NO_COLOR` and narrow terminals are obeyed."""
    columns = (BarColumn(bar_width=None), DownloadColumn(), TransferSpeedColumn())
    with _shown(name, total, is_shown, columns) as update:
        yield lambda done: update(done, total)


@contextmanager
def counted_progress(name: str, is_shown: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how many things are done, of how many."""
    columns = (BarColumn(bar_width=None), MofNCompleteColumn(), TimeRemainingColumn())
    with _shown(name, None, is_shown, columns) as update:
        yield update


@contextmanager
def _shown(
    name: str, total: int | None, is_shown: bool, columns: tuple[ProgressColumn, ...]
) -> Iterator[Callable[[int, int], None]]:
    console = Console(stderr=True)
    if not is_shown or not console.is_terminal:
        yield lambda _done, _all: None
        return
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    text = TextColumn("{task.description}", markup=False)  # a file's name is no markup
    with Progress(text, *columns, console=console, transient=True) as bar:
        task = bar.add_task(short, total=total)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
