"""What may be sent, as models: checked whole before any act begins, and shown in the document."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from evidence_service.api.sent_forms import (
    AnyId,
    CaseId,
    Day,
    Instant,
    Line,
    PartyId,
    Secret,
    Sent,
    Sha256,
    Text,
    UploadId,
    Whole,
    Word,
    choice_check,
)
from evidence_service.use_cases import papers
from evidence_service.use_cases.viewing import DPI_CHOICES, PURPOSES
from policies.facts import Kind, Procedure, Secrecy

LIST_MAX = 200
FILES_MAX = 200


class NewSession(Sent):
    """Who signs in: a name and a password; staff with a one-time code."""

    name: Line
    password: Secret
    code: Word = ""


class VoucherAndPerson(Sent):
    """What stands on the voucher, who it is, and the password for the account."""

    reference: Word
    code: Word
    name: Line
    id_number: Line
    password: Secret


class StatedCase(Sent):
    """An accident case to be opened."""

    case_no: Line
    procedure: Procedure
    happened_at: Instant
    place: Line


class StatedParty(Sent):
    """A party of the case."""

    name: Line
    id_number: Line
    part: Literal["driver", "rider", "pedestrian", "passenger"]


class StatedVehicle(Sent):
    """A vehicle in the case, and who drove it."""

    plate: Line
    vehicle_type: Annotated[Line, Field(max_length=40)]
    driver_id: PartyId | Literal[""] = ""


class StatedAssignment(Sent):
    """A further officer of the unit, by badge number."""

    badge_no: Word


class StatedDetermination(Sent):
    """A determination or accident certificate that was made."""

    form: Annotated[
        str,
        AfterValidator(choice_check(papers.FORMS)),
        Field(json_schema_extra={"enum": list(papers.FORMS)}),
    ]
    number: Annotated[Line, Field(max_length=60)]
    made_on: Day


class StatedService(Sent):
    """A paper was served on one party: how, when, and the SHA-256 of the proof."""

    party_id: PartyId
    manner: Annotated[
        str,
        AfterValidator(choice_check(papers.MANNERS)),
        Field(json_schema_extra={"enum": list(papers.MANNERS)}),
    ]
    served_at: Instant
    proof_sha256: Sha256
    taken_by: Annotated[str, Field(max_length=200)] = ""
    consent_recorded: Annotated[bool, Field(strict=True)] = False
    confirmed_at: Instant | None = None


class StatedReview(Sent):
    """The head's examination of a report; a rejection names its defect (art. 55)."""

    result: Literal["passed", "rejected"]
    defect: Annotated[
        str,
        AfterValidator(choice_check(("", *papers.DEFECTS))),
        Field(json_schema_extra={"enum": ["", *papers.DEFECTS]}),
    ] = ""


class StatedDocument(Sent):
    """A document: what it is, and finished uploads that become its files, in order."""

    kind: Kind
    secrecy: Secrecy = Secrecy.NONE
    subject_party: PartyId | Literal[""] = ""
    received_on: Day | None = None
    uploads: Annotated[tuple[UploadId, ...], Field(max_length=FILES_MAX)] = ()


class StatedParticipant(Sent):
    """The party that a voucher is for."""

    party_id: PartyId


class StatedPurpose(Sent):
    """What the document is looked at for; that is the application. `words` are kept apart."""

    purpose: Annotated[
        str,
        AfterValidator(choice_check(PURPOSES)),
        Field(json_schema_extra={"enum": list(PURPOSES)}),
    ]
    words: Text = ""


class ChosenPages(Sent):
    """Pages of a viewing, ascending: `2-3,5`."""

    pages: Annotated[str, Field(strict=True, max_length=400)]


class DpiQuery(Sent):
    """How finely a page is drawn."""

    dpi: Annotated[Whole, Field(json_schema_extra={"enum": list(DPI_CHOICES)})] = 150


class PageOfList(Sent):
    """Which part of a list: at most `limit`, from `cursor` on."""

    limit: Annotated[Whole, Field(ge=1, le=LIST_MAX)] = 50
    cursor: Word = ""


class CaseListQuery(PageOfList):
    """Which part of a list of cases; the cursor is the last case of the page before."""

    cursor: CaseId | Literal[""] = ""


class EntriesQuery(PageOfList):
    """Which entries of the log."""

    case: AnyId | None = None
    person: AnyId | None = None
    unit: AnyId | None = None
    act: Word | None = None
    result: Word | None = None
    document: AnyId | None = None
    viewing: AnyId | None = None
    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None


class ProofQuery(Sent):
    """How a proof is given: as JSON, or as a file that other tools check."""

    form: Literal["json", "file"] = "json"


class ConsistencyQuery(Sent):
    """From which size on the tree must have grown."""

    from_: Annotated[Whole, Field(alias="from", ge=1)]
