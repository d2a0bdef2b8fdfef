"""Idempotency keys: the same key and the same request give the first answer again.

The key is taken, in a commit of its own, before the act begins; the answer is kept in the act's
commit. Kept answers are sealed under the key itself, of which only a hash is stored: a voucher's
code in an answer can be read again by whoever sent the key, and by nobody else.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from evidence_service.audit import leases
from evidence_service.errors import Conflict, FieldWrong, IdempotencyMismatch
from evidence_service.keys import Key
from evidence_service.records import once_keys
from evidence_service.use_cases.parts import Parts

KEPT_FOR = timedelta(days=1)
KEY_LENGTHS = range(8, 129)
_NONCE = bytes(12)  # each sealing key seals one answer


class StillRunning(Conflict):
    """The first request with this key has not ended yet."""


@dataclass
class Attempt:
    """One request with or without an idempotency key."""

    present: Callable[[Any], Any] | None = None
    key_hash: str = ""
    _key: Key = field(default_factory=lambda: Key(b""), repr=False)
    answer: Any = None

    def keep(self, session: Session, result: object) -> None:
        """Keep the answer to `result` in the act's own commit."""
        if not self.key_hash or self.present is None:
            return
        clear = json.dumps(self.present(result)).encode()
        sealed = AESGCM(self._key.derive("idempotency-answer")).encrypt(_NONCE, clear, None)
        once_keys.answer(session, self.key_hash, sealed)


def begin(
    parts: Parts, who: str, key: str, request: bytes, present: Callable[[Any], Any]
) -> Attempt:
    """Take an idempotency key, or find the answer that it was given before.

    Args:
        parts: the service's parts.
        who: the asker; keys of different askers are different keys.
        key: what was sent, 8-128 visible ASCII characters; empty for none.
        request: a digest of method, address and body.
        present: turns the act's result into the JSON answer.

    Raises:
        FieldWrong: the key has another form.
        IdempotencyMismatch: it came before with another request.
        StillRunning: the first request with it has not ended.
    """
    if not key:
        return Attempt(present)
    if len(key) not in KEY_LENGTHS or not key.isascii() or not key.isprintable():
        raise FieldWrong("Idempotency-Key", "form")
    secret = Key(hashlib.sha256(f"idempotency\n{who}\n{key}".encode()).digest())
    attempt = Attempt(present, hashlib.sha256(secret).hexdigest(), secret)
    now = parts.clock()
    with parts.database.writing() as session:
        once_keys.forget_before(session, now - KEPT_FOR)
        taken = once_keys.take(session, attempt.key_hash, request.hex(), parts.log.service, now)
        if taken is None:
            return attempt
        if taken.request_sha256 != request.hex():
            raise IdempotencyMismatch
        if taken.answer is None and leases.is_alive(session, taken.service, now):
            raise StillRunning
        if taken.answer is None:  # its process died in the middle, before the commit
            once_keys.take_over(session, taken, parts.log.service, now)
            return attempt
        sealing = AESGCM(secret.derive("idempotency-answer"))
        attempt.answer = json.loads(sealing.decrypt(_NONCE, taken.answer, None))
    return attempt


def give_back(parts: Parts, attempt: Attempt) -> None:
    """Free the key of a request that failed, so that it can be sent again."""
    if attempt.key_hash and attempt.answer is None:
        with parts.database.writing() as session:
            once_keys.free(session, attempt.key_hash)
