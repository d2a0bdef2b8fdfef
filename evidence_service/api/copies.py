"""Copies: a marked PDF, whole or one range of it, decided anew each time."""

import re

from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from evidence_service.api.asking import asker, parts
from evidence_service.api.bytes_routes import bytes_answer, head_answer
from evidence_service.api.described import answer_of
from evidence_service.use_cases import fetching
from evidence_service.use_cases.copying import MEDIA
from evidence_service.use_cases.fetching import ByteRange

blueprint = APIBlueprint("copies", __name__, url_prefix="/api/v1", tag="Copies")

_RANGE = re.compile(r"(?:([0-9]{1,15})-([0-9]{0,15})|-([0-9]{1,15}))")


@blueprint.get("/copies/<id:copy_id>")
@blueprint.doc(
    responses=answer_of("The copy", MEDIA) | answer_of("One range of it", MEDIA, status=206)
)
def send_copy(copy_id: str) -> Response:
    """Send a copy, whole or one range."""
    if request.method == "HEAD":
        fetching.check_copy(parts(), asker(), copy_id)
        return head_answer(MEDIA)
    part = _asked_part(copy_id)
    sent = fetching.fetch_copy(parts(), asker(), copy_id, part)
    if part is None:
        answer = bytes_answer(sent.pieces, MEDIA, sent.receipt)
    else:
        length = part.last - part.first + 1
        answer = bytes_answer(sent.pieces, MEDIA, sent.receipt, status=206, size_bytes=length)
        answer.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{sent.size_bytes}"
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = f'attachment; filename="{copy_id}.pdf"'
    return answer


def _asked_part(copy_id: str) -> ByteRange | None:
    """Read `Range`; other units and forms are ignored, as RFC 9110 says.

    `If-Range` always asks for the whole: a copy has no validator that could match.

    Raises:
        RequestedRangeNotSatisfiable: several ranges, or one outside the copy.
    """
    unit, _, asked = request.headers.get("Range", "").partition("=")
    if unit.strip().lower() != "bytes" or "If-Range" in request.headers:
        return None
    size_bytes = fetching.copy_size(parts(), asker(), copy_id)
    if "," in asked:
        raise RequestedRangeNotSatisfiable(size_bytes)
    found = _RANGE.fullmatch(asked.strip())
    if found is None:
        return None
    return _inside(found, size_bytes)


def _inside(found: re.Match[str], size_bytes: int) -> ByteRange | None:
    if found[3] is not None:
        first, last = max(0, size_bytes - int(found[3])), size_bytes - 1
    else:
        first, last = int(found[1]), int(found[2] or size_bytes - 1)
        if found[2] and last < first:
            return None  # no range at all, RFC 9110 14.1.1
    last = min(last, size_bytes - 1)
    if first > last:
        raise RequestedRangeNotSatisfiable(size_bytes)
    return ByteRange(first, last)
