"""`/livez`, `/readyz`, `/metrics`: for those who run the service; they tell of nobody."""

from dataclasses import asdict

from apiflask import APIBlueprint
from flask import Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from evidence_service.api import metrics
from evidence_service.api.asking import parts
from evidence_service.api.described import answer_of
from evidence_service.use_cases import readiness

blueprint = APIBlueprint("health", __name__, tag="Health")


@blueprint.get("/livez")
@blueprint.doc(responses={200: "The process answers"})
def livez() -> Response:
    """Say that the process answers."""
    return jsonify({"live": True})


@blueprint.get("/readyz")
@blueprint.doc(responses={200: "Every part can keep its promise", 503: "A part cannot"})
def readyz() -> Response:
    """Say of each part whether it can keep its promise now."""
    found = readiness.look(parts())
    answer = jsonify(asdict(found))
    answer.status_code = 200 if found.ready else 503
    return answer


@blueprint.get("/metrics")
@blueprint.doc(responses=answer_of("Prometheus text", "text/plain"))
def figures() -> Response:
    """Give counts and times by route."""
    return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)
