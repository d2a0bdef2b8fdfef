"""The clocks of Order 146 on real years: what starts them, their last day, what stops them."""

import re
from datetime import date
from pathlib import Path

import pytest

from policies import deadlines
from policies.errors import PoliciesBroken
from policies.settlement import settled_on
from policies.terms import Count, Event, Happening, Whose, packaged_terms, read_terms
from policies.work_calendar import WorkCalendar
from tests.shared_material import SHARED

H = Happening
A, B = "par_a", "par_b"
CALENDAR = WorkCalendar()
LAW = next((SHARED / "law").glob("order-146*"))
NUMERALS = {1: "一", 2: "二", 3: "三", 5: "五", 10: "十", 30: "三十", 60: "六十"}


def clocks(*history, today, parties=(A, B)):
    return {
        (clock.term.id, clock.party): clock
        for clock in deadlines.running(history, parties, CALENDAR, today)
    }


def last_days(*history, today, parties=(A, B)):
    found = clocks(*history, today=today, parties=parties)
    return {name: clock.last_day for (name, _party), clock in found.items()}


def test_every_row_cites_an_article_that_names_its_days():
    articles = dict(
        re.findall(
            r"^第([一二三四五六七八九十百零]+)条(.*?)(?=^第[一二三四五六七八九十百零]+条|\Z)",
            LAW.read_text(encoding="utf-8"),
            re.DOTALL | re.MULTILINE,
        )
    )
    for term in packaged_terms():
        number = int(re.search(r"art\. (\d+)", term.article)[1])
        assert f"{NUMERALS[term.days]}日" in articles[in_chinese(number)], term.id
        short = term.days in (1, 2, 3, 5, 10)  # art. 112(5)
        assert (term.count is not Count.CALENDAR) == short, term.id


def in_chinese(number):
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number % 100, 10)
    text = "一百" + ("零" if not tens else "") if number >= 100 else ""
    if tens:
        text += (digits[tens] if tens > 1 or number >= 100 else "") + "十"
    return text + (digits[ones] if ones else "")


def test_the_determination_is_due_ten_working_days_after_the_last_scene_investigation():
    found = last_days(
        Event(H.SCENE_INVESTIGATED, date(2025, 9, 24)),
        Event(H.SCENE_INVESTIGATED, date(2025, 9, 26)),
        today=date(2025, 9, 29),
    )
    assert found == {"determination": date(2025, 10, 16)}


def test_a_moved_case_counts_from_its_receipt():
    found = last_days(
        Event(H.SCENE_INVESTIGATED, date(2026, 3, 2)),
        Event(H.CASE_RECEIVED, date(2026, 3, 10)),
        today=date(2026, 3, 11),
    )
    assert found["determination"] == date(2026, 3, 24)


def test_a_flight_waits_for_the_driver_and_gives_the_injured_side_its_own_term():
    history = [
        Event(H.SCENE_INVESTIGATED, date(2026, 3, 2)),
        Event(H.HIT_AND_RUN, date(2026, 3, 2)),
    ]
    assert last_days(*history, today=date(2026, 3, 3)) == {}
    asked = Event(H.INJURED_SIDE_APPLIED, date(2026, 3, 3))
    assert last_days(*history, asked, today=date(2026, 3, 3)) == {
        "determination_for_injured_side": date(2026, 3, 17)
    }
    found = Event(H.CULPRIT_FOUND, date(2026, 3, 9))
    assert last_days(*history, asked, found, today=date(2026, 3, 9)) == {
        "determination_after_flight": date(2026, 3, 23)
    }


REPORT = [
    Event(H.SCENE_INVESTIGATED, date(2026, 3, 2)),
    Event(H.APPRAISAL_COMMISSIONED, date(2026, 3, 4), paper="r"),
    Event(H.REPORT_RECEIVED, date(2026, 3, 20), paper="r"),
    Event(H.REPORT_PASSED, date(2026, 3, 23), paper="r"),
    Event(H.REPORT_SERVED, date(2026, 3, 24), party=A, paper="r"),
]
SERVED_ON_B = Event(H.REPORT_SERVED, date(2026, 3, 26), party=B, paper="r")


def test_an_appraisal_takes_thirty_days_or_what_was_agreed():
    history = REPORT[:2]
    found = last_days(*history, today=date(2026, 3, 5))
    assert found == {"appraisal": date(2026, 4, 3), "appraisal_at_most": date(2026, 5, 6)}
    agreed = Event(H.APPRAISAL_COMMISSIONED, date(2026, 3, 4), paper="r", until=date(2026, 3, 20))
    found = last_days(agreed, today=date(2026, 3, 5))
    assert found == {"appraisal": date(2026, 3, 20), "appraisal_at_most": date(2026, 5, 6)}


