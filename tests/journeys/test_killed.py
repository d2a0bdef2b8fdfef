"""`kill -9` in the middle of uploads and views: what was acknowledged is there, all is recorded."""

import hashlib
import json
import threading
from dataclasses import dataclass, field

import httpx
import pytest

from tests.house import jpeg
from tests.journeys.running import evidence, serving, until
from tests.journeys.test_command_line import opened_case

ROUNDS = 3
ENOUGH = 4


class Uploader(threading.Thread):
    """Uploads one picture after another, and remembers what was acknowledged."""

    def __init__(self, service, token, case_id):
        super().__init__(daemon=True)
        self.client = httpx.Client(
            base_url=f"{service.url}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=30,
        )
        self.case_id = case_id
        self.acknowledged = {}
        self.pages = []

    def run(self):
        try:
            while True:
                self._one()
        except httpx.TransportError:
            self.client.close()

    def _one(self):
        data = jpeg()
        answer = self.client.post(
            f"/cases/{self.case_id}/documents",
            data={"kind": "scene_photo"},
            files={"files": ("p.jpg", data, "image/jpeg")},
        )
        assert answer.status_code == 201, answer.text
        document = answer.json()["id"]
        self.acknowledged[document] = hashlib.sha256(data).hexdigest()
        viewing = self.client.post(f"/documents/{document}/viewings", json={"purpose": "handling"})
        assert viewing.status_code == 201, viewing.text
        page = self.client.get(f"/viewings/{viewing.json()['id']}/pages/1")
        if page.status_code == 200:
            self.pages.append(hashlib.sha256(page.content).hexdigest())


@dataclass
class Round:
    """What the people outside remember of all rounds."""

    token: str = ""
    case_id: str = ""
    acknowledged: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)

    def until_killed(self, data):
        with serving(data) as service:
            if not self.token:  # it outlives the service: sessions lie in the database
                self.token, self.case_id = opened_case(service)
            uploaders = [Uploader(service, self.token, self.case_id) for _ in range(2)]
            for each in uploaders:
                each.start()
            until(lambda: sum(len(each.pages) for each in uploaders) >= ENOUGH, "pages were seen")
            service.kill()
            for each in uploaders:
                each.join(60)
                self.acknowledged |= each.acknowledged
                self.pages += each.pages


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_left_unrecorded(data, tmp_path):
    seen = Round()
    for _ in range(ROUNDS):
        seen.until_killed(data)
    with serving(data) as service:
        headers = {"Authorization": f"Bearer {seen.token}"}
        path = f"{service.url}/api/v1/cases/{seen.case_id}"
        shown = httpx.get(path, headers=headers, trust_env=False).json()["documents"]
        assert {each["id"] for each in shown} >= seen.acknowledged.keys()
    assert evidence("store", "verify", "--data", data).returncode == 0
    assert evidence("log", "verify", "--data", data).returncode == 0
    entries = exported(data, tmp_path / "export")
    assert set(seen.pages) <= {each["sha256"] for each in entries if each["type"] == "release"}
    uploaded = {each["sha256"] for each in entries if each["type"] == "upload"}
    assert set(seen.acknowledged.values()) <= uploaded
    granted = {at for at, each in enumerate(entries) if each["type"] == "grant"}
    assert granted <= {each["grant"] for each in entries if each["type"] in ("release", "close")}


def exported(data, folder):
    """Give all entries, as outsiders read them."""
    made = evidence("log", "export", folder, "--data", data)
    assert made.returncode == 0, made.stderr
    bundles = sorted(path for path in (folder / "tile" / "entries").rglob("*") if path.is_file())
    return [json.loads(line) for path in bundles for line in lines_of(path.read_bytes())]


def lines_of(bundle):
    """Give the entries of a bundle: each with its length in two bytes before it (tlog-tiles)."""
    while bundle:
        size = int.from_bytes(bundle[:2], "big")
        yield bundle[2 : 2 + size]
        bundle = bundle[2 + size :]
