"""Determinations and reports: made, examined, served (arts. 55, 64-67; ACP 36)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.clock import CHINA, china_date
from evidence_service.errors import AlreadyThere, FieldWrong, NotFound
from evidence_service.identity.sessions import Person
from evidence_service.records import cases, documents, services
from evidence_service.records.models import Determination, Service, new_id
from evidence_service.use_cases.acting import refuse_unknown
from evidence_service.use_cases.case_files import Recorded
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.recording import Recording, record_in_case, record_of_document
from policies.facts import EXAMINED_KINDS, Act

FORMS = ("determination", "accident_certificate")
AT_ONCE = ("handed_over", "left_after_refusal", "adult_of_family", "other_police_organ", "mail")
MANNERS = (*AT_ONCE, "electronic", "public_notice")
NOTICE_DAYS = 60  # ACP 36: a public notice counts when the sixtieth day is over
DEFECTS = (  # art. 55: the seven reasons for which a report is not served but made anew
    "procedure",
    "no_qualification",
    "insufficient_basis",
    "false",
    "recusal_breach",
    "bad_sample",
    "other",
)


@dataclass(frozen=True, kw_only=True)
class NewDetermination:
    """A determination or certificate that was made."""

    form: str
    number: str
    made_on: date


@dataclass(frozen=True, kw_only=True)
class NewService:
    """A paper was served on one party: how, when, who took it, and the proof's SHA-256."""

    party_id: str
    manner: str
    served_at: datetime
    proof_sha256: str
    taken_by: str = ""
    consent_recorded: bool = False  # electronic service needs it (ACP 36)
    confirmed_at: datetime | None = None  # and the confirmed receipt


@dataclass(frozen=True)
class Served:
    """A service was recorded; `effective_at` is None when it has no effect (READINGS 2)."""

    id: str
    entry: int
    effective_at: datetime | None


def make_determination(
    parts: Parts, person: Person, case_id: str, new: NewDetermination, *, attempt: Attempt
) -> Recorded:
    """Record that the determination or certificate was made.

    Raises:
        FieldWrong: a date in the future.
        AlreadyThere: one is in force; it must be revoked first.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    now = parts.clock()
    if new.made_on > china_date(now):
        raise FieldWrong("made_on", "future")
    row = Determination(
        id=new_id("det"),
        case_id=case_id,
        form=new.form,
        number=new.number,
        made_on=new.made_on,
        recorded_at=now,
    )

    def check(session: Session) -> None:
        in_force = services.determinations_in_force(session, case_id)
        if in_force:
            raise AlreadyThere("determination", in_force[0].id)

    def change(session: Session, index: int) -> Recorded:
        session.add(row)
        return Recorded(row.id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.DETERMINATION_MAKE,
        log_act=LogAct.DETERMINATION_MAKE,
    )
    return record_in_case(
        recording, case_id, change, check, object=row.id, effective_on=new.made_on.isoformat()
    )


def serve_determination(
    parts: Parts, person: Person, determination_id: str, new: NewService, *, attempt: Attempt
) -> Served:
    """Record that a determination was served on one party (art. 65).

    Raises:
        FieldWrong: a date that cannot be, or a manner without what it needs.
        AlreadyThere: it was served on this party already.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    try:
        with parts.database.reading() as session:
            paper = services.find_determination(session, determination_id)
            case_id, made_on = paper.case_id, paper.made_on
    except NotFound:
        raise refuse_unknown(parts, person, Act.DETERMINATION_SERVE) from None
    row = _service_row(parts, case_id, determination_id, new)
    if china_date(row.served_at) < made_on:
        raise FieldWrong("served_at", "before_made")
    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.DETERMINATION_SERVE,
        log_act=LogAct.DETERMINATION_SERVE,
    )
    return record_in_case(
        recording, case_id, _keep(row), _check_of(row), object=determination_id, **_entry(row)
    )


