"""Headers that close every answer, errors too (SEC-BR-5), and the bounds of every body."""

from flask import Response, current_app, request

from evidence_service.api.asking import parts
from evidence_service.api.json_bodies import JSON_MAX_BYTES

FORM_ENDPOINTS = frozenset({"documents.upload_document"})
CHUNK_ENDPOINTS = frozenset({"uploads.append"})

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
_UNLESS_SET = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
}


def limit_body() -> None:
    """Bound the body by what its route takes; Flask refuses more with 413."""
    if request.endpoint in FORM_ENDPOINTS:
        request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"]
    elif request.endpoint in CHUNK_ENDPOINTS:
        request.max_content_length = parts().settings.chunk_max_bytes
    else:
        request.max_content_length = JSON_MAX_BYTES


def close_the_answer(response: Response) -> Response:
    """Set the headers of every answer."""
    for name, value in _ALWAYS.items():
        response.headers[name] = value
    for name, value in _UNLESS_SET.items():
        response.headers.setdefault(name, value)
    return response
