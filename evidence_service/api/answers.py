"""What the service answers, as models: made from results of use cases, shown in the document."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from evidence_service.clock import rfc3339

Instant = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Answer(BaseModel):
    """The base of answers: filled from a result's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True, protected_namespaces=())


class Step(Answer):
    """What to do next."""

    key: str
    text: str


class ClosedGate(Answer):
    """One closed gate of a decision, in the asker's language."""

    policy: str
    basis: str
    rule: str
    articles: list[str]
    missing: str
    text: str
    next: Step


class Contact(Answer):
    """The contact card of a handling unit."""

    name: str
    place: str
    phone: str
    complaints_phone: str
    hours: str


class FieldProblem(Answer):
    """A field that is not as it should be, and a token of why."""

    field: str
    problem: str


class Problem(Answer):
    """A problem (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    articles: list[str]
    missing: list[str]
    next: list[Step]
    trace_id: str
    gates: list[ClosedGate] | None = None
    contact: Contact | None = None
    fields: list[FieldProblem] | None = None


class Session(Answer):
    """A token for the next minutes, and who one is."""

    token: str
    token_type: str = "Bearer"  # noqa: S105  the scheme's name (RFC 6750)
    token_ttl_seconds: int
    role: str
    display_name: str


class Me(Answer):
    """Who is asking."""

    person: str
    role: str
    unit: str
    display_name: str
    language: str
    session_opened_at: Instant


class OpenSession(Answer):
    """One of the asker's own sessions."""

    id: str
    opened_at: Instant
    last_seen_at: Instant
    is_current: bool


class OpenSessions(Answer):
    """The asker's own open sessions, newest first."""

    sessions: list[OpenSession]


class OpenedCase(Answer):
    """The case that an account opens."""

    case_id: str


class Recorded(Answer):
    """What was recorded, and its entry in the log."""

    id: str
    entry: int


class Served(Recorded):
    """A service; without `effective_at` it has no effect."""

    effective_at: Instant | None


class Voucher(Answer):
    """What is printed on a voucher; the code is shown once."""

    case_no: str
    party_id: str
    party_name: str
    reference: str
    code: str
    expires_at: Instant
    entry: int


class ListedCase(Answer):
    """A case in a list."""

    id: str
    case_no: str
    procedure: str
    happened_at: Instant
    place: str


class CaseList(Answer):
    """Cases that the asker may know."""

    cases: list[ListedCase]
    next_cursor: str | None


class OpenOrWhyNot(Answer):
    """Whether an act is open, and the gates that close it."""

    allowed: bool
    gates: list[ClosedGate]


class UnderstoodFile(Answer):
    """What was understood of a file; `entry` is its upload in the log, where known."""

    id: str
    name: str
    media: str
    page_count: int
    page_sizes: list[dict[str, Any]]
    size_bytes: int
    sha256: str
    flags: list[str]
    unreadable_pages: list[int]
    entry: int | None


class UploadedDocument(Answer):
    """A document that was taken."""

    id: str
    case_id: str
    kind: str
    subject_party: str
    page_count: int
    files: list[UnderstoodFile]
    uploaded_at: Instant


class Document(UploadedDocument):
    """A document as the asker may know it, with a decision for each act."""

    released: bool
    withdrawn: bool
    review_result: str
    decisions: dict[str, OpenOrWhyNot]


class Party(Answer):
    """A party; others' names and numbers are masked for people outside the police."""

    id: str
    name: str
    id_number: str
    part: str
    is_asker: bool


class Vehicle(Answer):
    """A vehicle in a case."""

    id: str
    plate: str
    vehicle_type: str
    driver_id: str | None


class Determination(Answer):
    """A determination or accident certificate that is in force."""

    id: str
    form: str
    number: str
    made_on: date


class Deadline(Answer):
    """A term that runs for the asker. `last_day` is null where no calendar is published yet."""

    id: str
    text: str
    article: str
    whose: str
    started_on: date | None
    last_day: date | None
    unknown_year: int | None
    may_change: bool
    overdue: bool
    party_id: str
    paper_id: str


class Case(ListedCase):
    """A case as the asker may know it."""

    opened_at: Instant
    closed: bool
    stage: str
    contact: Contact
    parties: list[Party]
    vehicles: list[Vehicle]
    determinations: list[Determination]
    served_on_asker: bool
    documents: list[Document]
    deadlines: list[Deadline]


class Viewing(Answer):
    """A viewing that was opened."""

    id: str
    document_id: str
    case_id: str
    page_count: int
    trace_code: str
    opened_at: Instant
    expires_at: Instant


class Copy(Answer):
    """A marked PDF that waits to be fetched."""

    id: str
    viewing_id: str
    document_id: str
    pages: str
    size_bytes: int
    sha256: str
    expires_at: Instant
