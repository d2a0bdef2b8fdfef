"""The page at `/`, in Chinese or English, without a script, and its one style sheet."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, render_template, request

from evidence_service.use_cases import readiness
from evidence_service.web.texts import TEXTS

if TYPE_CHECKING:
    from evidence_service.use_cases.parts import Parts

PARTS = "evidence_page"
STYLE = (Path(__file__).parent / "page.css").read_bytes()
STYLE_NAME = f"page.{hashlib.sha256(STYLE).hexdigest()[:16]}.css"
CSP = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

blueprint = Blueprint("web", __name__, template_folder="templates")


@blueprint.get("/")
def page() -> Response:
    """Say what this is."""
    wished = request.accept_languages.best_match(("zh", "en"), default="zh")
    language = "en" if wished == "en" else "zh"
    parts: Parts = current_app.extensions[PARTS]
    found = readiness.look(parts)
    words = TEXTS[language]
    text = render_template(
        "page.html", words=words, ready=found.ready, style=f"/static/{STYLE_NAME}"
    )
    answer = Response(text, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = CSP
    answer.headers["Content-Language"] = language
    answer.headers["Vary"] = "Accept-Language"
    return answer


@blueprint.get(f"/static/{STYLE_NAME}")
def style() -> Response:
    """Give the style sheet; its name holds its hash, so it may be kept."""
    answer = Response(STYLE, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
