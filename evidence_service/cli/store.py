"""`evidence store`: are the stored originals what was acknowledged?"""

from dataclasses import asdict
from pathlib import Path

import click

from evidence_service.app import open_originals
from evidence_service.cli import place
from evidence_service.cli.opening import opened_archive
from evidence_service.cli.output import Exit, say, say_json
from evidence_service.cli.progress import counted_progress
from evidence_service.use_cases.stock import StockReport, verify_originals


@click.group()
def store() -> None:
    """The stored originals."""


@store.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def verify(as_json: bool, data: Path | None) -> int:
    """Re-hash every original, sealed as it lies; the service may run meanwhile."""
    settings = place.settings(data)
    with (
        opened_archive(settings) as archive,
        counted_progress("re-hashing", not as_json) as progress,
    ):
        report = verify_originals(archive.database, open_originals(settings), progress)
    if as_json:
        say_json({"good": not report.faults, **asdict(report)})
    else:
        _show(report)
    return Exit.NO if report.faults else Exit.GOOD


def _show(report: StockReport) -> None:
    for fault in report.faults:
        say(f"{fault.problem}: file {fault.file} of document {fault.document}")
    word = f"{len(report.faults)} FAULTS" if report.faults else "good"
    say(
        f"{word}: {report.files} originals re-hashed, {report.sealed_bytes} bytes; "
        "not checked: the log (evidence log verify)"
    )
