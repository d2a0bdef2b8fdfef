"""Routes that answer with evidence: a written list, and one way out for its bytes (SECURITY 9).

Whoever answers with bytes gives the receipt that the log made for exactly these; there is no
other function that does. Never compressed, never transformed, never kept, with their exact length.
"""

from collections.abc import Iterable

from flask import Response, request

from evidence_service.audit.drafts import Release
from evidence_service.audit.receipts import Receipt
from evidence_service.errors import ServiceError

EVIDENCE_ENDPOINTS = frozenset({"viewings.show_page", "copies.send_copy"})
CACHE_CONTROL = "private, no-store, no-transform"
OUR_SITES = frozenset({"", "same-origin", "none"})


class FetchedByOthers(ServiceError):
    """A browser fetches ahead, or for another site: nothing is decided, nothing recorded."""


def refuse_foreign_fetches() -> None:
    """Refuse to answer with evidence what nobody opened here.

    Raises:
        FetchedByOthers: prefetched, prerendered, or asked for by another site.
    """
    if request.endpoint not in EVIDENCE_ENDPOINTS:
        return
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    site = request.headers.get("Sec-Fetch-Site", "").strip().lower()
    if "pre" in purpose.lower() or site not in OUR_SITES:
        raise FetchedByOthers


def bytes_answer(
    body: Iterable[bytes],
    media: str,
    receipt: Receipt[Release],
    *,
    status: int = 200,
    size_bytes: int | None = None,
) -> Response:
    """Answer with bytes that the log says may leave.

    Args:
        body: the bytes, piece by piece.
        media: their type.
        receipt: of the release that names them.
        status: 200, or 206 for a part.
        size_bytes: of a part; the whole's length stands in the receipt.
    """
    answer = Response(body, status, mimetype=media, direct_passthrough=True)
    length = receipt.what.size_bytes if size_bytes is None else size_bytes
    answer.headers["Content-Length"] = str(length)
    answer.headers["Cache-Control"] = CACHE_CONTROL
    return answer


def head_answer(media: str) -> Response:
    """Answer a HEAD for evidence: the type, no length, no bytes."""
    answer = Response(status=200, mimetype=media)
    answer.automatically_set_content_length = False
    answer.headers["Cache-Control"] = CACHE_CONTROL
    return answer