def test_both_clocks_of_a_received_report_start_at_receipt():
    found = clocks(*REPORT[:3], today=date(2026, 3, 20))
    assert found["serve_report", A].last_day == date(2026, 3, 27)
    assert found["serve_report", B].last_day == date(2026, 3, 27)
    assert found["commission_anew", ""].last_day == date(2026, 3, 25)
    assert deadlines.shown_to(found.values(), A) == ()  # reading 6: nobody outside is told of it


def test_a_report_settles_with_the_last_party_and_starts_the_determination():
    assert settled_on(REPORT, (A, B), CALENDAR) is None
    assert settled_on([*REPORT, SERVED_ON_B], (A, B), CALENDAR) == date(2026, 3, 31)
    found = last_days(*REPORT, SERVED_ON_B, today=date(2026, 3, 31))
    assert found["determination_after_reports"] == date(2026, 4, 8)  # over Qingming
    assert "determination" not in found
    early = last_days(*REPORT, SERVED_ON_B, today=date(2026, 3, 30))
    assert "determination_after_reports" not in early


def test_an_application_for_a_new_appraisal_keeps_the_report_open():
    applied = Event(H.REAPPRAISAL_APPLIED, date(2026, 3, 25), party=A, paper="r")
    history = [*REPORT, SERVED_ON_B, applied]
    assert settled_on(history, (A, B), CALENDAR) is None
    refused = Event(H.REAPPRAISAL_REFUSED, date(2026, 4, 2), party=A, paper="r")
    assert settled_on([*history, refused], (A, B), CALENDAR) == date(2026, 4, 2)
    approved = Event(H.REAPPRAISAL_APPROVED, date(2026, 4, 2), party=A, paper="r")
    assert settled_on([*history, approved], (A, B), CALENDAR) is None
    issued = Event(H.REAPPRAISAL_ISSUED, date(2026, 4, 20), paper="r")
    assert settled_on([*history, approved, issued], (A, B), CALENDAR) == date(2026, 4, 20)


def test_a_commissioned_report_that_is_not_there_settles_nothing():
    second = Event(H.APPRAISAL_COMMISSIONED, date(2026, 3, 4), paper="s")
    assert settled_on([*REPORT, SERVED_ON_B, second], (A, B), CALENDAR) is None
    rejected = Event(H.REPORT_REJECTED, date(2026, 3, 30), paper="s")
    settled = settled_on([*REPORT, SERVED_ON_B, second, rejected], (A, B), CALENDAR)
    assert settled == date(2026, 3, 31)


MADE = Event(H.DETERMINATION_MADE, date(2024, 2, 5), paper="d")
SERVED_ON_A = Event(H.DETERMINATION_SERVED, date(2024, 2, 7), party=A, paper="d")


def test_the_review_window_runs_over_spring_festival_for_the_served_party_alone():
    found = clocks(MADE, SERVED_ON_A, today=date(2024, 2, 16))
    assert found["review_application", A].last_day == date(2024, 2, 18)
    assert ("review_application", B) not in found
    assert found["determination_served", B].overdue(date(2024, 2, 19))
    assert ("determination_served", A) not in found


def test_a_right_that_lapsed_no_longer_runs_and_a_duty_that_is_late_does():
    found = last_days(MADE, SERVED_ON_A, today=date(2024, 2, 19))
    assert set(found) == {"determination_served", "mediation_application"}


def test_one_review_an_accident():
    applied = Event(H.REVIEW_APPLIED, date(2024, 2, 8), party=A, paper="v")
    served_on_b = Event(H.DETERMINATION_SERVED, date(2024, 2, 8), party=B, paper="d")
    found = last_days(MADE, SERVED_ON_A, served_on_b, applied, today=date(2024, 2, 8))
    assert set(found) == {"mediation_application", "review_forwarded"}


def test_a_revoked_paper_stops_its_clocks_and_the_new_one_starts_its_own():
    revoked = Event(H.DETERMINATION_REVOKED, date(2024, 3, 1), paper="d")
    new = Event(H.DETERMINATION_MADE, date(2024, 3, 1), paper="e")
    found = clocks(MADE, SERVED_ON_A, revoked, new, today=date(2024, 3, 1))
    assert {key: clock.paper for key, clock in found.items()} == {
        ("determination_served", A): "e",
        ("determination_served", B): "e",
    }


