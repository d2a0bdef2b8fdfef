"""One page for people: what this is, where the API's document lies, and whether it is ready."""

from apiflask import APIFlask

from evidence_service.use_cases.parts import Parts
from evidence_service.web import page


def install(app: APIFlask, parts: Parts) -> None:
    """Put the page into an app."""
    app.extensions[page.PARTS] = parts
    app.register_blueprint(page.blueprint)
