"""Documents: files come in, are shown by what is known of them, released and withdrawn."""

from typing import Any

from apiflask import APIBlueprint
from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from evidence_service.api import answers, sent, shown
from evidence_service.api.asking import asker, parts
from evidence_service.api.once import form_digest, once
from evidence_service.api.problems import SentFieldsWrong
from evidence_service.errors import FieldWrong
from evidence_service.use_cases import looking, releasing, resumable, upload
from evidence_service.use_cases.first_look import SentFile
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.upload import NewDocument, UploadedDocument

blueprint = APIBlueprint("documents", __name__, url_prefix="/api/v1", tag="Documents")

FORM = "multipart/form-data"
REPEATED = "uploads"  # the one field that a form may give several times


@blueprint.post("/cases/<id:case_id>/documents")
@blueprint.output(answers.UploadedDocument, status_code=201)
def upload_document(case_id: str) -> dict[str, Any]:
    """Take a document of one or more files into a case.

    Files come in the form, in their order; finished uploads follow them.
    """
    is_form = request.mimetype == FORM
    if not is_form and not request.is_json:
        raise UnsupportedMediaType
    stated = _stated_in_form() if is_form else _checked(request.get_json())
    sent_files = request.files.getlist("files") if is_form else []

    def act(attempt: Attempt) -> UploadedDocument:
        files = [SentFile(file.filename or "", file.stream) for file in sent_files]  # type: ignore[arg-type]  # IO[bytes] of a file
        return _take(case_id, stated, files, attempt)

    digest = form_digest(sent_files) if is_form else None
    return once(answers.UploadedDocument, act, body=digest)


@blueprint.get("/documents/<id:document_id>")
@blueprint.output(answers.Document)
def see_document(document_id: str) -> answers.Document:
    """Show what is known of a document, and for each act whether it is open, or why not."""
    return shown.document(looking.see_document(parts(), asker(), document_id))


@blueprint.post("/documents/<id:document_id>/release")
@blueprint.output(answers.Recorded, status_code=201)
def release_document(document_id: str) -> dict[str, Any]:
    """Release a document: a second officer agrees."""
    return once(
        answers.Recorded,
        lambda attempt: releasing.release_document(parts(), asker(), document_id, attempt=attempt),
    )


@blueprint.post("/documents/<id:document_id>/withdrawal")
@blueprint.output(answers.Recorded, status_code=201)
def withdraw_document(document_id: str) -> dict[str, Any]:
    """Withdraw a document; it bites at the next page of every open viewing."""
    return once(
        answers.Recorded,
        lambda attempt: releasing.withdraw_document(parts(), asker(), document_id, attempt=attempt),
    )


@blueprint.post("/documents/<id:document_id>/unreadable-pages")
@blueprint.output(answers.Recorded, status_code=201)
def accept_unreadable(document_id: str) -> dict[str, Any]:
    """Decide that a document may be released although pages of it cannot be drawn."""
    return once(
        answers.Recorded,
        lambda attempt: releasing.accept_unreadable(parts(), asker(), document_id, attempt=attempt),
    )


def _take(
    case_id: str, stated: sent.StatedDocument, files: list[SentFile], attempt: Attempt
) -> UploadedDocument:
    new = NewDocument(**stated.model_dump(exclude={"uploads"}))
    with resumable.finished_files(parts(), asker(), case_id, stated.uploads) as finished:
        taken = upload.upload_document(
            parts(), asker(), case_id, new, [*files, *finished], attempt=attempt
        )
    if stated.uploads:
        resumable.forget(parts(), stated.uploads)
    return taken


def _stated_in_form() -> sent.StatedDocument:
    """Read the fields of a form; none but `uploads` may stand twice, and files are `files`."""
    fields: dict[str, Any] = {}
    for name, values in request.form.lists():
        if name != REPEATED and len(values) > 1:
            raise FieldWrong(name[:64], "doubled")
        fields[name] = values if name == REPEATED else values[0]
    for name in request.files:
        if name != "files":
            raise FieldWrong(name[:64], "extra_forbidden")
    return _checked(fields)


def _checked(fields: Any) -> sent.StatedDocument:
    try:
        return sent.StatedDocument.model_validate(fields)
    except ValidationError as wrong:
        raise SentFieldsWrong from wrong
