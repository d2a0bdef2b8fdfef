"""Open a case; record its parties, vehicles and officers (arts. 23-24, 27)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.audit.drafts import ActDone
from evidence_service.audit.log import CaseAt
from evidence_service.errors import AlreadyThere, FieldWrong
from evidence_service.identity import accounts
from evidence_service.identity.id_numbers import read_id_number
from evidence_service.identity.names import read_name
from evidence_service.identity.sessions import Person
from evidence_service.records import cases
from evidence_service.records.models import Assignment, Case, Party, Vehicle, new_id
from evidence_service.records.numbers import read_case_no, read_plate
from evidence_service.use_cases.acting import by, decide_outside, record_act
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.recording import Recording, record_in_case
from policies.facts import Act, Procedure


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What an officer states when opening a case."""

    case_no: str
    procedure: Procedure
    happened_at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class NewParty:
    """A party (当事人) as a named officer records them (READINGS 1)."""

    name: str
    id_number: str
    part: str


@dataclass(frozen=True, kw_only=True)
class NewVehicle:
    """A vehicle, and the party who drove it."""

    plate: str
    vehicle_type: str
    driver_id: str = ""


@dataclass(frozen=True)
class Recorded:
    """Something was recorded: its id, and where its entry stands in the log."""

    id: str
    entry: int


def open_case(parts: Parts, person: Person, new: NewCase, *, attempt: Attempt) -> Recorded:
    """Open a case; whoever opens it is its lead officer.

    Raises:
        Refused: by decision.
        FieldWrong: the accident lies in the future.
        AlreadyThere: the case number is taken.
        LogDown: nothing was recorded.
    """
    decide_outside(parts, person, Act.CASE_OPEN)
    now = parts.clock()
    if new.happened_at > now:
        raise FieldWrong("happened_at", "future")
    case_id = new_id("case")

    def change(session: Session, index: int) -> Recorded:
        case = Case(
            id=case_id,
            case_no=read_case_no(new.case_no),
            unit_id=person.unit,
            procedure=new.procedure,
            happened_at=new.happened_at,
            place=new.place,
            opened_at=now,
        )
        session.add(case)
        session.flush()
        session.add(_assignment(case_id, person.account_id, "lead", now))
        return Recorded(case_id, index)

    draft = ActDone(by=by(person), act=LogAct.CASE_OPEN, case=case_id, case_rev=1)
    try:
        return record_act(parts, attempt, draft, change, CaseAt(case_id, 0, moves=True))
    except IntegrityError as taken:
        raise AlreadyThere("case_no") from taken


def record_party(
    parts: Parts, person: Person, case_id: str, new: NewParty, *, attempt: Attempt
) -> Recorded:
    """Record a party of a case.

    Raises:
        FieldWrong: the name or ID number cannot be one.
        AlreadyThere: this person is a party of the case already.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    party = Party(
        id=new_id("par"),
        case_id=case_id,
        name=read_name(new.name),
        id_number=read_id_number(new.id_number),
        part=new.part,
        recorded_at=parts.clock(),
    )

    def check(session: Session) -> None:
        if cases.is_party(session, case_id, party.id_number):
            raise AlreadyThere("party")

    def change(session: Session, index: int) -> Recorded:
        session.add(party)
        return Recorded(party.id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.CASE_RECORD,
        log_act=LogAct.PARTY_RECORD,
    )
    return record_in_case(recording, case_id, change, check, party=party.id)


def record_vehicle(
    parts: Parts, person: Person, case_id: str, new: NewVehicle, *, attempt: Attempt
) -> Recorded:
    """Record a vehicle of a case.

    Raises:
        FieldWrong: the plate cannot be one.
        NotFound: the driver is no party of this case, or there is no such case.
        Refused, LogDown: nothing was recorded.
    """
    vehicle = Vehicle(
        id=new_id("veh"),
        case_id=case_id,
        plate=read_plate(new.plate),
        vehicle_type=new.vehicle_type,
        driver_id=new.driver_id or None,
        recorded_at=parts.clock(),
    )

    def check(session: Session) -> None:
        if new.driver_id:
            cases.find_party(session, case_id, new.driver_id)

    def change(session: Session, index: int) -> Recorded:
        session.add(vehicle)
        return Recorded(vehicle.id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.CASE_RECORD,
        log_act=LogAct.VEHICLE_RECORD,
    )
    return record_in_case(recording, case_id, change, check, object=vehicle.id, party=new.driver_id)


def assign_officer(
    parts: Parts, person: Person, case_id: str, badge_no: str, *, attempt: Attempt
) -> Recorded:
    """Assign a further officer of the unit to a case; the unit's head does (art. 27(1)).

    Raises:
        FieldWrong: the unit has no such officer.
        AlreadyThere: assigned already.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    with parts.database.reading() as session:
        officer = accounts.find_officer(session, person.unit, badge_no)
    if officer is None:
        raise FieldWrong("badge_no", "unknown")
    assignment = _assignment(case_id, officer.id, "second", parts.clock())

    def check(session: Session) -> None:
        if cases.is_assigned(session, case_id, officer.id):
            raise AlreadyThere("assignment")

    def change(session: Session, index: int) -> Recorded:
        session.add(assignment)
        return Recorded(assignment.id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.CASE_ASSIGN,
        log_act=LogAct.ASSIGNMENT_RECORD,
    )
    return record_in_case(recording, case_id, change, check, second=officer.per_id)


def _assignment(case_id: str, account_id: int, duty: str, now: datetime) -> Assignment:
    return Assignment(
        id=new_id("asg"), case_id=case_id, account_id=account_id, duty=duty, assigned_at=now
    )
