"""tus 1.0 (SEC-UP-7): every way an upload can go wrong, and that nothing of it stays."""

import base64
import hashlib
from datetime import timedelta

import pytest

from tests.house import jpeg

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {**TUS, "Content-Type": "application/offset+octet-stream"}


def b64(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def announced(data, **more):
    digest = hashlib.sha256(data).hexdigest()
    return {
        **TUS,
        "Upload-Length": str(len(data)),
        "Upload-Metadata": f"filename {b64('照片.jpg')},sha256 {b64(digest)}",
        **more,
    }


@pytest.fixture
def case(house):
    return house.fresh_case()


class Sender:
    """An officer who sends one file in pieces."""

    def __init__(self, house, case, data, who="lead"):
        self.asker, self.data = house.as_(who), data
        answer = self.asker.post(f"cases/{case}/uploads", headers=announced(data))
        assert answer.status_code == 201, answer.text
        self.path = answer.headers["Location"]
        assert self.path.startswith("/api/v1/uploads/")

    def send(self, first, last, **headers):
        headers = {**CHUNK, "Upload-Offset": str(first), **headers}
        return self.asker.send("PATCH", self.path, data=self.data[first:last], headers=headers)

    def offset(self):
        answer = self.asker.send("HEAD", self.path, headers=TUS)
        assert answer.headers["Upload-Length"] == str(len(self.data))
        return int(answer.headers["Upload-Offset"])

    def document(self, case):
        stated = {"kind": "scene_photo", "uploads": [self.path.rpartition("/")[2]]}
        return self.asker.post(f"cases/{case}/documents", stated)

    def gone(self):
        assert self.asker.send("DELETE", self.path, headers=TUS).status_code == 204


def test_an_upload_goes_on_from_where_it_was_and_becomes_a_document(house, case):
    data = jpeg()
    sender = Sender(house, case, data)
    assert sender.send(0, 1000).status_code == 204
    assert sender.offset() == 1000
    early = sender.document(case)
    assert early.status_code == 409
    digest = b64(hashlib.sha256(data[1000:]).digest())
    last = sender.send(1000, len(data), **{"Upload-Checksum": f"sha256 {digest}"})
    assert last.headers["Upload-Offset"] == str(len(data))
    made = sender.document(case)
    assert made.status_code == 201, made.text
    file = made.get_json()["files"][0]
    assert (file["sha256"], file["name"]) == (hashlib.sha256(data).hexdigest(), "照片.jpg")


@pytest.mark.parametrize(
    ("first", "headers", "status"),
    [
        (5, {}, 409),
        (0, {"Upload-Checksum": f"sha256 {b64(bytes(32))}"}, 460),
        (0, {"Upload-Checksum": "md5 AAAA"}, 400),
        (0, {"Upload-Checksum": "sha256 !"}, 400),
        (0, {"Content-Type": "application/json"}, 415),
        (0, {"Tus-Resumable": "0.2.2"}, 412),
        (0, {"Upload-Offset": "-1"}, 422),
        (0, {"Upload-Offset": "٣"}, 422),
    ],
    ids=str,
)
def test_a_wrong_chunk_is_dropped(house, case, first, headers, status):
    sender = Sender(house, case, jpeg())
    answer = sender.send(first, first + 500, **headers)
    assert answer.status_code == status, answer.text
    assert sender.offset() == 0
    sender.gone()


def test_a_chunk_over_the_limit_or_past_the_end_is_refused(house, case):
    sender = Sender(house, case, bytes(100_000))
    assert sender.send(0, 70_000).status_code == 413
    sender.gone()
    short = Sender(house, case, bytes(100))
    short.data += bytes(50)
    assert short.send(0, 150).status_code == 413
    short.data = short.data[:100]
    assert short.offset() == 0
    short.gone()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": str(5 << 20)}, 413),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": "many"}, 422),
        ({"Upload-Defer-Length": "1"}, 422),
        ({"Upload-Metadata": ""}, 422),
        ({"Upload-Metadata": "filename !"}, 400),
        ({"Upload-Metadata": f"sha256 {b64('ab')}"}, 422),
        ({"Upload-Metadata": f"owner {b64('me')}"}, 400),
        ({"Tus-Resumable": "2.0.0"}, 412),
    ],
    ids=str,
)
def test_a_wrong_beginning_makes_nothing(house, case, headers, status):
    before = house.stored()
    answer = house.as_("lead").post(f"cases/{case}/uploads", headers=announced(b"x", **headers))
    assert answer.status_code == status, answer.text
    assert house.stored() == before


def test_bytes_that_are_not_the_announced_ones_are_not_taken(house, case):
    data, before = jpeg(), house.stored()
    sender = Sender(house, case, data)
    sender.data = data[:-1] + bytes([data[-1] ^ 1])
    assert sender.send(0, len(data)).status_code == 204
    assert sender.document(case).status_code == 460
    sender.gone()
    assert house.stored() == before


def test_an_upload_that_is_ended_is_gone_with_its_bytes(house, case):
    before = house.stored()
    sender = Sender(house, case, jpeg())
    sender.send(0, 100)
    sender.gone()
    assert sender.asker.send("HEAD", sender.path, headers=TUS).status_code == 404
    assert house.stored() == before


def test_an_upload_that_expired_says_so(house, case):
    sender = Sender(house, case, jpeg())
    passed = timedelta(hours=25)
    asker = house.as_("lead", house.app_later(passed), house.parts.clock() + passed)
    assert asker.send("HEAD", sender.path, headers=TUS).status_code == 410
    headers = {**CHUNK, "Upload-Offset": "0"}
    assert asker.send("PATCH", sender.path, data=b"x", headers=headers).status_code == 410
    sender.gone()


def test_somebody_elses_upload_is_not_there(house, case):
    sender = Sender(house, case, jpeg())
    for who in ("second", "outsider", "supervisor"):
        other = house.as_(who)
        assert other.send("HEAD", sender.path, headers=TUS).status_code == 404
        headers = {**CHUNK, "Upload-Offset": "0"}
        assert other.send("PATCH", sender.path, data=b"x", headers=headers).status_code == 404
        assert other.send("DELETE", sender.path, headers=TUS).status_code == 404
    assert sender.offset() == 0
    sender.gone()


def test_nobody_keeps_more_than_five_unfinished(house, case):
    senders = [Sender(house, case, jpeg()) for _ in range(5)]
    before = house.stored()
    answer = house.as_("lead").post(f"cases/{case}/uploads", headers=announced(jpeg()))
    assert answer.status_code == 409
    assert house.stored() == before
    for sender in senders:
        sender.gone()
