"""What is not mine reads as not there; what was mine a moment ago is closed at the next page."""

import secrets

import pytest

CASE_ROUTES = ("cases/{case}", "cases/{case}/accesses")
UNKNOWN = "case_" + "0" * 32


def shape(answer):
    """An answer without what differs each time."""
    body = answer.get_json()
    body.pop("trace_id")
    headers = {name: text for name, text in answer.headers if name not in ("Date", "X-Trace-Id")}
    headers.pop("Content-Length")
    return answer.status_code, body, headers


@pytest.mark.parametrize("route", CASE_ROUTES)
def test_a_strangers_case_reads_like_one_that_is_not_there(house, scene, route):
    other = house.scene().asker
    there = other.get(route.format(case=scene.case))
    nowhere = other.get(route.format(case=UNKNOWN))
    assert there.status_code == 404
    assert shape(there) == shape(nowhere)


def test_a_strangers_document_reads_like_one_that_is_not_there(house, scene):
    other = house.scene().asker
    purpose = {"purpose": "check"}
    there = other.post(f"documents/{scene.document}/viewings", purpose)
    nowhere = other.post(f"documents/doc_{'0' * 32}/viewings", purpose)
    assert there.status_code == 404
    assert shape(there) == shape(nowhere)


def test_an_officer_of_the_unit_who_is_not_assigned_finds_nothing(house, scene):
    outsider = house.as_("outsider")
    assert outsider.get(f"cases/{scene.case}").status_code == 404
    assert outsider.post(f"documents/{scene.document}/release").status_code == 404


def test_somebody_elses_viewing_and_copy_are_not_there(house, scene, marked, copy):
    other = house.scene().asker
    for path in (marked, copy):
        size = house.log_size()
        assert other.get(path).status_code == 404
        assert all(entry.type != "release" for entry in house.entries_since(size))
        assert scene.asker.get(path).status_code == 200


@pytest.mark.parametrize("page", ["0", "2", "999", "-1", "1.5", "x", "1" * 30])
def test_a_page_that_does_not_exist_is_not_there(house, scene, marked, page):
    size = house.log_size()
    path = marked.rsplit("/", 1)[0]
    assert scene.asker.get(f"{path}/{page}").status_code == 404
    assert all(entry.type != "release" for entry in house.entries_since(size))


def test_a_right_that_ends_between_two_pages_bites_at_the_next(house, scene, marked, copy):
    assert scene.asker.get(marked).status_code == 200
    house.as_("second").made(f"documents/{scene.document}/withdrawal")
    size = house.log_size()
    refused = scene.asker.get(marked)
    assert refused.status_code == 403
    assert refused.get_json()["missing"] == ["not_withdrawn"]
    assert scene.asker.get(copy).status_code == 403
    assert [entry.type for entry in house.entries_since(size)] == ["refusal", "refusal"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("happened_at", "2099-01-01T00:00:00Z"),
        ("happened_at", "yesterday"),
        ("happened_at", "2026-01-02"),
        ("procedure", "quick"),
        ("case_no", ""),
        ("place", "x" * 10_000),
    ],
)
def test_a_case_with_a_wrong_field_is_not_opened(house, field, value):
    stated = {
        "case_no": f"330899-2026-{secrets.randbelow(10**6):06d}",
        "procedure": "general",
        "happened_at": "2026-01-02T03:04:05Z",
        "place": "环城北路",
    }
    size = house.log_size()
    answer = house.as_("lead").post("cases", stated | {field: value})
    assert answer.status_code == 422
    assert answer.get_json()["fields"][0]["field"] == field
    assert house.log_size() == size


def test_service_in_the_future_is_not_recorded(house):
    scene = house.scene(served=False)
    lead = house.as_("lead")
    stated = {"form": "determination", "number": "第0001号", "made_on": "2099-01-05"}
    assert lead.post(f"cases/{scene.case}/determinations", stated).status_code == 422
    stated["made_on"] = "2026-01-05"
    paper = lead.made(f"cases/{scene.case}/determinations", stated)["id"]
    size = house.log_size()
    service = house.service(scene.party, served_at="2099-01-06T00:00:00Z")
    answer = lead.post(f"determinations/{paper}/services", service)
    assert answer.status_code == 422
    assert answer.get_json()["fields"] == [{"field": "served_at", "problem": "future"}]
    assert house.log_size() == size


def test_only_the_head_names_a_further_officer(house, scene):
    stated = {"badge_no": "B-outsider"}
    refused = house.as_("lead").post(f"cases/{scene.case}/assignments", stated)
    assert refused.status_code == 403
    house.as_("head").made(f"cases/{scene.case}/assignments", stated)
    assert house.as_("outsider").get(f"cases/{scene.case}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "released", "status", "missing"),
    [
        ("interview_record", True, 403, ["online_kind"]),
        ("scene_photo", False, 404, None),
        ("interview_record", False, 404, None),
    ],
)
def test_what_one_may_know_of_explains_itself_and_the_rest_is_not_there(
    house, kind, released, status, missing
):
    scene = house.scene(kind=kind, released=released)
    answer = scene.asker.post(f"documents/{scene.document}/viewings", {"purpose": "check"})
    assert answer.status_code == status
    assert answer.get_json()["missing"] == (missing or [])
