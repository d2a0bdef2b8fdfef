"""`evidence upload`: files into a case as one document, and what was understood of them.

Small files go in one request. As soon as one is larger than 8 MiB all go in chunks, each of them
resumable, so that Ctrl-C or a broken line loses at most a chunk.
"""

import contextlib
import hashlib
import mimetypes
import os
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex
from typing import Any

import click

from evidence_service.cli import place
from evidence_service.cli.client import Api, understood
from evidence_service.cli.output import Exit, Stop, note, say, say_json
from evidence_service.cli.progress import shown_progress
from evidence_service.cli.signing import asking
from evidence_service.cli.transfer import LocalFile, Transfer
from evidence_service.cli.unfinished import Unfinished, fingerprint
from policies.facts import Kind, Secrecy

SMALL_BYTES = 8 << 20
TOGETHER_BYTES = 24 << 20  # a multipart request may have 32 MiB
# What says that a request whose answer was lost was never carried out.
_NOT_DONE = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
DEFAULT_URL = "http://127.0.0.1:8650"


@click.command()
@click.argument("case")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option("--kind", required=True, type=click.Choice([str(kind) for kind in Kind]))
@click.option("--secrecy", default="none", type=click.Choice([str(each) for each in Secrecy]))
@click.option("--subject-party", default="", metavar="ID", help="Whom the document is about.")
@click.option(
    "--received-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="When a report was received.",
)
@click.option("--url", default=DEFAULT_URL, envvar="AEA_URL", show_default=True)
@click.option("--token", default="", envvar="AEA_TOKEN", help="A bearer token; or AEA_TOKEN.")
@click.option("--sign-in", metavar="NAME", help="Sign in; AEA_PASSWORD and AEA_CODE, or asked.")
@click.option(
    "--limit-rate",
    type=click.FloatRange(min=0.01),
    metavar="MIB",
    help="MiB a second at most, so that others on a thin line get some of it.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def upload(
    *,
    case: str,
    files: tuple[Path, ...],
    kind: str,
    secrecy: str,
    subject_party: str,
    received_on: datetime | None,
    url: str,
    token: str,
    sign_in: str | None,
    limit_rate: float | None,
    as_json: bool,
    data: Path | None,
) -> None:
    """Take FILES, in this order, into CASE (its id or number) as one document.

    After Ctrl-C or a broken line the same command goes on where it was. With --data naming a
    demonstration, --sign-in asks for nothing.
    """
    stated = {"kind": kind, "secrecy": secrecy, "subject_party": subject_party}
    if received_on is not None:
        stated["received_on"] = received_on.date().isoformat()
    api = Api(url, token=token, ask=asking(sign_in, data) if sign_in else None)
    try:
        sending = Sending(api, _case_id(api, case), stated, [_measured(path) for path in files])
        taken = sending.send(is_shown=not as_json, limit_rate=limit_rate)
    except KeyboardInterrupt:
        raise Stop("interrupted; the same command goes on where it was", Exit.INTERRUPTED) from None
    finally:
        api.close()
    if as_json:
        say_json(taken)
    else:
        _show(taken)


class Sending:
    """One document on its way: its files, and what is stated about it."""

    def __init__(
        self, api: Api, case_id: str, stated: dict[str, str], files: Sequence[LocalFile]
    ) -> None:
        self._api = api
        self._case_id = case_id
        self._documents = f"/cases/{case_id}/documents"
        self._stated = {name: value for name, value in stated.items() if value}
        self._files = files
        self._memory = Unfinished()
        self._names = [fingerprint(api.url, case_id, file.sha256) for file in files]
        self._last = fingerprint("document", api.url, case_id, repr(stated), *self._names)

    def send(self, *, is_shown: bool, limit_rate: float | None = None) -> dict[str, Any]:
        """Send everything, and give what the service understood.

        Args:
            is_shown: whether a terminal shows how far it is.
            limit_rate: MiB a second at most.

        Raises:
            Stop: refused, or no answer; says why.
        """
        sizes = [file.size_bytes for file in self._files]
        if max(sizes) <= SMALL_BYTES and sum(sizes) <= TOGETHER_BYTES:
            return self._together()
        if answered := self._answered_before():
            return answered
        uploads = [
            self._in_chunks(number, is_shown, limit_rate) for number in range(len(self._files))
        ]
        return self._finish(uploads)

    def _together(self) -> dict[str, Any]:
        with contextlib.ExitStack() as opened:
            sent = []
            for file in self._files:
                stream = opened.enter_context(file.path.open("rb"))
                media = mimetypes.guess_type(file.path.name)[0] or "application/octet-stream"
                sent.append(("files", (file.path.name, stream.read(), media)))
            taken: dict[str, Any] = self._api.ask(
                "POST", self._documents, data=self._stated, files=sent
            )
            return taken

    def _in_chunks(self, number: int, is_shown: bool, limit_rate: float | None) -> str:
        file = self._files[number]
        with shown_progress(file.path.name, file.size_bytes, is_shown) as progress:
            memory = (self._memory, self._names[number])
            return Transfer(self._api, self._case_id, file, memory, progress).send(limit_rate)

    def _answered_before(self) -> dict[str, Any] | None:
        """Ask again what a request whose answer was lost did: its key gives the same answer."""
        kept = self._memory.get(self._last)
        if not kept:
            return None
        key, *uploads = kept.split()
        answer = self._api.answer("POST", self._documents, **self._made_of(key, uploads))
        if answer.status_code in _NOT_DONE:
            self._memory.forget([self._last])
            return None
        found: dict[str, Any] = understood(answer)
        self._memory.forget([*self._names, self._last])
        return found

    def _finish(self, addresses: Sequence[str]) -> dict[str, Any]:
        uploads = [address.rstrip("/").rsplit("/", 1)[-1] for address in addresses]
        key = token_hex(16)
        self._memory.remember(self._last, " ".join([key, *uploads]))
        taken: dict[str, Any] = self._api.ask(
            "POST", self._documents, **self._made_of(key, uploads)
        )
        self._memory.forget([*self._names, self._last])
        return taken

    def _made_of(self, key: str, uploads: Sequence[str]) -> dict[str, Any]:
        return {
            "json": {**self._stated, "uploads": list(uploads)},
            "headers": {"Idempotency-Key": key},
        }


def _measured(path: Path) -> LocalFile:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size_bytes = os.fstat(stream.fileno()).st_size
    except OSError as fault:
        raise Stop(f"{path} cannot be read: {fault.strerror}", Exit.USAGE) from fault
    return LocalFile(path, size_bytes, digest)


def _case_id(api: Api, case: str) -> str:
    """Find a case by its number among those of whoever is asking; an id is taken as it is."""
    if case.startswith("case_"):
        return case
    cursor, wanted = "", _digits(case)
    while True:
        page = api.ask("GET", "/cases", params={"cursor": cursor} if cursor else {})
        for found in page["cases"]:
            if _digits(found["case_no"]) == wanted:
                return str(found["id"])
        cursor = page.get("next_cursor") or ""
        if not cursor:
            raise Stop(f"you have no case {case}")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _show(taken: dict[str, Any]) -> None:
    say(f"document {taken['id']}: {taken['kind']}, {taken['page_count']} pages")
    for file in taken["files"]:
        flags = ", ".join(file["flags"]) or "no flags"
        say(f"  {file['name']}")
        say(f"    {file['media']}, {file['page_count']} pages, {file['size_bytes']} bytes, {flags}")
        say(f"    sha256 {file['sha256']}")
        say(f"    entry {file['entry']} of the log")
    if any(file["flags"] for file in taken["files"]):
        note("Flags are looked at by whoever releases the document.")
