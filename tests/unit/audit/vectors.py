"""The vectors of the log's formats, read at collection: each case is a test of its own."""

import base64
import json
from datetime import UTC, datetime

import pytest

from evidence_service.audit.keys_file import parse_keys
from evidence_service.audit.vkeys import KeyType, signer_from_seed
from tests.shared_material import SHARED

VECTORS = SHARED / "log-vectors"
ORIGIN = "evidence.example/log/test"
NOW = datetime.fromtimestamp(1772586400, UTC)


def read(name):
    """Read a file of JSON."""
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def cases(items, name="name"):
    """Make a parameter of each case: called by its name or fault, and its number."""

    def called(number, item):
        text = item.get(name) if isinstance(item, dict) else str(item)
        return f"{number:03d}-{text or ''}"

    return [pytest.param(item, id=called(n, item)) for n, item in enumerate(items)]


def split(items, name="name"):
    """Give the good and the bad ones of a list of cases with verdicts."""
    assert all(item["verdict"] in {"accept", "refuse"} for item in items)
    good = [item for item in items if item["verdict"] == "accept"]
    bad = [item for item in items if item["verdict"] == "refuse"]
    return cases(good, name), cases(bad, name)


def keys(name="keys/keys"):
    """Give a keys file of the vectors."""
    return parse_keys((VECTORS / name).read_text(encoding="utf-8"))


def signer(number):
    """Give the signer of a test key by its place in the list: 0, 1 the log's, 2, 3 witnesses."""
    key = read("keys/test-keys.json")["keys"][number]
    return signer_from_seed(
        key["name"], KeyType(int(key["type"], 16)), bytes.fromhex(key["seed_hex"])
    )


def unbase64(lines):
    """Decode a list of base64 texts."""
    return [base64.b64decode(line) for line in lines]


def entries_700():
    """Give the canonical bytes of the 700 entries of the sample log."""
    return (VECTORS / "entries-700.jsonl").read_bytes().split(b"\n")[:-1]
