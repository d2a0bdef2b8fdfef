"""`Idempotency-Key`: the same key and request give the first answer again (DESIGN 8)."""

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from flask import g, request
from pydantic import BaseModel
from werkzeug.datastructures import FileStorage

from evidence_service.api.asking import parts
from evidence_service.errors import ServiceError
from evidence_service.use_cases import once as keys
from evidence_service.use_cases.once import Attempt

STRANGER = "stranger"


def once(
    answer: type[BaseModel], act: Callable[[Attempt], object], *, body: bytes | None = None
) -> dict[str, Any]:
    """Do an act once, however often its request comes, and give the answer.

    Args:
        answer: the model that the act's result becomes.
        act: the act; gets the attempt that it keeps its answer with.
        body: a digest that stands for the body, where reading it again would be dear.

    Raises:
        IdempotencyMismatch, StillRunning, FieldWrong: of the key.
        ServiceError: whatever the act raises; the key is free again.
    """

    def present(result: object) -> dict[str, Any]:
        return answer.model_validate(result).model_dump(mode="json")

    key = request.headers.get("Idempotency-Key", "")
    who = g.asker.actor if "asker" in g else STRANGER
    attempt = keys.begin(parts(), who, key, _digest(body), present)
    if attempt.answer is not None:
        kept: dict[str, Any] = attempt.answer
        return kept
    try:
        return present(act(attempt))
    except BaseException:
        with contextlib.suppress(ServiceError):
            keys.give_back(parts(), attempt)
        raise


def form_digest(files: Sequence[FileStorage]) -> bytes:
    """Give a digest of a form: its fields, and the name and SHA-256 of each file, in order."""
    digest = hashlib.sha256()
    for name, values in request.form.lists():
        for value in values:
            _add(digest, b"field", name.encode(), value.encode())
    for file in files:
        file.stream.seek(0)
        # `file_digest` wants a true file object; forms gather in temporary files, which are.
        of_file = hashlib.file_digest(file.stream, "sha256").digest()  # type: ignore[arg-type]  # IO[bytes] of a file
        file.stream.seek(0)
        _add(digest, b"file", (file.filename or "").encode("utf-8", "surrogatepass"), of_file)
    return digest.digest()


def _digest(body: bytes | None) -> bytes:
    digest = hashlib.sha256()
    _add(digest, request.method.encode(), request.path.encode())
    digest.update(request.get_data(cache=True) if body is None else body)
    return digest.digest()


def _add(digest: Any, *parts_of_one: bytes) -> None:
    for part in parts_of_one:  # each with its length: no two requests run together into one
        digest.update(len(part).to_bytes(8, "big") + part)
