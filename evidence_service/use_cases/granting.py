"""A viewing's grants and releases: the two records around every byte (LOG-FORMATS 8).

`grant` is durable before evidence is read, `release` before the first byte leaves. Both fail when
the case's facts moved in between.
"""

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from evidence_service.audit.drafts import Close, Grant, Release
from evidence_service.audit.log import CaseAt
from evidence_service.audit.receipts import Receipt
from evidence_service.errors import GrantClosed, LogDown, ViewingEnded
from evidence_service.identity.names import mask_id_number
from evidence_service.identity.sessions import Person
from evidence_service.records import cases, documents, viewings
from evidence_service.records.documents import PagePlace
from evidence_service.records.models import DocumentFile, Viewing
from evidence_service.use_cases import evidence
from evidence_service.use_cases.acting import by, commit_text_later, facts_as_text, policies_of
from evidence_service.use_cases.facts import Facts, of_document
from evidence_service.use_cases.parts import Parts
from policies.decision import Decision
from policies.facts import Act
from watermark.mark import ViewingMark, mark
from watermark.render import RasterSize


@dataclass(frozen=True)
class Look:
    """A viewing with everything a page of it needs, read at one moment."""

    viewing: Viewing
    facts: Facts
    case_no: str
    files: Sequence[DocumentFile]


def look_into(parts: Parts, person: Person, viewing_id: str) -> Look:
    """Read a person's own viewing and the facts around it, from one snapshot.

    Raises:
        NotFound: there is none, or it is somebody else's.
        ViewingEnded: its time is over.
    """
    now = parts.clock()
    with parts.database.reading() as session:
        viewing = viewings.find(session, viewing_id, person.account_id)
        if viewing.expires_at <= now:
            raise ViewingEnded
        facts = of_document(session, person, viewing.document_id, now)
        case_no = cases.find(session, viewing.case_id).case_no
        return Look(viewing, facts, case_no, documents.files(session, viewing.document_id))


def record_grant(
    parts: Parts, person: Person, look: Look, act: Act, decision: Decision, pages: str
) -> Receipt[Grant]:
    """Record that a decision opened these pages; with it evidence may be read.

    Raises:
        CaseMoved: facts changed since they were read.
        LogDown: nothing may be read.
    """
    facts = look.facts
    commitment, keep = commit_text_later(facts_as_text(facts.question(act)))
    draft = Grant(
        by=by(person),
        act=str(act),
        case=facts.case.id,
        case_rev=facts.case.revision,
        document=look.viewing.document_id,
        viewing=look.viewing.id,
        pages=pages,
        purpose=look.viewing.purpose,
        standing=facts.asker.standing,
        policies=policies_of(decision),
        policies_sha256=parts.policies.sha256,
        service=parts.log.service,
        facts_commitment=commitment,
    )
    at = CaseAt(facts.case.id, facts.case.revision)
    return parts.log.record(draft, effect=lambda session, _index: keep(session), case=at)


def marked_page(
    parts: Parts,
    person: Person,
    grant: Receipt[Grant],
    look: Look,
    place: PagePlace,
    size: RasterSize,
) -> bytes:
    """Draw a page and mark it for this viewing; gives a JPEG.

    Raises:
        Altered, StoreDown, Busy, PageUnreadable: as `evidence.prepared_page`.
    """
    prepared = evidence.prepared_page(parts, grant, place, size)
    viewing_mark = ViewingMark(
        name=person.display_name,
        masked_id=mask_id_number(person.id_number) if person.id_number else person.badge_no,
        case_no=look.case_no,
        viewed_at=parts.clock(),
        trace_code=look.viewing.trace_code,
    )
    return mark(prepared, viewing_mark)


def record_release(
    parts: Parts,
    grant: Receipt[Grant],
    body: bytes,
    form: str,
    media: str,
) -> Receipt[Release]:
    """Record the SHA-256 of the bytes that are about to leave.

    Raises:
        CaseMoved: a fact changed since the grant; nothing may leave.
        GrantClosed, LogDown: nothing may leave.
    """
    digest = hashlib.sha256(body).hexdigest()
    draft = release_draft(parts, grant, digest, len(body), form, media)
    return parts.log.record(draft, case=CaseAt(grant.what.case, grant.what.case_rev))


def release_draft(
    parts: Parts,
    grant: Receipt[Grant],
    sha256: str,
    size_bytes: int,
    form: str,
    media: str,
    byte_range: str = "",
) -> Release:
    """Write down a release of a grant's pages; hash and length are always those of the whole."""
    what = grant.what
    return Release(
        by=what.by,
        grant=grant.index,
        case=what.case,
        document=what.document,
        viewing=what.viewing,
        pages=what.pages,
        form=form,
        sha256=sha256,
        size_bytes=size_bytes,
        media=media,
        service=parts.log.service,
        range=byte_range,
        mark_key=str(parts.keyring.mark.current),
    )


def close_grant(parts: Parts, grant: Receipt[Grant], outcome: str) -> None:
    """Record that a grant ends without bytes; if the log is down, start-up will do it."""
    draft = Close(
        by=grant.what.by,
        grant=grant.index,
        case=grant.what.case,
        outcome=outcome,
        service=parts.log.service,
    )
    with contextlib.suppress(LogDown, GrantClosed):
        parts.log.record(draft)
