"""Questions whose answers are known: asked at every start, before anybody else may ask.

A set that parses, validates and passes the lint may still be the wrong one. These few cover a
permit and a gate of each side, and the stranger.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policies.decision import DEFAULT_DENY
from policies.facts import (
    Act,
    Asker,
    CaseFacts,
    DocumentFacts,
    Kind,
    Procedure,
    Question,
    Role,
    Secrecy,
)


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A question, and the policies that must decide it."""

    name: str
    question: Question
    allowed: bool
    policies: tuple[str, ...]


PARTY = Asker(id="per_check", role=Role.PARTY, standing="par_check", determination_served=True)
OFFICER = Asker(id="per_check", role=Role.OFFICER, unit="unit_check", assigned=True)
CASE = CaseFacts(
    id="case_check",
    revision=1,
    unit="unit_check",
    procedure=Procedure.GENERAL,
    criminal=False,
    closed=False,
    determination_made=True,
)
DOCUMENT = DocumentFacts(
    id="doc_check",
    kind=Kind.SCENE_DIAGRAM,
    secrecy=Secrecy.NONE,
    released=True,
    withdrawn=False,
    superseded=False,
    examined=True,
    rejected=False,
    redacted=False,
    subject_party="",
    report_served=True,
    uploaded_by_asker=False,
    readable=True,
)


def known_answers() -> Iterator[KnownAnswer]:
    """Yield the questions to ask before the first start."""
    view = Question(act=Act.DOCUMENT_VIEW, asker=PARTY, case=CASE, document=DOCUMENT)
    release = replace(view, act=Act.DOCUMENT_RELEASE, asker=OFFICER)
    yield KnownAnswer("a served party views", view, True, ("party-views-evidence",))
    yield KnownAnswer(
        "a party who was not served does not view",
        replace(view, asker=replace(PARTY, determination_served=False)),
        False,
        ("determination-served",),
    )
    yield KnownAnswer(
        "a secret is not shown",
        replace(view, document=replace(DOCUMENT, secrecy=Secrecy.UNKNOWN)),
        False,
        ("secrecy-cleared",),
    )
    yield KnownAnswer(
        "a stranger does not view",
        replace(view, asker=replace(PARTY, standing="")),
        False,
        (DEFAULT_DENY,),
    )
    yield KnownAnswer(
        "a second officer releases", release, True, ("assigned-officer-works-on-the-document",)
    )
    yield KnownAnswer(
        "the uploader does not release",
        replace(release, document=replace(DOCUMENT, uploaded_by_asker=True)),
        False,
        ("second-officer",),
    )
    yield KnownAnswer(
        "a recused officer does not release",
        replace(release, asker=replace(OFFICER, recused=True)),
        False,
        ("no-recusal",),
    )
