"""Answers that are no JSON of a model, as the document describes them."""

from typing import Any

Responses = dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]


def answer_of(description: str, *media: str, status: int = 200) -> Responses:
    """Describe one answer by what it is and the types it may have."""
    schema = {"schema": {"type": "string"}}
    return {status: {"description": description, "content": dict.fromkeys(media, schema)}}
