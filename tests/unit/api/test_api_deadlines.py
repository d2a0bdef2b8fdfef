"""The case says which terms run for whoever asks, and under which article."""

import dataclasses
import io
from datetime import timedelta

import pytest

from evidence_service.app import build_parts
from evidence_service.clock import china_date
from evidence_service.errors import CannotStart
from tests.house import jpeg


def deadlines(asker, case, language="en"):
    shown = asker.get(f"cases/{case}", headers={"Accept-Language": language}).get_json()
    return {(each["id"], each["party_id"]): each for each in shown["deadlines"]}


def test_a_served_party_sees_its_review_window(house, scene):
    found = deadlines(scene.asker, scene.case)
    window = found["review_application", scene.party]
    today = china_date(house.parts.clock())
    last = house.parts.calendar.after_working_days(today, 3)
    assert (window["started_on"], window["last_day"]) == (today.isoformat(), last.isoformat())
    assert window["article"] == "Order 146, art. 71(1)"
    assert (window["whose"], window["overdue"]) == ("party", False)
    chinese = deadlines(scene.asker, scene.case, "zh-CN")["review_application", scene.party]
    assert "复核" in chinese["text"]


def test_the_police_see_the_service_that_is_late(house):
    scene = house.scene(served=False)
    lead = house.as_("lead")
    stated = {"form": "determination", "number": "第0003号", "made_on": "2026-01-05"}
    lead.made(f"cases/{scene.case}/determinations", stated)
    late = deadlines(lead, scene.case)["determination_served", scene.party]
    assert (late["last_day"], late["overdue"]) == ("2026-01-08", True)


def test_nobody_outside_learns_of_a_report_from_its_clock(house, scene):
    form = {"kind": "appraisal_opinion", "received_on": "2026-03-02"}
    files = {"files": (io.BytesIO(jpeg()), "p.jpg")}
    house.as_("lead").made(f"cases/{scene.case}/documents", data={**form, **files})
    assert ("serve_report", scene.party) in deadlines(house.as_("lead"), scene.case)
    assert not any("report" in name for name, _ in deadlines(scene.asker, scene.case))


def test_the_window_is_gone_when_it_is_over(house, scene):
    passed = timedelta(days=40)
    app = house.app_later(passed)
    head = house.as_("head", app, house.parts.clock() + passed)
    assert ("review_application", scene.party) not in deadlines(head, scene.case)


def test_a_faulty_calendar_stops_the_start(house, tmp_path):
    path = tmp_path / "calendar.json"
    path.write_text("{", encoding="utf-8")
    settings = dataclasses.replace(house.settings, calendar=path)
    with pytest.raises(CannotStart, match="EVIDENCE_CALENDAR"):
        build_parts(settings)
