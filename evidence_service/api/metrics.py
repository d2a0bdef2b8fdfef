"""Counts, times and one log line a request: by route, never by address, query or body."""

import time
from typing import cast

import structlog
from apiflask import APIFlask
from flask import Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from evidence_service.api.asking import parts, trace_id

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"})
FIGURES = "evidence_figures"

_logger = structlog.get_logger("api")


class Figures:
    """What is counted, for one app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "evidence_requests_total",
            "Answered requests",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "evidence_request_seconds",
            "Seconds to the answer's first byte",
            ("route",),
            registry=self.registry,
        )
        self.alarms = Gauge("evidence_alarms", "Standing alarms", registry=self.registry)


def install(app: APIFlask) -> None:
    """Count and log every request of this app."""
    app.extensions[FIGURES] = Figures()
    app.before_request(begin)
    app.after_request(end)


def text() -> bytes:
    """Give all figures as Prometheus reads them."""
    figures = _figures()
    figures.alarms.set(len(parts().health.alarms))
    return generate_latest(figures.registry)


def begin() -> None:
    """Note when a request began."""
    g.began = time.monotonic()


def end(response: Response) -> Response:
    """Count an answer, and write its line: ids and routes only (SEC-ERR-4)."""
    route = str(request.url_rule) if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    seconds = time.monotonic() - g.get("began", time.monotonic())
    figures = _figures()
    figures.requests.labels(route, method, str(response.status_code)).inc()
    figures.seconds.labels(route).observe(seconds)
    _logger.info(
        "request",
        trace_id=trace_id(),
        method=method,
        route=route,
        ids={name: str(value) for name, value in (request.view_args or {}).items()},
        status=response.status_code,
        problem=g.get("problem", ""),
        milliseconds=round(seconds * 1000),
    )
    return response


def _figures() -> Figures:
    return cast("Figures", current_app.extensions[FIGURES])
