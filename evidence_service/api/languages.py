"""Which language an answer speaks: what the asker wishes, else Chinese (wording, switching)."""

from flask import request

from policies.explain import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def language() -> Language:
    """Give the language of this request's answer, by its Accept-Language."""
    wished = request.accept_languages.best_match(LANGUAGES, default="zh")
    return "en" if wished == "en" else "zh"
