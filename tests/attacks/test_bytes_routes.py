"""SECURITY 9, row by row: what each request on a route with evidence gets, and what it enters."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from evidence_service.api.bytes_routes import EVIDENCE_ENDPOINTS


@pytest.fixture(params=["marked", "copy"])
def path(request):
    """Each route that may answer with evidence."""
    return request.getfixturevalue(request.param)


def made(house, size):
    return [entry.type for entry in house.entries_since(size)]


def test_the_routes_with_evidence_are_a_written_list(house):
    media = {"image/jpeg", "application/pdf"}
    described = house.stranger().get("/api/v1/openapi.json").get_json()["paths"]
    answering = {
        path
        for path, methods in described.items()
        if media
        & set(methods.get("get", {}).get("responses", {}).get("200", {}).get("content", ()))
    }
    assert answering == {
        "/api/v1/viewings/{viewing_id}/pages/{page}",
        "/api/v1/copies/{copy_id}",
    }
    assert frozenset({"viewings.show_page", "copies.send_copy"}) == EVIDENCE_ENDPOINTS


def test_a_get_is_granted_released_and_hashed(house, scene, path):
    size = house.log_size()
    answer = scene.asker.get(path)
    grant, release = house.entries_since(size)
    assert (grant.type, release.type) == ("grant", "release")
    assert release.get("sha256") == hashlib.sha256(answer.data).hexdigest()
    assert answer.content_length == len(answer.data)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "no-transform" in answer.headers["Cache-Control"]
    assert "Content-Encoding" not in answer.headers
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers


def test_two_gets_at_once_are_decided_and_entered_apart(house, scene, path):
    size = house.log_size()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: scene.asker.get(path).data, range(2)))
    entries = house.entries_since(size)
    assert sorted(entry.type for entry in entries) == ["grant", "grant", "release", "release"]
    released = {entry.get("sha256") for entry in entries if entry.type == "release"}
    assert released == {hashlib.sha256(data).hexdigest() for data in answers}


def test_a_head_tells_the_status_and_opens_nothing(house, scene, path):
    size = house.log_size()
    answer = scene.asker.send("HEAD", path)
    assert answer.status_code == 200
    assert answer.data == b""
    assert "Content-Length" not in answer.headers
    assert house.log_size() == size
    house.as_("lead").made(f"documents/{scene.document}/withdrawal")
    size = house.log_size()
    assert scene.asker.send("HEAD", path).status_code == 403
    assert house.log_size() == size


def test_a_range_of_a_page_is_ignored(house, scene, marked):
    answer = scene.asker.get(marked, headers={"Range": "bytes=0-9"})
    assert answer.status_code == 200
    assert len(answer.data) == answer.content_length > 10


def test_one_range_of_a_copy_is_sent_and_entered(house, scene, copy):
    whole = scene.asker.get(copy).data
    size = house.log_size()
    part = scene.asker.get(copy, headers={"Range": "bytes=5-104"})
    assert part.status_code == 206
    assert part.data == whole[5:105]
    assert part.headers["Content-Range"] == f"bytes 5-104/{len(whole)}"
    release = house.entries_since(size)[-1]
    assert (release.type, release.get("range")) == ("release", "5-104")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=99999999-"])
def test_several_ranges_or_one_outside_are_refused(house, scene, copy, asked):
    size = house.log_size()
    answer = scene.asker.get(copy, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.mimetype == "application/problem+json"
    assert "release" not in made(house, size)


@pytest.mark.parametrize(
    "header",
    [
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Wed, 25 Nov 2099 00:00:00 GMT"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_nothing_is_ever_not_modified(house, scene, path, header):
    size = house.log_size()
    assert scene.asker.get(path, headers=header).status_code == 200
    assert made(house, size) == ["grant", "release"]


@pytest.mark.parametrize(
    "header",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_what_nobody_opened_here_is_refused_before_any_decision(house, scene, path, header):
    size = house.log_size()
    assert scene.asker.get(path, headers=header).status_code == 403
    assert house.log_size() == size


def test_a_body_that_nobody_reads_leaves_its_release(house, scene, marked):
    size = house.log_size()
    answer = scene.asker.send("GET", marked, buffered=False)
    answer.close()
    assert made(house, size) == ["grant", "release"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_other_method_answers(house, scene, path, method):
    assert scene.asker.send(method, path).status_code == 405
