"""The vocabulary of decisions: one word per thing (GLOSSARY), as closed types.

A question is made of facts that are true at one instant, read from the records by the use
cases. Dates were compared before they came here: a policy reads `determination_served`, never a
date (Cedar's arithmetic can raise, and a raising forbid is skipped).
"""

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """Everything that is decided, as `subject:verb`."""

    CASE_OPEN = "case:open"
    CASE_KNOW = "case:know"
    CASE_RECORD = "case:record"  # parties, vehicles
    CASE_ASSIGN = "case:assign"  # officers to the case, by the head of its unit
    DOCUMENT_UPLOAD = "document:upload"
    DOCUMENT_KNOW = "document:know"  # see that it exists, and why it is closed
    DOCUMENT_VIEW = "document:view"
    DOCUMENT_COPY = "document:copy"
    DOCUMENT_RELEASE = "document:release"
    DOCUMENT_REVIEW = "document:review"  # art. 55: the head's examination of a report
    DOCUMENT_WITHDRAW = "document:withdraw"
    DOCUMENT_SERVE = "document:serve"  # art. 55: the report's copy, per party
    DETERMINATION_MAKE = "determination:make"
    DETERMINATION_SERVE = "determination:serve"  # art. 65
    VOUCHER_ISSUE = "voucher:issue"
    LOG_READ = "log:read"
    ACCESSES_READ = "accesses:read"  # who looked at my case


class Role(StrEnum):
    """The capacity in which somebody asks. One request, one capacity (READINGS 16)."""

    PARTY = "party"
    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


POLICE_ROLES = frozenset({Role.OFFICER, Role.UNIT_HEAD})  # whom the gates of parties leave alone


class Procedure(StrEnum):
    """Arts. 23-24 (simple), 27 (general), 19 (settled by the parties)."""

    GENERAL = "general"
    SIMPLE = "simple"
    SELF = "self"


class Kind(StrEnum):
    """Kinds of document. The first nine are shown online (published practice)."""

    SCENE_DIAGRAM = "scene_diagram"
    SCENE_PHOTO = "scene_photo"
    INSPECTION_RECORD = "inspection_record"
    EXAMINATION_REPORT = "examination_report"
    APPRAISAL_OPINION = "appraisal_opinion"
    EXPERIMENT_RECORD = "experiment_record"
    INSURANCE_POLICY = "insurance_policy"
    DRIVING_LICENCE = "driving_licence"
    VEHICLE_LICENCE = "vehicle_licence"
    INTERVIEW_RECORD = "interview_record"
    IDENTIFICATION_RECORD = "identification_record"
    INTERNAL_PAPER = "internal_paper"


NINE_KINDS = frozenset(list(Kind)[:9])
EXAMINED_KINDS = frozenset({Kind.EXAMINATION_REPORT, Kind.APPRAISAL_OPINION})  # art. 55


class Secrecy(StrEnum):
    """Art. 65(2). What is not known to be free of secrets is treated as secret (READINGS 13)."""

    NONE = "none"
    WITNESS = "witness"
    STATE_SECRET = "state_secret"
    TRADE_SECRET = "trade_secret"
    PRIVACY = "privacy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, in which capacity, and how that person stands to the case now."""

    id: str
    role: Role
    unit: str = ""
    assigned: bool = False
    recused: bool = False
    standing: str = ""  # `par_…` of a party of this case, else empty
    determination_served: bool = False  # in effect, of the determination in force (art. 65)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is true of a case. `revision` is the one these facts were read at."""

    id: str
    revision: int
    unit: str
    procedure: Procedure
    criminal: bool
    closed: bool
    determination_made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What is true of a document, and of this asker towards it."""

    id: str
    kind: Kind
    secrecy: Secrecy
    released: bool
    withdrawn: bool
    superseded: bool
    examined: bool  # art. 55: passed the head's examination; true for kinds that need none
    rejected: bool  # art. 55: one of the seven defects
    redacted: bool  # a rendition made for other eyes (READINGS 13)
    subject_party: str  # `par_…`, or empty
    report_served: bool  # art. 55: on this asker; true for kinds that need none
    uploaded_by_asker: bool
    readable: bool  # every page could be drawn, or an officer decided (SEC-PB-5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May this asker do this act, with this document of this case?"""

    act: Act
    asker: Asker
    case: CaseFacts | None = None
    document: DocumentFacts | None = None
