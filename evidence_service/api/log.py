"""The log: read by supervisors, proved to anybody."""

from apiflask import APIBlueprint
from flask import Response

from evidence_service.api import log_answers, sent
from evidence_service.api.asking import asker, parts
from evidence_service.api.cursors import before_of
from evidence_service.api.described import answer_of
from evidence_service.clock import rfc3339
from evidence_service.use_cases import log_reading

blueprint = APIBlueprint("log", __name__, url_prefix="/api/v1/log", tag="Log")

PLAIN = "text/plain"
_FILTERS = {"person": "actor"}  # by name of the query; the others are called the same


@blueprint.get("/entries")
@blueprint.input(sent.EntriesQuery, location="query", arg_name="query")
@blueprint.output(log_answers.EntryList)
def list_entries(query: sent.EntriesQuery) -> log_answers.EntryList:
    """List entries by case, person, unit, act, result, document, viewing and time."""
    found = log_reading.list_entries(
        parts(),
        asker(),
        _filters(query),
        before=before_of(query.cursor),
        limit=query.limit,
    )
    return log_answers.entry_list(found)


@blueprint.get("/entries/<number:index>")
@blueprint.output(log_answers.Entry)
def read_entry(index: int) -> log_answers.Entry:
    """Show one entry."""
    return log_answers.entry(log_reading.read_entry(parts(), asker(), index))


@blueprint.get("/entries/<number:index>/proof")
@blueprint.input(sent.ProofQuery, location="query", arg_name="query")
@blueprint.doc(responses=answer_of("The proof", "application/json", PLAIN))
def prove_entry(index: int, query: sent.ProofQuery) -> Response:
    """Prove that an entry stands in the log, as JSON or as a `.tlog-proof` file."""
    found = log_reading.prove_entry(parts(), asker(), index)
    if query.form == "file":
        answer = Response(found.proof_file, mimetype=PLAIN)
        answer.headers["Content-Disposition"] = f'attachment; filename="{index}.tlog-proof"'
        return answer
    return Response(log_answers.proof(found).model_dump_json(), mimetype="application/json")


@blueprint.get("/checkpoint")
@blueprint.doc(responses=answer_of("A signed checkpoint (C2SP tlog-checkpoint)", PLAIN))
def newest_checkpoint() -> Response:
    """Give a signed checkpoint of the log as it stands; public."""
    return Response(log_reading.newest_checkpoint(parts()), mimetype=PLAIN)


@blueprint.get("/consistency")
@blueprint.input(sent.ConsistencyQuery, location="query", arg_name="query")
@blueprint.output(log_answers.ConsistencyProof)
def consistency(query: sent.ConsistencyQuery) -> log_answers.ConsistencyProof:
    """Prove that the log extends an earlier size of it; public."""
    path, checkpoint = log_reading.prove_consistency(parts(), query.from_)
    return log_answers.ConsistencyProof(
        from_size=query.from_,
        path=[log_answers.base64(each) for each in path],
        checkpoint=checkpoint.decode(),
    )


def _filters(query: sent.EntriesQuery) -> dict[str, str]:
    words = query.model_dump(
        include={"case", "person", "unit", "act", "result", "document", "viewing"},
        exclude_none=True,
    )
    found = {_FILTERS.get(name, name): str(value) for name, value in words.items()}
    for name, instant in (("from", query.from_), ("to", query.to)):
        if instant is not None:
            found[name] = rfc3339(instant)
    return found
