"""A large file goes up in chunks with `evidence upload`, is broken off, and goes on."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidence_service.demo import drawings
from evidence_service.demo.cast import DEMO_CASE, OFFICER
from evidence_service.demo.teller import StoryBroken, check
from evidence_service.demo.told import DAYS, Told

COMMAND_SECONDS = 120
INTERRUPTED = 130
SLOWLY = ("--limit-rate", "12")


def uploads_a_large_file(told: Told) -> Mapping[str, Any]:
    """The vehicle appraisal: about 32 MB, more than one request may have."""
    body = drawings.vehicle_appraisal_with_photos(DEMO_CASE)
    path = told.teller.folder / "车损鉴定.pdf"
    path.write_bytes(body)
    try:
        left_at = _broken_off(told, path)
        taken = _finished(told, path)
    finally:
        path.unlink()
    told.documents["vehicle_appraisal"] = taken["id"]
    file = taken["files"][0]
    check(file["size_bytes"] == len(body), "the service took another size than was sent")
    return {
        "size_bytes": len(body),
        "broken_off_at": left_at,
        "resumed": True,
        "pages": taken["page_count"],
        "sha256": file["sha256"],
    }


def uploads_a_large_file_in_one_go(told: Told) -> Mapping[str, Any]:
    """The same, without breaking it off; nothing if an interrupted filling had it already."""
    body = drawings.vehicle_appraisal_with_photos(DEMO_CASE)
    sha256 = hashlib.sha256(body).hexdigest()
    for document in told.teller.get(OFFICER.login, f"/cases/{told.case_id}")["documents"]:
        if any(file["sha256"] == sha256 for file in document["files"]):
            told.documents["vehicle_appraisal"] = document["id"]
            return {"pages": document["page_count"]}
    path = told.teller.folder / "车损鉴定.pdf"
    path.write_bytes(body)
    try:
        taken = _finished(told, path)
    finally:
        path.unlink()
    told.documents["vehicle_appraisal"] = taken["id"]
    return {"pages": taken["page_count"]}


def _broken_off(told: Told, path: Path) -> int:
    """Begin the upload, interrupt it in the middle, and give how far it came, in bytes."""
    process = _command(told, path, *SLOWLY)
    try:
        deadline = time.monotonic() + COMMAND_SECONDS
        while _offset(told) == 0:
            if process.poll() is not None:
                raise StoryBroken(f"the upload ended by itself: {process.communicate()[1]}")
            if time.monotonic() > deadline:
                raise StoryBroken("the upload did not begin")
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=COMMAND_SECONDS)
    finally:
        process.kill()
    check(process.returncode == INTERRUPTED, f"interrupted, it gave {process.returncode}")
    left_at = _offset(told)
    check(0 < left_at < path.stat().st_size, f"it was broken off at {left_at}")
    return left_at


def _finished(told: Told, path: Path) -> dict[str, Any]:
    process = _command(told, path)
    said, faults = process.communicate(timeout=COMMAND_SECONDS)
    check(process.returncode == 0, f"evidence upload gave {process.returncode}: {faults.strip()}")
    taken: dict[str, Any] = json.loads(said)
    return taken


def _command(told: Told, path: Path, *further: str) -> subprocess.Popen[str]:
    stated = ("--kind", "appraisal_opinion", "--received-on", DAYS.received_on.isoformat())
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "evidence_service.cli", "upload", told.case_id, str(path)),
            *(*stated, "--url", told.teller.url, "--json", *further),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "AEA_TOKEN": told.teller.token_of(OFFICER.login),
            "XDG_STATE_HOME": str(_memory(told)),
        },
    )


def _offset(told: Told) -> int:
    """Ask the service how far the upload is."""
    try:
        known = json.loads((_memory(told) / "accident-evidence" / "uploads.json").read_text())
    except (OSError, ValueError):
        return 0
    addresses = [value for value in known.values() if value.startswith("http")]
    if not addresses:
        return 0
    path = addresses[0].partition("/api/v1")[2]
    tus = {"Tus-Resumable": "1.0.0"}
    answer = told.teller.send(OFFICER.login, "HEAD", path, headers=tus)
    return int(answer.headers.get("Upload-Offset", 0))


def _memory(told: Told) -> Path:
    return told.teller.folder / "story-state"
