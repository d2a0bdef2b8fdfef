"""Determinations and reports: made, served, examined."""

from typing import Any

from apiflask import APIBlueprint

from evidence_service.api import answers, sent
from evidence_service.api.asking import asker, parts
from evidence_service.api.once import once
from evidence_service.use_cases import papers
from evidence_service.use_cases.papers import NewDetermination, NewService

blueprint = APIBlueprint("papers", __name__, url_prefix="/api/v1", tag="Papers")


@blueprint.post("/cases/<id:case_id>/determinations")
@blueprint.input(sent.StatedDetermination, arg_name="stated")
@blueprint.output(answers.Recorded, status_code=201)
def make_determination(case_id: str, stated: sent.StatedDetermination) -> dict[str, Any]:
    """Record that the determination or accident certificate was made."""
    new = NewDetermination(**stated.model_dump())
    return once(
        answers.Recorded,
        lambda attempt: papers.make_determination(parts(), asker(), case_id, new, attempt=attempt),
    )


@blueprint.post("/determinations/<id:determination_id>/services")
@blueprint.input(sent.StatedService, arg_name="stated")
@blueprint.output(answers.Served, status_code=201)
def serve_determination(determination_id: str, stated: sent.StatedService) -> dict[str, Any]:
    """Record that a determination was served on one party (art. 65)."""
    new = NewService(**stated.model_dump())
    return once(
        answers.Served,
        lambda attempt: papers.serve_determination(
            parts(), asker(), determination_id, new, attempt=attempt
        ),
    )


@blueprint.post("/documents/<id:document_id>/services")
@blueprint.input(sent.StatedService, arg_name="stated")
@blueprint.output(answers.Served, status_code=201)
def serve_report(document_id: str, stated: sent.StatedService) -> dict[str, Any]:
    """Record that a report's copy was served on one party (art. 55)."""
    new = NewService(**stated.model_dump())
    return once(
        answers.Served,
        lambda attempt: papers.serve_report(parts(), asker(), document_id, new, attempt=attempt),
    )


@blueprint.post("/documents/<id:document_id>/review")
@blueprint.input(sent.StatedReview, arg_name="stated")
@blueprint.output(answers.Recorded, status_code=201)
def review_report(document_id: str, stated: sent.StatedReview) -> dict[str, Any]:
    """Record the head's examination of a report: passed, or rejected for one defect (art. 55)."""
    return once(
        answers.Recorded,
        lambda attempt: papers.review_report(
            parts(),
            asker(),
            document_id,
            result=stated.result,
            defect=stated.defect,
            attempt=attempt,
        ),
    )
