"""Who is asking: a bearer token, read anew at every request. What is not public is refused.

Default deny: one hook refuses every endpoint that does not stand in `PUBLIC`, so a route that
somebody adds and forgets to guard answers 401.
"""

import re
import secrets
from typing import cast

from flask import current_app, g, request
from werkzeug.exceptions import BadRequest

from evidence_service.errors import NotSignedIn
from evidence_service.identity.sessions import Person
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.signing_in import person_of_token

PUBLIC = frozenset(
    {
        "accounts.make_account",
        "health.livez",
        "health.figures",
        "health.readyz",
        "log.consistency",
        "log.newest_checkpoint",
        "openapi.spec",
        "sessions.open_session",
        "uploads.abilities",
        "uploads.abilities_of_one",
        "web.page",
        "web.style",
    }
)
PARTS = "evidence"

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] ([A-Za-z0-9._~+/-]+=*)")


def parts() -> Parts:
    """Give the service's parts."""
    return cast("Parts", current_app.extensions[PARTS])


def asker() -> Person:
    """Give who is asking; only behind `refuse_strangers`."""
    return cast("Person", g.asker)


def client_address() -> str:
    """Give the address that the request came from, past exactly the proxies we were told of."""
    return request.remote_addr or ""


def trace_id() -> str:
    """Give this request's trace id: random, in the answer and in the log of operation."""
    if "trace_id" not in g:
        g.trace_id = secrets.token_hex(8)
    return cast("str", g.trace_id)


def refuse_strangers() -> None:
    """Refuse whoever is not signed in, except where `PUBLIC` says so.

    Raises:
        NotSignedIn: no token, or not a good one.
    """
    if request.endpoint is None or request.endpoint in PUBLIC:  # None: no such route, 404 or 405
        return
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if found is None:
        raise NotSignedIn("no bearer token")
    g.asker = person_of_token(parts(), found[1])


def refuse_doubled_queries() -> None:
    """Refuse a query that gives one name twice: two readers could take two values.

    Raises:
        BadRequest: a name stands twice.
    """
    if any(len(values) > 1 for _, values in request.args.lists()):
        raise BadRequest
