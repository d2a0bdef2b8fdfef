"""The contact card of a unit, which closes every refusal (art. 27; wording, rule 1)."""

from dataclasses import dataclass

from evidence_service.errors import NotFound
from evidence_service.records import cases
from evidence_service.use_cases.parts import Parts


@dataclass(frozen=True)
class ContactCard:
    """Whom to call, and where to go."""

    name: str
    place: str
    phone: str
    complaints_phone: str
    hours: str


def contact_of(parts: Parts, unit_id: str) -> ContactCard | None:
    """Give a unit's card, or None where there is no such unit.

    Raises:
        DatabaseDown: it cannot be read.
    """
    try:
        with parts.database.reading() as session:
            unit = cases.unit(session, unit_id)
            return ContactCard(unit.name, unit.place, unit.phone, unit.complaints_phone, unit.hours)
    except NotFound:
        return None
