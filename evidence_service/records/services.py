"""Determinations and what was served on whom: art. 65, 67; ACP 36 for the manner.

A service counts from the instant it takes effect; one without an effective instant (no proof,
no consent to electronic service) counts never (READINGS 2).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_service.errors import NotFound
from evidence_service.records.models import Determination, Service


def find_determination(session: Session, determination_id: str) -> Determination:
    """Give the determination with this id.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Determination, determination_id)
    if found is None:
        raise NotFound
    return found


def determinations_in_force(session: Session, case_id: str) -> Sequence[Determination]:
    """Give the determinations and certificates that are made and not revoked."""
    query = select(Determination).where(
        Determination.case_id == case_id, Determination.revoked_at.is_(None)
    )
    return session.execute(query.order_by(Determination.recorded_at)).scalars().all()


def determinations(session: Session, case_id: str) -> Sequence[Determination]:
    """Give all determinations and certificates of a case, revoked ones too."""
    query = select(Determination).where(Determination.case_id == case_id)
    return session.execute(query.order_by(Determination.recorded_at)).scalars().all()


def is_served(session: Session, paper_id: str, party_id: str, now: datetime) -> bool:
    """Tell whether a paper's service on this party is in effect at `now`."""
    if not party_id:
        return False
    query = select(Service.id).where(
        Service.paper_id == paper_id,
        Service.party_id == party_id,
        Service.effective_at <= now,
    )
    return session.execute(query).first() is not None


def determination_served(session: Session, case_id: str, party_id: str, now: datetime) -> bool:
    """Tell whether a determination in force has been served on this party."""
    return any(
        is_served(session, determination.id, party_id, now)
        for determination in determinations_in_force(session, case_id)
    )


def of_paper(session: Session, paper_id: str) -> Sequence[Service]:
    """Give all services of a paper, first recorded first."""
    query = select(Service).where(Service.paper_id == paper_id)
    return session.execute(query.order_by(Service.recorded_at)).scalars().all()
