"""Grants and what becomes of them, kept beside the entries (LOG-FORMATS 5.10, 8.4).

A release names an earlier grant of equal actor, case, document, viewing and pages that was not
closed; a close names an earlier grant of its case, once; nothing follows a close.
"""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from evidence_service.audit.entry import Entry
from evidence_service.audit.models import OpenGrant
from evidence_service.errors import GrantClosed


def follow(session: Session, index: int, entry: Entry) -> None:
    """Keep the state of grants in step with the entry about to stand at `index`.

    Raises:
        GrantClosed: the grant named is unknown, closed, or another one's.
    """
    if entry.type == "grant":
        session.execute(insert(OpenGrant).values(index=index, state="open", **_columns(entry)))
    elif entry.type == "release":
        _expect(session, entry, ("actor", "case", "document", "viewing", "pages"))
        _move(session, entry, "released")
    elif entry.type == "close":
        _expect(session, entry, ("case",))
        _move(session, entry, "closed")


_COLUMNS = {
    "actor": "actor",
    "case": "case_id",
    "document": "document_id",
    "viewing": "viewing_id",
    "pages": "pages",
}


def _columns(entry: Entry) -> dict[str, object]:
    values: dict[str, object] = {
        column: entry.fields.get(name, "") for name, column in _COLUMNS.items()
    }
    values["service"] = entry.fields["service"]
    values["granted_at"] = datetime.fromisoformat(str(entry.fields["recorded_at"]))
    return values


def _expect(session: Session, entry: Entry, names: tuple[str, ...]) -> None:
    found = session.execute(
        select(OpenGrant).where(OpenGrant.index == entry.fields["grant"]).with_for_update()
    ).scalar_one_or_none()
    if found is None or found.state == "closed":
        raise GrantClosed(f"grant {entry.fields['grant']}")
    for name in names:
        if getattr(found, _COLUMNS[name]) != entry.fields.get(name, ""):
            raise GrantClosed(f"grant {entry.fields['grant']} is of another {name}")


def _move(session: Session, entry: Entry, state: str) -> None:
    session.execute(
        update(OpenGrant).where(OpenGrant.index == entry.fields["grant"]).values(state=state)
    )
