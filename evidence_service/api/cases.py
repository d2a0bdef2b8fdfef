"""Open a case, see it, and record its parties, vehicles and officers."""

from typing import Any

from apiflask import APIBlueprint

from evidence_service.api import answers, log_answers, sent, shown
from evidence_service.api.asking import asker, parts
from evidence_service.api.cursors import before_of
from evidence_service.api.once import once
from evidence_service.use_cases import case_files, log_reading, looking
from evidence_service.use_cases.case_files import NewCase, NewParty, NewVehicle

blueprint = APIBlueprint("cases", __name__, url_prefix="/api/v1", tag="Cases")


@blueprint.post("/cases")
@blueprint.input(sent.StatedCase, arg_name="stated")
@blueprint.output(answers.Recorded, status_code=201)
def open_case(stated: sent.StatedCase) -> dict[str, Any]:
    """Open a case; whoever opens it is its lead officer."""
    new = NewCase(**stated.model_dump())
    return once(
        answers.Recorded,
        lambda attempt: case_files.open_case(parts(), asker(), new, attempt=attempt),
    )


@blueprint.get("/cases")
@blueprint.input(sent.CaseListQuery, location="query", arg_name="page")
@blueprint.output(answers.CaseList)
def list_cases(page: sent.CaseListQuery) -> answers.CaseList:
    """List the cases that the asker may know."""
    found, cursor = looking.list_cases(parts(), asker(), after=page.cursor, limit=page.limit)
    return answers.CaseList(
        cases=[answers.ListedCase.model_validate(case) for case in found],
        next_cursor=cursor or None,
    )


@blueprint.get("/cases/<id:case_id>")
@blueprint.output(answers.Case)
def see_case(case_id: str) -> answers.Case:
    """Show a case, its documents, and for each act whether it is open, or why not."""
    return shown.case(looking.see_case(parts(), asker(), case_id))


@blueprint.post("/cases/<id:case_id>/parties")
@blueprint.input(sent.StatedParty, arg_name="stated")
@blueprint.output(answers.Recorded, status_code=201)
def record_party(case_id: str, stated: sent.StatedParty) -> dict[str, Any]:
    """Record a party of a case."""
    new = NewParty(**stated.model_dump())
    return once(
        answers.Recorded,
        lambda attempt: case_files.record_party(parts(), asker(), case_id, new, attempt=attempt),
    )


@blueprint.post("/cases/<id:case_id>/vehicles")
@blueprint.input(sent.StatedVehicle, arg_name="stated")
@blueprint.output(answers.Recorded, status_code=201)
def record_vehicle(case_id: str, stated: sent.StatedVehicle) -> dict[str, Any]:
    """Record a vehicle of a case."""
    new = NewVehicle(**stated.model_dump())
    return once(
        answers.Recorded,
        lambda attempt: case_files.record_vehicle(parts(), asker(), case_id, new, attempt=attempt),
    )


@blueprint.post("/cases/<id:case_id>/assignments")
@blueprint.input(sent.StatedAssignment, arg_name="stated")
@blueprint.output(answers.Recorded, status_code=201)
def assign_officer(case_id: str, stated: sent.StatedAssignment) -> dict[str, Any]:
    """Assign a further officer of the unit to a case."""
    badge_no = stated.badge_no
    return once(
        answers.Recorded,
        lambda attempt: case_files.assign_officer(
            parts(), asker(), case_id, badge_no, attempt=attempt
        ),
    )


@blueprint.get("/cases/<id:case_id>/accesses")
@blueprint.input(sent.PageOfList, location="query", arg_name="page")
@blueprint.output(log_answers.AccessList)
def list_accesses(case_id: str, page: sent.PageOfList) -> log_answers.AccessList:
    """Show who looked at a case, and who was refused."""
    person = asker()
    found = log_reading.accesses_of_case(
        parts(), person, case_id, before=before_of(page.cursor), limit=page.limit
    )
    return log_answers.access_list(found, person.actor)
