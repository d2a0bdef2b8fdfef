"""The JSON API under /api/v1, and the routes of health beside it (DESIGN 8)."""

from apiflask import APIFlask

from evidence_service.api import (
    accounts,
    asking,
    bytes_routes,
    cases,
    converters,
    copies,
    document,
    documents,
    headers,
    health,
    json_bodies,
    log,
    metrics,
    papers,
    problems,
    sessions,
    uploads,
    viewings,
    vouchers,
)
from evidence_service.use_cases.parts import Parts


def install(app: APIFlask, parts: Parts) -> None:
    """Put the API into an app: hooks in their order, then the routes."""
    settings = parts.settings
    app.extensions[asking.PARTS] = parts
    app.request_class = json_bodies.StrictRequest
    app.config[json_bodies.SPOOL] = settings.spool
    app.config["MAX_CONTENT_LENGTH"] = settings.multipart_max_bytes
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    converters.install(app)
    problems.install(app)
    document.install(app)
    metrics.install(app)
    app.before_request(headers.limit_body)
    app.before_request(bytes_routes.refuse_foreign_fetches)
    app.before_request(asking.refuse_strangers)
    app.before_request(asking.refuse_doubled_queries)
    app.after_request(headers.close_the_answer)
    for module in (
        sessions,
        accounts,
        cases,
        papers,
        documents,
        uploads,
        vouchers,
        viewings,
        copies,
        log,
        health,
    ):
        app.register_blueprint(module.blueprint)
