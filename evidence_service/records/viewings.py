"""Viewings and copies: finding a person's own, and the codes in their marks."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_service.errors import NotFound
from evidence_service.records.models import Copy, Viewing

# Read by eye from a photograph of a screen: no 0 O 1 I L.
TRACE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TRACE_LENGTH = 10  # 49 bits: two viewings never share a code, and none is guessed


def new_trace_code() -> str:
    """Give a fresh trace code, in two groups of five."""
    code = "".join(secrets.choice(TRACE_ALPHABET) for _ in range(TRACE_LENGTH))
    return f"{code[:5]}-{code[5:]}"


def find(session: Session, viewing_id: str, account_id: int) -> Viewing:
    """Give a person's own viewing.

    Raises:
        NotFound: there is none, or it is another's.
    """
    viewing = session.get(Viewing, viewing_id)
    if viewing is None or viewing.account_id != account_id:
        raise NotFound
    return viewing


def find_copy(session: Session, copy_id: str, account_id: int) -> tuple[Copy, Viewing]:
    """Give a person's own copy and the viewing that it was made of.

    Raises:
        NotFound: there is none, or it is another's.
    """
    copy = session.get(Copy, copy_id)
    if copy is None:
        raise NotFound
    return copy, find(session, copy.viewing_id, account_id)


def of_document(session: Session, document_id: str) -> Sequence[Viewing]:
    """Give all viewings of a document, first opened first."""
    query = select(Viewing).where(Viewing.document_id == document_id)
    return session.execute(query.order_by(Viewing.opened_at)).scalars().all()
