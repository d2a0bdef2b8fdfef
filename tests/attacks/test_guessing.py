"""Who guesses passwords waits; who knows theirs, and whoever comes from elsewhere, does not."""

import dataclasses

import pytest

from evidence_service.app import create_app
from evidence_service.identity import throttles


@pytest.fixture(autouse=True)
def full_buckets(house):
    yield
    with house.parts.database.writing() as session:
        session.query(throttles.Throttle).delete()


def tried(house, name, address="203.0.113.9", language="en"):
    return house.stranger().post(
        "sessions",
        {"name": name, "password": "not the password", "code": "000000"},
        headers={"Accept-Language": language},
        environ_overrides={"REMOTE_ADDR": address},
    )


@pytest.mark.parametrize("name", ["lead", "nobody-of-this-name"])
def test_the_eleventh_guess_waits_whether_or_not_there_is_such_an_account(house, name):
    assert {tried(house, name).status_code for _ in range(10)} == {401}
    size = house.log_size()
    answer = tried(house, name)
    assert answer.status_code == 429
    assert 590 <= int(answer.headers["Retry-After"]) <= 600
    assert answer.headers["Retry-After"] in answer.get_json()["detail"]
    assert "秒后再试" in tried(house, name, language="zh-CN").get_json()["detail"]
    assert house.log_size() == size
    assert tried(house, name, "198.51.100.1").status_code == 401


def test_a_network_that_tries_every_name_waits(house):
    statuses = [tried(house, f"name-{n}").status_code for n in range(61)]
    assert statuses[:60] == [401] * 60
    assert statuses[60] == 429
    with house.parts.database.reading() as session:
        buckets = [row.bucket for row in session.query(throttles.Throttle)]
    assert not any("203.0.113" in bucket or "name-" in bucket for bucket in buckets)


def test_voucher_codes_cannot_be_tried_without_end(house):
    person = {
        "reference": "AAAAAAAAAA",
        "code": "AAAAAAAAAAAA",
        "name": "林宁",
        "id_number": "330801199001010018",
        "password": "violet harbour stone 93",
    }
    statuses = [house.stranger().post("accounts", person).status_code for _ in range(61)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:60]


def test_who_knows_the_password_starts_afresh(house, scene):
    for _ in range(9):
        assert tried(house, scene.id_number).status_code == 401
    right = {"name": scene.id_number, "password": "violet harbour stone 93"}
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    assert house.stranger().post("sessions", right, **elsewhere).status_code == 201
    assert {tried(house, scene.id_number).status_code for _ in range(10)} == {401}


def test_one_proxy_in_front_is_believed_for_one_address(house):
    settings = dataclasses.replace(house.settings, proxies=1)
    behind = create_app(settings, house.parts)

    def status(forwarded):
        body = {"name": "lead", "password": "x", "code": "0"}
        headers = {"X-Forwarded-For": forwarded}
        return house.stranger(behind).post("sessions", body, headers=headers).status_code

    assert {status("192.0.2.7, 203.0.113.9") for _ in range(10)} == {401}
    assert status("198.51.100.99, 203.0.113.9") == 429  # the first is the client's own word
    assert status("203.0.113.9, 198.51.100.1") == 401


def test_nobody_chooses_their_own_address(house):
    for n in range(10):
        house.stranger().post(
            "sessions",
            {"name": "lead", "password": "x", "code": "0"},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
            environ_overrides={"REMOTE_ADDR": "203.0.113.9"},
        )
    assert tried(house, "lead").status_code == 429
