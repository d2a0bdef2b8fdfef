"""Open a viewing, and look at a page: the spine of the service (DESIGN 4).

A viewing is one person's look at one document for one purpose. Every page of it is decided anew,
so that a right withdrawn between two pages bites at the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.audit.drafts import ActDone, Release
from evidence_service.audit.log import CaseAt
from evidence_service.audit.receipts import Receipt
from evidence_service.errors import CaseMoved, FieldWrong, NotFound
from evidence_service.identity.sessions import Person
from evidence_service.records import documents, viewings
from evidence_service.records.models import DocumentFile, Viewing, new_id
from evidence_service.use_cases.acting import (
    by,
    commit_text_later,
    decide,
    decide_unrecorded,
    record_act,
    refuse_unknown,
    with_fresh_facts,
)
from evidence_service.use_cases.facts import Facts, of_document
from evidence_service.use_cases.granting import (
    close_grant,
    look_into,
    marked_page,
    record_grant,
    record_release,
)
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from policies.facts import Act, Role
from watermark.render import VIEW, RasterSize

PURPOSES = ("check", "review", "claim", "suit", "other", "handling")
DPI_CHOICES = {  # what `?dpi=` may ask for; photographs scale with it
    110: RasterSize(dpi=110, long_side_px=1200),
    150: VIEW,
    200: RasterSize(dpi=200, long_side_px=2200),
}


@dataclass(frozen=True)
class OpenedViewing:
    """A viewing that was opened: how many pages, until when, and the code in its marks."""

    id: str
    document_id: str
    case_id: str
    page_count: int
    trace_code: str
    opened_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class MarkedPage:
    """What may leave: bytes, and the receipt that says that exactly these may."""

    body: bytes
    media: str
    receipt: Receipt[Release]


def open_viewing(
    parts: Parts,
    person: Person,
    document_id: str,
    *,
    purpose: str,
    words: str = "",
    attempt: Attempt,
) -> OpenedViewing:
    """Open a viewing of a document for a purpose; that purpose is the application (READINGS 12).

    Raises:
        FieldWrong: the purpose is not one of `PURPOSES`.
        Refused, NotFound: by decision.
        LogDown: nothing was opened.
    """
    if purpose not in PURPOSES:
        raise FieldWrong("purpose", "choice")
    return with_fresh_facts(lambda: _open_once(parts, person, document_id, purpose, words, attempt))


def _open_once(
    parts: Parts, person: Person, document_id: str, purpose: str, words: str, attempt: Attempt
) -> OpenedViewing:
    now = parts.clock()
    facts, files = _facts_and_files(parts, person, document_id, now)
    decide(parts, person, facts, Act.DOCUMENT_VIEW, purpose=purpose)
    viewing = Viewing(
        id=new_id("view"),
        case_id=facts.case.id,
        document_id=document_id,
        account_id=person.account_id,
        standing=facts.asker.standing,
        purpose=purpose,
        trace_code=viewings.new_trace_code(),
        opened_at=now,
        expires_at=now + timedelta(seconds=parts.settings.viewing_ttl_seconds),
    )
    opened = OpenedViewing(
        id=viewing.id,
        document_id=document_id,
        case_id=facts.case.id,
        page_count=sum(file.page_count for file in files),
        trace_code=viewing.trace_code,
        opened_at=now,
        expires_at=viewing.expires_at,
    )
    is_party = facts.asker.role is Role.PARTY
    commitment, keep_words = commit_text_later(words)
    draft = ActDone(
        by=by(person, reason_commitment=commitment),
        act=LogAct.VIEWING_OPEN if is_party else LogAct.OFFICER_VIEWING_OPEN,
        case=facts.case.id,
        document=document_id,
        viewing=viewing.id,
        standing=facts.asker.standing,
        purpose=purpose,
    )

    def change(session: Session, _index: int) -> OpenedViewing:
        session.add(viewing)
        keep_words(session)
        return opened

    at = CaseAt(facts.case.id, facts.case.revision)
    return record_act(parts, attempt, draft, change, at)


def _facts_and_files(
    parts: Parts, person: Person, document_id: str, now: datetime
) -> tuple[Facts, Sequence[DocumentFile]]:
    try:
        with parts.database.reading() as session:
            facts = of_document(session, person, document_id, now)
            return facts, documents.files(session, document_id)
    except NotFound:
        raise refuse_unknown(parts, person, Act.DOCUMENT_VIEW) from None


def view_page(
    parts: Parts, person: Person, viewing_id: str, page: int, dpi: int = VIEW.dpi
) -> MarkedPage:
    """Show one page of a viewing, marked for it.

    Args:
        parts: the service's parts.
        person: who asks.
        viewing_id: a viewing that this person opened.
        page: from 1.
        dpi: one of `DPI_CHOICES`.

    Raises:
        FieldWrong: another resolution.
        NotFound: no such page, or somebody else's viewing.
        ViewingEnded: open a new one.
        Refused: the right is not there (any more).
        Altered, PageUnreadable, StoreDown, Busy, LogDown: no byte leaves.
    """
    if dpi not in DPI_CHOICES:
        raise FieldWrong("dpi", "choice")
    return with_fresh_facts(lambda: _view_once(parts, person, viewing_id, page, DPI_CHOICES[dpi]))


def _view_once(
    parts: Parts, person: Person, viewing_id: str, page: int, size: RasterSize
) -> MarkedPage:
    # 1 facts, 2 decide: what is true now, not what was true when the viewing was opened
    look = look_into(parts, person, viewing_id)
    place = documents.page_place(look.files, page)
    decision = decide(
        parts, person, look.facts, Act.DOCUMENT_VIEW, viewing=viewing_id, pages=str(page)
    )
    # 3 record the grant; fails when the case's facts moved since they were read
    grant = record_grant(parts, person, look, Act.DOCUMENT_VIEW, decision, str(page))
    try:
        # 4 read, 5 mark
        body = marked_page(parts, person, grant, look, place, size)
        # 6 record exactly these bytes, before the first of them leaves
        return MarkedPage(
            body, "image/jpeg", record_release(parts, grant, body, "page", "image/jpeg")
        )
    except CaseMoved:
        close_grant(parts, grant, "withdrawn")
        raise
    except Exception:
        close_grant(parts, grant, "failed")
        raise


def check_page(parts: Parts, person: Person, viewing_id: str, page: int) -> None:
    """Answer a HEAD: would this page be shown? Opens nothing and records nothing (SECURITY 9).

    Raises:
        NotFound, ViewingEnded, Refused, Altered: as `view_page`.
    """
    look = look_into(parts, person, viewing_id)
    documents.page_place(look.files, page)
    decide_unrecorded(parts, look.facts, Act.DOCUMENT_VIEW)
