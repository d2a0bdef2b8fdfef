"""Make a query voucher (查询凭证) for a party, with the code that is shown once."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.identity import vouchers
from evidence_service.identity.sessions import Person
from evidence_service.records import cases
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.recording import Recording, record_in_case
from policies.facts import Act


@dataclass(frozen=True)
class PrintedVoucher:
    """What stands on the voucher."""

    case_no: str
    party_id: str
    party_name: str
    reference: str
    code: str = field(repr=False)
    expires_at: datetime
    entry: int


def issue_voucher(
    parts: Parts, person: Person, case_id: str, party_id: str, *, attempt: Attempt
) -> PrintedVoucher:
    """Make a voucher for one party of a case; an older unused one ends.

    Raises:
        NotFound: no such case or party for this person.
        Refused, LogDown: nothing was made.
    """
    now = parts.clock()

    def change(session: Session, index: int) -> PrintedVoucher:
        party = cases.find_party(session, case_id, party_id)
        issued = vouchers.issue(
            session,
            parts.keyring,
            subject=party.id,
            name=party.name,
            id_number=party.id_number,
            now=now,
        )
        return PrintedVoucher(
            case_no=cases.find(session, case_id).case_no,
            party_id=party.id,
            party_name=party.name,
            reference=issued.reference,
            code=issued.code,
            expires_at=issued.expires_at,
            entry=index,
        )

    def check(session: Session) -> None:
        cases.find_party(session, case_id, party_id)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.VOUCHER_ISSUE,
        log_act=LogAct.VOUCHER_ISSUE,
    )
    return record_in_case(recording, case_id, change, check, party=party_id)
