"""The rows behind idempotency keys."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from evidence_service.records.models import Once


def take(
    session: Session, key_hash: str, request_sha256: str, service: str, now: datetime
) -> Once | None:
    """Take a key and give None, or give the row of whoever took it before."""
    found = session.get(Once, key_hash)
    if found is None:
        session.add(
            Once(
                key_hash=key_hash,
                request_sha256=request_sha256,
                service=service,
                taken_at=now,
                answer=None,
            )
        )
    return found


def take_over(session: Session, taken: Once, service: str, now: datetime) -> None:
    """Take the key of a request whose process died before it was answered."""
    taken.service, taken.taken_at = service, now
    session.flush()


def answer(session: Session, key_hash: str, sealed: bytes) -> None:
    """Keep the sealed answer."""
    session.execute(update(Once).where(Once.key_hash == key_hash).values(answer=sealed))


def free(session: Session, key_hash: str) -> None:
    """Forget a key that has no answer."""
    session.execute(delete(Once).where(Once.key_hash == key_hash, Once.answer.is_(None)))


def forget_before(session: Session, before: datetime) -> None:
    """Forget keys that are too old to come again."""
    session.execute(delete(Once).where(Once.taken_at < before))
