"""Make a marked PDF of chosen pages, and send it (art. 65: view, copy, excerpt).

A copy is built page by page into an encrypted spool, so memory stays flat, and its SHA-256 is
known before a byte leaves. Fetching it is decided anew each time; each answer is a release.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from evidence_service.audit.acts import LogAct
from evidence_service.audit.drafts import ActDone, Grant
from evidence_service.audit.log import CaseAt
from evidence_service.audit.receipts import Receipt
from evidence_service.errors import CaseMoved, FieldWrong
from evidence_service.identity.sessions import Person
from evidence_service.records import documents
from evidence_service.records.models import Copy, new_id
from evidence_service.use_cases.acting import by, decide, record_act, with_fresh_facts
from evidence_service.use_cases.granting import (
    Look,
    close_grant,
    look_into,
    marked_page,
    record_grant,
)
from evidence_service.use_cases.once import Attempt
from evidence_service.use_cases.parts import Parts
from evidence_service.use_cases.store_errors import copy_spool
from policies.facts import Act
from storage.key_records import KeyRecord
from watermark.pdf import PdfWriter
from watermark.render import COPY

PAGES_FORM = re.compile(
    r"[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?(,[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?){0,31}"
)
MEDIA = "application/pdf"


@dataclass(frozen=True)
class MadeCopy:
    """A copy that waits to be fetched."""

    id: str
    viewing_id: str
    document_id: str
    pages: str
    size_bytes: int
    sha256: str
    expires_at: datetime


def chosen_pages(pages: str, page_count: int) -> tuple[int, ...]:
    """Read `2-3,5`: page numbers from 1, ascending, each once.

    Raises:
        FieldWrong: another form, or a page that the document does not have.
    """
    if not PAGES_FORM.fullmatch(pages):
        raise FieldWrong("pages", "form")
    chosen: list[int] = []
    for part in pages.split(","):
        first, _, last = part.partition("-")
        span = range(int(first), int(last or first) + 1)
        if not span or span[-1] > page_count or (chosen and span[0] <= chosen[-1]):
            raise FieldWrong("pages", "range")
        chosen.extend(span)
    return tuple(chosen)


def make_copy(
    parts: Parts, person: Person, viewing_id: str, pages: str, *, attempt: Attempt
) -> MadeCopy:
    """Make a marked PDF of chosen pages of a viewing.

    Raises:
        FieldWrong: the pages are not pages of the document.
        Refused, NotFound, ViewingEnded: by decision.
        Altered, PageUnreadable, StoreDown, Busy, LogDown: nothing was made.
    """
    return with_fresh_facts(lambda: _make_once(parts, person, viewing_id, pages, attempt))


def _make_once(
    parts: Parts, person: Person, viewing_id: str, pages: str, attempt: Attempt
) -> MadeCopy:
    look = look_into(parts, person, viewing_id)
    numbers = chosen_pages(pages, sum(file.page_count for file in look.files))
    decision = decide(parts, person, look.facts, Act.DOCUMENT_COPY, viewing=viewing_id, pages=pages)
    grant = record_grant(parts, person, look, Act.DOCUMENT_COPY, decision, pages)
    try:
        kept = _write_pdf(parts, person, grant, look, numbers)
        made = _keep_copy(parts, person, grant, look, kept, attempt)
    except CaseMoved:
        close_grant(parts, grant, "withdrawn")
        raise
    except Exception:
        close_grant(parts, grant, "failed")
        raise
    close_grant(parts, grant, "abandoned")  # read, and nothing left: fetching has its own grant
    return made


def _write_pdf(
    parts: Parts, person: Person, grant: Receipt[Grant], look: Look, numbers: tuple[int, ...]
) -> KeyRecord:
    with copy_spool(), parts.copies.begin(new_id("copy")) as spool:
        pdf = PdfWriter(spool)
        for number in numbers:
            place = documents.page_place(look.files, number)
            pdf.add_page(marked_page(parts, person, grant, look, place, COPY), COPY.dpi)
        pdf.close()
        return spool.finish()


def _keep_copy(
    parts: Parts,
    person: Person,
    grant: Receipt[Grant],
    look: Look,
    kept: KeyRecord,
    attempt: Attempt,
) -> MadeCopy:
    now = parts.clock()
    made = MadeCopy(
        id=kept.object_id,
        viewing_id=look.viewing.id,
        document_id=look.viewing.document_id,
        pages=grant.what.pages,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        expires_at=now + timedelta(seconds=parts.settings.copy_ttl_seconds),
    )
    draft = ActDone(
        by=by(person),
        act=LogAct.COPY_MAKE,
        case=look.facts.case.id,
        document=made.document_id,
        viewing=made.viewing_id,
        standing=look.facts.asker.standing,
        object=made.id,
        count=kept.size_bytes,
    )
    row = Copy(
        id=made.id,
        viewing_id=made.viewing_id,
        grant_index=grant.index,
        pages=made.pages,
        sha256=made.sha256,
        size_bytes=made.size_bytes,
        key_record=kept.to_bytes(),
        made_at=now,
        expires_at=made.expires_at,
    )

    def change(session: Session, _index: int) -> MadeCopy:
        session.add(row)
        return made

    at = CaseAt(look.facts.case.id, look.facts.case.revision)
    return record_act(parts, attempt, draft, change, at)
