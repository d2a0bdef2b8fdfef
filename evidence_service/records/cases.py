"""Cases, their people and vehicles: finding and adding rows."""

from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from evidence_service.errors import NotFound
from evidence_service.records.models import Assignment, Case, Party, Unit, Vehicle


def find(session: Session, case_id: str) -> Case:
    """Give the case with this id.

    Raises:
        NotFound: there is none.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound
    return case


def find_party(session: Session, case_id: str, party_id: str) -> Party:
    """Give this party of this case.

    Raises:
        NotFound: the case has no such party.
    """
    party = session.get(Party, party_id)
    if party is None or party.case_id != case_id:
        raise NotFound
    return party


def revision(session: Session, case_id: str) -> int:
    """Give how often the case's facts have changed; the log moves it with each change."""
    query = text("SELECT revision FROM case_revisions WHERE case_id = :case_id")
    return session.execute(query, {"case_id": case_id}).scalar_one_or_none() or 0


def standing_of(session: Session, case_id: str, account_id: int) -> str:
    """Give the id under which this account is a party of the case, or an empty string."""
    query = select(Party.id).where(Party.case_id == case_id, Party.account_id == account_id)
    return session.execute(query).scalars().first() or ""


def is_assigned(session: Session, case_id: str, account_id: int) -> bool:
    """Tell whether this account handles the case now."""
    query = select(Assignment.id).where(
        Assignment.case_id == case_id,
        Assignment.account_id == account_id,
        Assignment.ended_at.is_(None),
    )
    return session.execute(query).first() is not None


def is_party(session: Session, case_id: str, id_number: str) -> bool:
    """Tell whether a party of the case has this ID number (recusal at once, READINGS 11)."""
    query = select(Party.id).where(Party.case_id == case_id, Party.id_number == id_number)
    return session.execute(query).first() is not None


def parties(session: Session, case_id: str) -> Sequence[Party]:
    """Give the parties in the order they were recorded."""
    query = select(Party).where(Party.case_id == case_id).order_by(Party.recorded_at, Party.id)
    return session.execute(query).scalars().all()


def vehicles(session: Session, case_id: str) -> Sequence[Vehicle]:
    """Give the vehicles in the order they were recorded."""
    query = select(Vehicle).where(Vehicle.case_id == case_id)
    return session.execute(query.order_by(Vehicle.recorded_at, Vehicle.id)).scalars().all()


def assignments(session: Session, case_id: str) -> Sequence[Assignment]:
    """Give who handles the case now, lead officer first."""
    query = select(Assignment).where(Assignment.case_id == case_id, Assignment.ended_at.is_(None))
    return session.execute(query.order_by(Assignment.duty, Assignment.assigned_at)).scalars().all()


def unit(session: Session, unit_id: str) -> Unit:
    """Give a handling unit.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Unit, unit_id)
    if found is None:
        raise NotFound
    return found


def of_account(session: Session, account_id: int, after: str, limit: int) -> Sequence[Case]:
    """Give the cases that this account is a party of or handles, by id, after `after`."""
    as_party = select(Party.case_id).where(Party.account_id == account_id)
    as_officer = select(Assignment.case_id).where(
        Assignment.account_id == account_id, Assignment.ended_at.is_(None)
    )
    query = select(Case).where(Case.id.in_(as_party.union(as_officer)), Case.id > after)
    return session.execute(query.order_by(Case.id).limit(limit)).scalars().all()


def of_unit(session: Session, unit_id: str, after: str, limit: int) -> Sequence[Case]:
    """Give the unit's cases, by id, after `after`."""
    query = select(Case).where(Case.unit_id == unit_id, Case.id > after)
    return session.execute(query.order_by(Case.id).limit(limit)).scalars().all()
