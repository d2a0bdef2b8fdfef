"""`evidence log`: verify it, here or from an export; export it; sign a checkpoint.

With a folder, `verify` needs that folder and a keys file, nothing else: no installation, no
database, no network.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from evidence_service.audit import reader
from evidence_service.audit.check import check_export
from evidence_service.audit.checkpoints import KEPT, CheckpointKeeper
from evidence_service.audit.export import write_export
from evidence_service.audit.faults import ExportFaulty, LogFault
from evidence_service.audit.keys_file import KeysFile, parse_keys
from evidence_service.audit.verify import verify_log
from evidence_service.cli import place
from evidence_service.cli.opening import opened_archive
from evidence_service.cli.output import Exit, Stop, say, say_json
from evidence_service.cli.progress import counted_progress
from evidence_service.clock import system_clock

LONGEST_FILE_BYTES = 1 << 20

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def log() -> None:
    """The log of every access."""


@log.command()
@click.argument("export", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--keys", type=_file, help="Your own keys file, never the one in the export.")
@click.option("--known", type=_file, help="The last checkpoint of this log that you saw.")
@click.option("--public", is_flag=True, help="The export leaves entries out; so do not check them.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def verify(
    export: Path | None,
    keys: Path | None,
    known: Path | None,
    public: bool,
    as_json: bool,
    data: Path | None,
) -> int:
    """Verify an EXPORT offline, or without one the whole log of this installation.

    Prints one line: what was checked and what was not, or the first fault. Exit code 0 only if all
    is good.
    """
    if export is None and (keys or known or public):
        raise Stop("--keys, --known and --public belong to an export's folder", Exit.USAGE)
    if export is not None and keys is None:
        raise Stop("an export is verified with your own keys file: --keys FILE", Exit.USAGE)
    try:
        with counted_progress("verifying", not as_json) as progress:
            if export is not None and keys is not None:
                line = check_export(
                    export,
                    _keys(keys),
                    system_clock(),
                    known_checkpoint=_short(known) if known else None,
                    public=public,
                    progress=progress,
                ).one_line()
            else:
                with opened_archive(place.settings(data)) as archive:
                    line = verify_log(
                        archive.database, archive.checkpoints, system_clock, progress
                    ).one_line()
    except LogFault as fault:
        return _faulty(fault, as_json=as_json)
    if as_json:
        say_json({"good": True, "report": line})
    else:
        say(line)
    return Exit.GOOD


@log.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--public", is_flag=True, help="Leave the entries out: hashes and checkpoints only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def export_log(folder: Path, public: bool, as_json: bool, data: Path | None) -> None:
    """Write the log into FOLDER, or bring an older export of it up to date.

    What was interrupted goes on where it was; what is there is never replaced by something else.
    """
    with (
        opened_archive(place.settings(data)) as archive,
        archive.database.reading() as session,
        counted_progress("exporting", not as_json) as progress,
    ):
        size = reader.head_size(session)
        newest = archive.checkpoints.issue(session)
        try:
            write_export(
                folder,
                entries=(entry.body for entry in reader.entries(session, 0, size)),
                size=size,
                checkpoints=_kept(archive.checkpoints),
                newest=newest,
                keys_text=archive.checkpoints.keys.text,
                public=public,
                progress=progress,
            )
        except LogFault as fault:
            raise Stop(f"cannot be exported to {folder}: {fault}") from fault
    if as_json:
        say_json({"folder": str(folder), "size": size, "public": public})
    else:
        left_out = ", entries left out" if public else ""
        say(f"{size} entries exported to {folder}{left_out}")


@log.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def checkpoint(as_json: bool, data: Path | None) -> None:
    """Sign the log as it stands, keep the checkpoint outside, and print it."""
    with opened_archive(place.settings(data)) as archive:
        signed = archive.checkpoints.issue().decode()
    if as_json:
        say_json({"checkpoint": signed})
    else:
        click.echo(signed, nl=False)


def _faulty(fault: LogFault, *, as_json: bool) -> Exit:
    step = fault.step if isinstance(fault, ExportFaulty) else 0
    if as_json:
        say_json({"good": False, "fault": fault.fault, "where": fault.where, "step": step})
    else:
        say(f"FAULT: {fault}" + (f" (step {step})" if step else ""))
    return Exit.NO


def _kept(keeper: CheckpointKeeper) -> Iterator[tuple[int, bytes]]:
    for path in sorted((keeper.folder / KEPT).iterdir()):
        if path.name.isdigit():
            yield int(path.name), path.read_bytes()


def _keys(path: Path) -> KeysFile:
    try:
        return parse_keys(_short(path).decode())
    except (LogFault, ValueError) as fault:
        raise Stop(f"{path} is no keys file: {fault}", Exit.USAGE) from fault


def _short(path: Path) -> bytes:
    """Read a file that cannot be long."""
    with path.open("rb") as file:
        return file.read(LONGEST_FILE_BYTES)
