"""The same key and request give the first answer again; one act, one entry."""

import io
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.house import fresh_id_number, jpeg


def new_case():
    return {
        "case_no": f"330899-2026-{secrets.randbelow(10**6):06d}",
        "procedure": "general",
        "happened_at": "2026-01-02T03:04:05Z",
        "place": "环城北路",
    }


def acts(house):
    """Give each act that makes an entry: who, where, and what is stated."""
    unreleased, open_, other = (house.scene(released=False), house.scene(), house.fresh_case())
    report = house.document(other, "appraisal_opinion")
    person = {"name": "林宁", "id_number": fresh_id_number(), "part": "driver"}
    paper = {"form": "determination", "number": "第0002号", "made_on": "2026-01-05"}
    unserved = house.scene(served=False)
    made = house.as_("lead").made(f"cases/{unserved.case}/determinations", paper)["id"]
    viewing = house.viewing(open_)
    return {
        "open a case": ("lead", "cases", new_case()),
        "record a party": ("lead", f"cases/{other}/parties", person),
        "record a vehicle": (
            "lead",
            f"cases/{other}/vehicles",
            {"plate": "浙Z8K6M2", "vehicle_type": "小型轿车"},
        ),
        "assign": ("head", f"cases/{other}/assignments", {"badge_no": "B-outsider"}),
        "make a determination": ("lead", f"cases/{other}/determinations", paper),
        "serve": ("lead", f"determinations/{made}/services", house.service(unserved.party)),
        "issue a voucher": ("lead", f"cases/{open_.case}/vouchers", {"party_id": open_.party}),
        "examine": ("head", f"documents/{report}/review", {"result": "passed"}),
        "release": ("second", f"documents/{unreleased.document}/release", None),
        "open a viewing": (
            open_.asker,
            f"documents/{open_.document}/viewings",
            {"purpose": "suit"},
        ),
        "make a copy": (open_.asker, f"viewings/{viewing}/copies", {"pages": "1"}),
        "withdraw": ("lead", f"documents/{house.scene().document}/withdrawal", None),
    }


@pytest.fixture(scope="module")
def table(house):
    return acts(house)


ACTS = (
    "open a case",
    "record a party",
    "record a vehicle",
    "assign",
    "make a determination",
    "serve",
    "issue a voucher",
    "examine",
    "release",
    "open a viewing",
    "make a copy",
    "withdraw",
)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_done_once_however_often_it_comes(house, table, act):
    who, path, stated = table[act]
    asker = house.as_(who) if isinstance(who, str) else who
    key = {"Idempotency-Key": secrets.token_hex(16)}
    first = asker.post(path, stated, headers=key)
    assert first.status_code == 201, first.text
    size = house.log_size()
    again = asker.post(path, stated, headers=key)
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert house.log_size() == size
    other = {**(stated or {}), "more": "x"} if stated is None else {**stated, "place": "另一处"}
    assert asker.post(path, other, headers=key).status_code in (422, 400)
    assert house.log_size() == size


def test_another_body_with_the_same_key_is_refused(house):
    lead, key = house.as_("lead"), {"Idempotency-Key": secrets.token_hex(16)}
    lead.made("cases", new_case(), headers=key)
    size = house.log_size()
    answer = lead.post("cases", new_case(), headers=key)
    assert answer.status_code == 422
    assert answer.get_json()["type"].endswith("key_reused")
    assert house.log_size() == size


def test_two_at_once_with_one_key_are_one_act(house):
    lead, key = house.as_("lead"), {"Idempotency-Key": secrets.token_hex(16)}
    stated, size = new_case(), house.log_size()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: lead.post("cases", stated, headers=key), range(8)))
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 409}
    assert len({answer.get_json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len(house.entries_since(size)) == 1


def test_an_upload_is_done_once(house):
    case, data = house.fresh_case(), jpeg()
    key = {"Idempotency-Key": secrets.token_hex(16)}

    def send(data):
        form = {"kind": "scene_photo", "files": (io.BytesIO(data), "p.jpg")}
        return house.as_("lead").post(f"cases/{case}/documents", data=form, headers=key)

    first = send(data)
    before = house.stored()
    assert send(data).get_json() == first.get_json()
    assert send(jpeg()).status_code == 422
    assert house.stored() == before


def test_a_key_of_somebody_else_is_another_key(house):
    key = {"Idempotency-Key": secrets.token_hex(16)}
    one = house.as_("lead").made("cases", new_case(), headers=key)
    other = house.as_("second").made("cases", new_case(), headers=key)
    assert one["id"] != other["id"]


def test_a_refused_request_frees_its_key(house):
    lead, key = house.as_("lead"), {"Idempotency-Key": secrets.token_hex(16)}
    wrong = new_case() | {"happened_at": "2099-01-01T00:00:00Z"}
    assert lead.post("cases", wrong, headers=key).status_code == 422
    lead.made("cases", new_case(), headers=key)


@pytest.mark.parametrize("key", ["short", "x" * 129, "schlüssel-x", "a b\tc d e f"])
def test_a_key_of_another_form_is_refused(house, key):
    size = house.log_size()
    answer = house.as_("lead").post("cases", new_case(), headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert house.log_size() == size