def test_a_redo_counts_from_the_conclusion_and_from_its_own_reports():
    ordered = Event(H.REDO_ORDERED, date(2024, 3, 4))
    found = last_days(MADE, ordered, today=date(2024, 3, 4))
    assert found["redo"] == date(2024, 3, 18)
    redone = Event(H.DETERMINATION_MADE, date(2024, 3, 15), paper="e")
    assert "redo" not in last_days(MADE, ordered, redone, today=date(2024, 3, 15))


def test_a_suspension_gives_five_fresh_days():
    scene = Event(H.SCENE_INVESTIGATED, date(2026, 6, 1))
    suspended = Event(H.SUSPENDED, date(2026, 6, 3))
    assert last_days(scene, suspended, today=date(2026, 6, 4)) == {"suspension": date(2026, 8, 3)}
    resumed = Event(H.RESUMED, date(2026, 6, 15))
    found = last_days(scene, suspended, resumed, today=date(2026, 6, 15))
    assert found == {"determination_after_suspension": date(2026, 6, 23)}  # over Duanwu
    by_itself = last_days(scene, suspended, today=date(2026, 8, 3))
    assert by_itself["determination_after_suspension"] == date(2026, 8, 7)


def test_a_letter_has_its_own_limit_or_three_working_days():
    letter = Event(H.LETTER_RECEIVED, date(2026, 11, 20), paper="l")
    assert last_days(letter, today=date(2026, 11, 20)) == {"file_call": date(2026, 11, 25)}
    own = Event(H.LETTER_RECEIVED, date(2026, 11, 20), paper="l", until=date(2026, 12, 1))
    assert last_days(own, today=date(2026, 11, 20)) == {"file_call": date(2026, 12, 1)}


def test_notice_of_a_mediation_counts_back_from_its_day():
    mediation = Event(H.MEDIATION_SET, date(2026, 3, 4), until=date(2026, 3, 12))
    found = last_days(mediation, today=date(2026, 3, 5))
    assert found == {"mediation_notice": date(2026, 3, 9), "mediation_change": date(2026, 3, 11)}


def test_a_term_into_an_unknown_year_says_so():
    served = Event(H.DETERMINATION_SERVED, date(2026, 12, 30), party=A, paper="d")
    clock = clocks(served, today=date(2026, 12, 30))["review_application", A]
    assert (clock.last_day, clock.unknown_year) == (None, 2027)
    assert not clock.overdue(date(2027, 3, 1))
    late = Event(H.DETERMINATION_SERVED, date(2026, 12, 24), party=A, paper="d")
    clock = clocks(late, today=date(2026, 12, 24))["review_application", A]
    assert (clock.last_day, clock.may_change) == (date(2026, 12, 29), True)


def test_a_settlement_that_cannot_be_computed_is_an_unknown_clock():
    history = [
        Event(H.REPORT_RECEIVED, date(2026, 12, 28), paper="r"),
        Event(H.REPORT_SERVED, date(2026, 12, 30), party=A, paper="r"),
    ]
    clock = clocks(*history, today=date(2026, 12, 31), parties=(A,))[
        "determination_after_reports", ""
    ]
    assert (clock.started_on, clock.last_day, clock.unknown_year) == (None, None, 2027)


def test_what_lies_in_the_future_starts_nothing():
    scene = Event(H.SCENE_INVESTIGATED, date(2026, 6, 2))
    assert last_days(scene, today=date(2026, 6, 1)) == {}


def test_every_term_can_start_and_be_stopped():
    for term in packaged_terms():
        start = date(2025, 3, 3)
        needed = [Event(word, start) for word in term.needs]
        until = date(2025, 3, 31) if term.count is Count.BEFORE else None
        first = Event(term.starts, start, party=A, paper="p", until=until)
        if term.starts in (H.REPORTS_SETTLED, H.REDO_REPORTS_SETTLED):
            continue  # derived: tested above
        assert term.id in last_days(first, *needed, today=start), term.id
        for word in (*term.stops, *term.ended_by):
            stop = Event(word, start, party=A, paper="p")
            stopped = clocks(first, *needed, stop, today=start)
            assert (term.id, A) not in stopped, (term.id, word)
            assert (term.id, "") not in stopped, (term.id, word)
        assert term.stops or term.whose is Whose.PARTY


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[[term]]\nid = "x"',
        '[[term]]\nid = "x"\ncount = "weeks"',
        (Path("policies/terms.toml").read_text(encoding="utf-8") * 2),
    ],
)
def test_a_table_that_is_not_whole_is_refused(text):
    with pytest.raises(PoliciesBroken):
        read_terms(text)
