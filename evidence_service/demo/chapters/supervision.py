"""A supervisor asks the log who saw what, and anybody checks that it was not changed."""

import json
import subprocess
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from evidence_service.audit.faults import LogFault
from evidence_service.audit.keys_file import parse_keys
from evidence_service.audit.proof_file import open_proof
from evidence_service.clock import system_clock
from evidence_service.demo.cast import DRIVER_A, SUPERVISOR
from evidence_service.demo.teller import StoryBroken, check, expect
from evidence_service.demo.told import Told

VERIFY_SECONDS = 60


def supervisor_lists_the_log(told: Told) -> Mapping[str, Any]:
    """The log by case, by person, by act, by result; what A got stands in it, hash by hash."""
    told.teller.sign_in_staff(SUPERVISOR.login)
    of_case = _entries(told, case=told.case_id)
    person = told.teller.get(DRIVER_A.id_number, "/me")["person"]
    of_person = _entries(told, case=told.case_id, person=person)
    refused = _entries(told, case=told.case_id, result="refused")
    viewed = _entries(told, case=told.case_id, act="party:viewing:open")
    check(len(of_case) > len(of_person) > 0, "the list by person is not a part of the case's")
    check(all(entry["actor"] == person for entry in of_person), "somebody else's entries")
    check(bool(refused) and bool(viewed), "no refusal, or no viewing")
    released = {entry["fields"]["sha256"] for entry in of_case if entry["type"] == "release"}
    left = {*told.pages_sha256.values(), told.copy_sha256}
    check(left <= released, "bytes left that are not in the log")
    return {
        "of_case": len(of_case),
        "of_person": len(of_person),
        "refused": len(refused),
        "viewings": len(viewed),
        "what_left_is_recorded": True,
    }


def _entries(told: Told, **filters: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        asked = {"limit": 100, **filters} | ({"cursor": cursor} if cursor else {})
        page = told.teller.get(SUPERVISOR.login, "/log/entries", params=asked)
        found += page["entries"]
        cursor = page["next_cursor"]
        if not cursor:
            return found


def an_entry_is_proved(told: Told) -> Mapping[str, Any]:
    """An inclusion proof of A's page, checked here with the public key alone."""
    entry = next(
        entry
        for entry in _entries(told, case=told.case_id)
        if entry["fields"].get("sha256") == told.pages_sha256[1]
    )
    path = f"/log/entries/{entry['index']}/proof"
    answer = told.teller.send(SUPERVISOR.login, "GET", path, params={"form": "file"})
    try:
        keys = parse_keys(told.teller.keys_text())
        opened = open_proof(expect(answer, HTTPStatus.OK).content, keys, None, system_clock())
    except LogFault as fault:
        raise StoryBroken(f"the proof does not hold: {fault}") from fault
    check(opened.index == entry["index"], "a proof of another entry")
    check(opened.entry.fields["sha256"] == told.pages_sha256[1], "a proof of another page")
    return {"index": opened.index, "tree_size": opened.checkpoint.checkpoint.size}


def the_log_verifies(told: Told) -> Mapping[str, Any]:
    """`evidence log verify`: everything hashed anew, in one line."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "evidence_service.cli", "log", "verify", "--json"),
            *("--data", str(told.teller.data)),
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=VERIFY_SECONDS,
    )
    check(done.returncode == 0, f"{done.stdout.strip()} {done.stderr.strip()}")
    return {"report": json.loads(done.stdout)["report"]}
