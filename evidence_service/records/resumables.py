"""The rows behind resumable uploads."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from evidence_service.errors import NotFound
from evidence_service.records.models import ResumableUpload


def find(session: Session, upload_id: str, account_id: int) -> ResumableUpload:
    """Give a person's own upload.

    Raises:
        NotFound: there is none, or it is another's.
    """
    row = session.get(ResumableUpload, upload_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    return row


def unfinished(session: Session, account_id: int) -> int:
    """Count a person's uploads that are not finished."""
    query = select(func.count()).where(
        ResumableUpload.account_id == account_id,
        ResumableUpload.received_bytes < ResumableUpload.size_bytes,
    )
    return session.execute(query).scalar_one()


def expired(session: Session, now: datetime) -> Sequence[str]:
    """Give the ids of uploads whose time is over."""
    query = select(ResumableUpload.id).where(ResumableUpload.expires_at <= now)
    return session.execute(query).scalars().all()


def remove(session: Session, upload_ids: Sequence[str]) -> None:
    """Remove the rows of these uploads."""
    session.execute(delete(ResumableUpload).where(ResumableUpload.id.in_(upload_ids)))
