"""The terms of Order 146 as a table: what starts each, how long it runs, and what stops it.

The rows are `terms.toml`, one an article, to be read beside the Order. How days are counted stands
in `work_calendar.py`, which clocks run in a case in `deadlines.py`.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from policies.errors import PoliciesBroken
from policies.explain import Saying


class Happening(StrEnum):
    """What starts or stops a term, as it is recorded in a case."""

    REPORTED_LATE = "reported_late"  # art. 18: after the scene was cleared
    REPORT_ANSWERED = "report_answered"
    SCENE_INVESTIGATED = "scene_investigated"
    SIMPLE_SCENE_LEFT = "simple_scene_left"
    CASE_RECEIVED = "case_received"  # art. 11: by transfer
    DIED = "died"
    AUTOPSY_COMMISSIONED = "autopsy_commissioned"
    VEHICLE_FOUND = "vehicle_found"  # of a hit-and-run
    VEHICLE_APPRAISAL_COMMISSIONED = "vehicle_appraisal_commissioned"
    HIT_AND_RUN = "hit_and_run"
    CULPRIT_FOUND = "culprit_found"  # vehicle *and* driver: the later of the two
    APPRAISAL_NEEDED = "appraisal_needed"
    APPRAISAL_COMMISSIONED = "appraisal_commissioned"
    FUNERAL_NOTICE = "funeral_notice"
    REPORT_RECEIVED = "report_received"
    REPORT_PASSED = "report_passed"
    REPORT_REJECTED = "report_rejected"
    REPORT_SERVED = "report_served"
    REAPPRAISAL_APPLIED = "reappraisal_applied"
    REAPPRAISAL_APPROVED = "reappraisal_approved"
    REAPPRAISAL_REFUSED = "reappraisal_refused"
    REAPPRAISAL_ISSUED = "reappraisal_issued"  # the new report, on the old one's paper
    REAPPRAISAL_TOLD = "reappraisal_told"
    REPORTS_SETTLED = "reports_settled"  # art. 112(3); derived
    VEHICLE_RETURN_TOLD = "vehicle_return_told"
    VEHICLE_DETAINED = "vehicle_detained"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    QUICK_APPLIED = "quick_applied"
    INJURED_SIDE_APPLIED = "injured_side_applied"
    DETERMINATION_MADE = "determination_made"
    DETERMINATION_SERVED = "determination_served"
    DETERMINATION_REVOKED = "determination_revoked"
    REVIEW_APPLIED = "review_applied"
    REVIEW_FORWARDED = "review_forwarded"
    REVIEW_FILES_CALLED = "review_files_called"
    REVIEW_FILES_SENT = "review_files_sent"
    REVIEW_ACCEPTED = "review_accepted"
    REVIEW_ENDED = "review_ended"  # concluded or terminated
    REVIEW_CONCLUDED = "review_concluded"
    REVIEW_CONCLUSION_SERVED = "review_conclusion_served"
    REVIEW_UPHELD_SERVED = "review_upheld_served"
    REDO_ORDERED = "redo_ordered"
    REDO_APPRAISAL_COMMISSIONED = "redo_appraisal_commissioned"
    REDO_REPORTS_SETTLED = "redo_reports_settled"  # derived
    MEDIATION_APPLIED = "mediation_applied"
    PEOPLES_MEDIATION_ENDED = "peoples_mediation_ended"
    MEDIATION_SET = "mediation_set"  # `until`: the day of the mediation
    MEDIATION_TOLD = "mediation_told"
    MEDIATION_STARTED = "mediation_started"
    MEDIATION_ENDED = "mediation_ended"
    RECUSAL_APPLIED = "recusal_applied"
    RECUSAL_DECIDED = "recusal_decided"
    LETTER_RECEIVED = "letter_received"
    FILE_HANDED_OVER = "file_handed_over"


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened in a case on a day, for one party or paper, or for all of them.

    `until`: the day that was agreed or set with it (arts. 51, 88, 106), where one was.
    """

    happening: Happening
    on: date
    party: str = ""
    paper: str = ""
    until: date | None = None


class Count(StrEnum):
    """How the days of a term are counted."""

    WORKING = "working"
    CALENDAR = "calendar"
    BEFORE = "working_before"  # working days back from the day of the start


class Whose(StrEnum):
    """Who has to act within the term."""

    PARTY = "party"
    POLICE = "police"


class Each(StrEnum):
    """For whom or what the term runs by itself."""

    CASE = "case"
    PARTY = "party"
    PAPER = "paper"  # a report, an application, a letter
    PAPER_AND_PARTY = "paper_and_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term.

    `stops`: ends it for its own paper and party, from the day it started. `ended_by`: once this
    happened in the case, it runs for nobody (another term counts, or art. 71: one review an
    accident). `needs`: it runs only where this happened.
    """

    id: str
    article: str
    days: int
    count: Count
    starts: Happening
    stops: frozenset[Happening]
    each: Each
    whose: Whose
    says: Saying
    ended_by: frozenset[Happening] = frozenset()
    needs: frozenset[Happening] = frozenset()
    ceiling: bool = False
    agreed: bool = False  # the start may name its own last day
    shown_to_parties: bool = True


def read_terms(text: str) -> tuple[Term, ...]:
    """Read the table of terms.

    Raises:
        PoliciesBroken: a row is not whole, an id stands twice, or a word is not in the vocabulary.
    """
    faults: list[str] = []
    terms: dict[str, Term] = {}
    for row in tomllib.loads(text).get("term", []):
        try:
            term = _term(dict(row))
        except (KeyError, TypeError, ValueError) as fault:
            faults.append(f"term {row.get('id', '?')}: {fault!r}")
            continue
        if term.id in terms:
            faults.append(f"term {term.id}: stands twice")
        terms[term.id] = term
    if faults or not terms:
        raise PoliciesBroken(faults or ["no terms"])
    return tuple(terms.values())


def _term(row: dict[str, Any]) -> Term:
    return Term(
        says=Saying(row.pop("zh"), row.pop("en")),
        count=Count(row.pop("count")),
        starts=Happening(row.pop("starts")),
        stops=frozenset(Happening(word) for word in row.pop("stops")),
        each=Each(row.pop("each")),
        whose=Whose(row.pop("whose")),
        ended_by=frozenset(Happening(word) for word in row.pop("ended_by", [])),
        needs=frozenset(Happening(word) for word in row.pop("needs", [])),
        **row,
    )


@cache
def packaged_terms() -> tuple[Term, ...]:
    """Give the terms of Order 146.

    Raises:
        PoliciesBroken: the packaged table is not whole.
    """
    return read_terms(files("policies").joinpath("terms.toml").read_text(encoding="utf-8"))
