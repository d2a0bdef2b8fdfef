"""The policies as they are shipped: which files, in which order, with which ids.

The list stands here a second time, beside the files themselves, so that a policy that was lost,
added, renamed or moved is noticed before the first decision (SECURITY 2, rule 4). Its order is
the order in which closed gates are told. Policy text comes from this package and nowhere else.
"""

import hashlib
from dataclasses import dataclass
from importlib import resources

SCHEMA_FILE = "evidence.cedarschema"

POLICIES: dict[str, tuple[str, ...]] = {
    "police.cedar": (
        "officer-opens-a-case",
        "assigned-officer-works-on-the-case",
        "assigned-officer-works-on-the-document",
        "unit-head-leads-the-case",
        "unit-head-reads-and-examines",
    ),
    "parties.cedar": (
        "party-knows-the-case",
        "party-views-evidence",
    ),
    "supervision.cedar": ("supervisor-reads-the-log",),
    "gates_outside.cedar": (
        "document-released",
        "report-examined",
        "secrecy-cleared",
        "online-kind",
        "no-criminal-case",
        "general-procedure",
        "determination-made",
        "determination-served",
        "report-served",
        "own-side-or-redacted",
        "not-withdrawn",
        "not-superseded",
    ),
    "gates_police.cedar": (
        "no-recusal",
        "case-not-closed",
        "determination-before-service",
        "second-officer",
        "document-readable",
        "report-not-rejected",
        "examination-before-service",
        "report-or-opinion",
    ),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """The exact texts that are parsed, and the ids that must be found in them, in order."""

    policies: str
    schema: str
    ids: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Lower-case hex: `cat` of the policy files in order, then the schema, `| sha256sum`."""
        return hashlib.sha256((self.policies + self.schema).encode()).hexdigest()


def read_packaged() -> Sources:
    """Read the packaged files, byte for byte as UTF-8."""
    return Sources(
        policies="".join(map(_text, POLICIES)),
        schema=_text(SCHEMA_FILE),
        ids=tuple(policy_id for ids in POLICIES.values() for policy_id in ids),
    )


def _text(name: str) -> str:
    return resources.files("policies").joinpath(name).read_bytes().decode()
