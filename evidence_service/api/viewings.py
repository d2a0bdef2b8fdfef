"""Viewings: opened for a purpose, looked at page by page, copied from."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from evidence_service.api import answers, sent
from evidence_service.api.asking import asker, parts
from evidence_service.api.bytes_routes import bytes_answer, head_answer
from evidence_service.api.described import answer_of
from evidence_service.api.once import once
from evidence_service.use_cases import copying, viewing

blueprint = APIBlueprint("viewings", __name__, url_prefix="/api/v1", tag="Viewings")


@blueprint.post("/documents/<id:document_id>/viewings")
@blueprint.input(sent.StatedPurpose, arg_name="stated")
@blueprint.output(answers.Viewing, status_code=201)
def open_viewing(document_id: str, stated: sent.StatedPurpose) -> dict[str, Any]:
    """Open a viewing of a document, or hear why not."""
    return once(
        answers.Viewing,
        lambda attempt: viewing.open_viewing(
            parts(),
            asker(),
            document_id,
            purpose=stated.purpose,
            words=stated.words,
            attempt=attempt,
        ),
    )


@blueprint.get("/viewings/<id:viewing_id>/pages/<number:page>")
@blueprint.input(sent.DpiQuery, location="query", arg_name="query")
@blueprint.doc(responses=answer_of("The page, marked", "image/jpeg"))
def show_page(viewing_id: str, page: int, query: sent.DpiQuery) -> Response:
    """Show one page, decided anew and marked for this viewing."""
    if request.method == "HEAD":
        viewing.check_page(parts(), asker(), viewing_id, page)
        return head_answer("image/jpeg")
    shown = viewing.view_page(parts(), asker(), viewing_id, page, query.dpi)
    return bytes_answer([shown.body], shown.media, shown.receipt)


@blueprint.post("/viewings/<id:viewing_id>/copies")
@blueprint.input(sent.ChosenPages, arg_name="chosen")
@blueprint.output(answers.Copy, status_code=201)
def make_copy(viewing_id: str, chosen: sent.ChosenPages) -> dict[str, Any]:
    """Make a marked PDF of chosen pages."""
    return once(
        answers.Copy,
        lambda attempt: copying.make_copy(
            parts(), asker(), viewing_id, chosen.pages, attempt=attempt
        ),
    )
