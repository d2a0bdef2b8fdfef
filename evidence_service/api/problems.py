"""Every error becomes a problem (RFC 9457), in the asker's language, and says no more than it may.

An error that nobody foresaw shows a trace id and nothing else; what it was stands in the log of
operation, by its type alone (SEC-ERR-1, SEC-ERR-4).
"""

import json
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, g, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestedRangeNotSatisfiable

from evidence_service.api import problem_table as table
from evidence_service.api.asking import parts, trace_id
from evidence_service.api.file_problems import FILES
from evidence_service.api.languages import language
from evidence_service.api.problem_row import TYPE_PREFIX, Row
from evidence_service.api.refusals import (
    articles_of,
    endings_values,
    gate_in_words,
    next_step,
    steps_of,
)
from evidence_service.errors import (
    AlreadyThere,
    BadInput,
    FieldWrong,
    FileRefused,
    PageUnreadable,
    Refused,
    ServiceError,
    Unavailable,
)
from evidence_service.use_cases.contacts import contact_of
from policies.explain import Saying

if TYPE_CHECKING:
    from policies.decision import Decision

MEDIA = "application/problem+json"


class SentFieldsWrong(BadInput):
    """Fields are not as their model wants them; its cause is the model's own error."""


class WrongTusVersion(BadInput):
    """Another version of the protocol of uploads, or none."""


_logger = structlog.get_logger("api")


def install(app: APIFlask) -> None:
    """Answer every error of this app with a problem."""
    app.register_error_handler(ServiceError, of_service_error)
    app.register_error_handler(HTTPError, of_sent_fields)
    app.register_error_handler(SentFieldsWrong, of_sent_fields)
    app.register_error_handler(WrongTusVersion, of_wrong_tus_version)
    app.register_error_handler(HTTPException, of_http_error)
    app.register_error_handler(Exception, of_surprise)


def of_service_error(error: ServiceError) -> Response:
    """Answer one of our errors by the table."""
    row = table.row_of(error, request.endpoint or "")
    if row is table.INTERNAL:
        return of_surprise(error)
    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, FieldWrong):
        return fields_wrong([{"field": error.field, "problem": error.problem}])
    values, more = _values_of(error)
    if isinstance(error, FileRefused) and error.reason in FILES:
        row = Row(row.name, row.status, row.title, Saying(*FILES[error.reason]), "file")
    seconds = error.retry_after_seconds if isinstance(error, Unavailable) else None
    return problem(row, values, more, retry_after_seconds=seconds or row.retry_after_seconds)


def of_sent_fields(error: HTTPError | SentFieldsWrong) -> Response:
    """Answer what a model said of the fields that were sent; never with their values."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return problem(table.BAD_REQUEST)
    found = cause.errors(include_url=False, include_context=False, include_input=False)
    return fields_wrong(
        [
            {"field": ".".join(str(part) for part in each["loc"]), "problem": each["type"]}
            for each in found
        ]
    )


def of_wrong_tus_version(_error: WrongTusVersion) -> Response:
    """Answer 412 with the version that is spoken here (tus 1.0.0, core)."""
    answer = problem(table.TUS_VERSION)
    answer.headers["Tus-Version"] = "1.0.0"
    return answer


def of_http_error(error: HTTPException) -> Response:
    """Answer what Flask and Werkzeug raise: 400, 404, 405, 413, 415, 416."""
    status = error.code or 500
    fallback = table.BAD_REQUEST if status < 500 else table.INTERNAL  # noqa: PLR2004  server's fault
    answer = problem(table.OF_STATUS.get(status, fallback), {"ref": trace_id()})
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, RequestedRangeNotSatisfiable) and error.length is not None:
        answer.headers["Content-Range"] = f"bytes */{error.length}"
    return answer


def of_surprise(error: Exception) -> Response:
    """Answer an error that nobody foresaw: a trace id, and nothing else."""
    where = traceback.extract_tb(error.__traceback__)
    _logger.error(
        "surprise",
        trace_id=trace_id(),
        kind=type(error).__name__,
        # File and line alone: an error's own words can repeat what was sent.
        at=[f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in where[-4:]],
    )
    return problem(table.INTERNAL, {"ref": trace_id()})


def fields_wrong(fields: list[dict[str, str]]) -> Response:
    """Answer that fields are not as they should be: names and tokens."""
    named = ", ".join(f"{each['field']} ({each['problem']})" for each in fields)
    return problem(table.FIELD_WRONG, {"fields": named}, {"fields": fields})


def problem(
    row: Row,
    values: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
    *,
    retry_after_seconds: int | None = None,
) -> Response:
    """Make the answer of a row.

    Args:
        row: the kind of problem.
        values: what the braces of its sentence stand for.
        more: further members; they win over the usual ones.
        retry_after_seconds: when to try again.
    """
    speech = language()
    steps = []
    if row.next_step:
        steps = [next_step(row.next_step, speech, endings_values(None, reference=trace_id()))]
    body = {
        "type": TYPE_PREFIX + row.name,
        "title": row.title.in_language(speech),
        "status": row.status,
        "detail": row.detail.in_language(speech, **(values or {})),
        "articles": [],
        "missing": [],
        "next": steps,
        "trace_id": trace_id(),
        **(more or {}),
    }
    g.problem = row.name
    text = json.dumps(body, ensure_ascii=False)
    answer = Response(text, row.status, mimetype=MEDIA)
    answer.headers["Content-Language"] = speech
    answer.headers["Vary"] = "Accept-Language"
    if row.status == table.SIGN_IN_FIRST.status:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(retry_after_seconds)
    return answer


def _refusal(error: Refused) -> Response:
    speech = language()
    decision: Decision = cast("Any", error.decision)
    contact = contact_of(parts(), error.unit) if error.unit else None
    values = endings_values(contact, reference=trace_id(), case=error.case)
    more: dict[str, Any] = {
        "articles": articles_of(decision.gates),
        "missing": list(decision.missing),
        "next": steps_of(decision.gates, speech, values) or [next_step("call", speech, values)],
        "gates": [gate_in_words(gate, speech, values) for gate in decision.gates],
        "contact": asdict(contact) if contact else None,
    }
    if decision.gates:
        texts = [gate["text"] for gate in more["gates"]]
        more["detail"] = ("" if speech == "zh" else " ").join(texts)
    return problem(table.REFUSED, more=more)


def _values_of(error: ServiceError) -> tuple[dict[str, str], dict[str, Any]]:
    """Give what a sentence's braces stand for, and the error's own members of the answer."""
    if isinstance(error, FileRefused):
        more = {"reason": error.reason, "found": error.found, "where": error.where}
        return {"name": error.name, "found": error.found}, more
    if isinstance(error, AlreadyThere):
        return {}, {"what": error.what, "existing": error.existing or None}
    if isinstance(error, PageUnreadable):
        return {"page": str(error.page)}, {"page": error.page, "problem": error.problem}
    if isinstance(error, Unavailable):
        return {"seconds": str(error.retry_after_seconds)}, {}
    if type(error) is BadInput and str(error):
        return {}, {"problem": str(error)}
    return {}, {}