def serve_report(
    parts: Parts, person: Person, document_id: str, new: NewService, *, attempt: Attempt
) -> Served:
    """Record that a report's copy was served on one party (art. 55).

    Raises:
        FieldWrong: the document is no report; otherwise as `serve_determination`.
        AlreadyThere, Refused, NotFound, LogDown: nothing was recorded.
    """
    try:
        with parts.database.reading() as session:
            document = documents.find(session, document_id)
            case_id, kind = document.case_id, document.kind
    except NotFound:
        raise refuse_unknown(parts, person, Act.DOCUMENT_SERVE) from None
    if kind not in EXAMINED_KINDS:
        raise FieldWrong("document", "no_report")
    row = _service_row(parts, case_id, document_id, new)
    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.DOCUMENT_SERVE,
        log_act=LogAct.REPORT_SERVE,
    )
    return record_of_document(recording, document_id, _keep(row), _check_of(row), **_entry(row))


def review_report(
    parts: Parts, person: Person, document_id: str, *, result: str, defect: str, attempt: Attempt
) -> Recorded:
    """Record the head's examination of a report: passed, or rejected for one defect (art. 55).

    Raises:
        FieldWrong: a rejection without a defect, a pass with one, or no report.
        AlreadyThere: it was examined already.
        Refused, NotFound, LogDown: nothing was recorded.
    """
    if (result == "rejected") != bool(defect):
        raise FieldWrong("defect", "with_rejection")
    now = parts.clock()

    def check(session: Session) -> None:
        document = documents.find(session, document_id)
        if document.kind not in EXAMINED_KINDS:
            raise FieldWrong("document", "no_report")
        if document.review_result:
            raise AlreadyThere("review", document.id)

    def change(session: Session, index: int) -> Recorded:
        document = documents.find(session, document_id)
        document.review_result, document.review_defect = result, defect
        document.reviewed_at = now
        return Recorded(document_id, index)

    recording = Recording(
        parts=parts,
        person=person,
        attempt=attempt,
        act=Act.DOCUMENT_REVIEW,
        log_act=LogAct.REPORT_REVIEW,
    )
    return record_of_document(recording, document_id, change, check, answer=defect or result)


def effective_at(new: NewService) -> datetime | None:
    """Give the instant from which a service counts by its manner (ACP 36, READINGS 2)."""
    if new.manner == "electronic":
        return new.confirmed_at if new.consent_recorded else None
    if new.manner == "public_notice":
        day = china_date(new.served_at) + timedelta(days=NOTICE_DAYS + 1)
        return datetime.combine(day, time(), CHINA)
    return new.served_at


def _service_row(parts: Parts, case_id: str, paper_id: str, new: NewService) -> Service:
    now = parts.clock()
    for field, instant in (("served_at", new.served_at), ("confirmed_at", new.confirmed_at)):
        if instant is not None and instant > now:
            raise FieldWrong(field, "future")
    if new.confirmed_at is not None and new.confirmed_at < new.served_at:
        raise FieldWrong("confirmed_at", "before_served")
    return Service(
        id=new_id("srv"),
        case_id=case_id,
        paper_id=paper_id,
        party_id=new.party_id,
        manner=new.manner,
        served_at=new.served_at,
        effective_at=effective_at(new),
        proof_sha256=new.proof_sha256,
        taken_by=new.taken_by,
        recorded_at=now,
    )


def _check_of(row: Service) -> Callable[[Session], None]:
    def check(session: Session) -> None:
        cases.find_party(session, row.case_id, row.party_id)
        for earlier in services.of_paper(session, row.paper_id):
            if earlier.party_id == row.party_id and earlier.effective_at is not None:
                raise AlreadyThere("service", earlier.id)

    return check


def _keep(row: Service) -> Callable[[Session, int], Served]:
    def change(session: Session, index: int) -> Served:
        session.add(row)
        return Served(row.id, index, row.effective_at)

    return change


def _entry(row: Service) -> dict[str, str]:
    fields = {"party": row.party_id, "proof_sha256": row.proof_sha256, "answer": row.manner}
    if row.effective_at is not None:
        fields["effective_on"] = china_date(row.effective_at).isoformat()
    return fields
