"""The closed field table of entries, version 1 (LOG-FORMATS 1; the same as data: schema.json).

A change moves this table, the schema and `v` together. Nothing slips in unseen, least of all a
name: there is no field for one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

VERSION = 1

ID_HEX = "[0-9a-f]{32}"  # 128 random bits, never a hash of anything

PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "actor": f"(per|svc|ext)_{ID_HEX}",
        "per": f"(per)_{ID_HEX}",
        "svc": f"(svc)_{ID_HEX}",
        "case": f"(case)_{ID_HEX}",
        "doc": f"(doc)_{ID_HEX}",
        "view": f"(view)_{ID_HEX}",
        "par": f"(par)_{ID_HEX}",
        "unit": f"(unit)_{ID_HEX}",
        "obj": f"[a-z]{{3,4}}_{ID_HEX}",
        "token": r"[a-z0-9][a-z0-9_.:-]{0,63}",
        "hash": "[0-9a-f]{64}",
        "nonce": ID_HEX,
        "time": (
            r"2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
            r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
        ),
        "date": r"2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
        "pages": (r"[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?(,[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})?){0,31}"),
        "range": r"(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})",
        "media": r"[a-z0-9][a-z0-9.+-]{0,62}/[a-z0-9][a-z0-9.+-]{0,62}",
        "origin": r"[!-*,-~]{1,200}",
        "vkey": r"[!-*,-~]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}",
    }
)
"""Forms of strings, anchored at both ends. Beside them: `one`, `int`, `tokens`."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields a type must have and may have: name → form."""

    required: Mapping[str, str]
    optional: Mapping[str, str]


def _named(text: str) -> Mapping[str, str]:
    """Read `name:form name …`; a name alone has the form of its own name."""
    pairs = (item.partition(":") for item in text.split())
    return MappingProxyType({name: form or name for name, _, form in pairs})


COMMON = Fields(
    required=_named("v:one type:token recorded_at:time nonce actor role:token"),
    optional=_named("unit context_commitment:hash reason_commitment:hash"),
)

TYPES: Mapping[str, Fields] = MappingProxyType(
    {
        "grant": Fields(
            required=_named(
                "act:token case case_rev:int document:doc viewing:view policies:tokens"
                " policies_sha256:hash service:svc"
            ),
            optional=_named("pages purpose:token standing:par object:obj facts_commitment:hash"),
        ),
        "refusal": Fields(
            required=_named("act:token policies:tokens policies_sha256:hash"),
            optional=_named(
                "case case_rev:int document:doc viewing:view pages standing:par missing:tokens"
                " object:obj purpose:token facts_commitment:hash"
            ),
        ),
        "release": Fields(
            required=_named(
                "grant:int case document:doc viewing:view form:token sha256:hash size_bytes:int"
                " media service:svc"
            ),
            optional=_named("pages range mark_key:token"),
        ),
        "close": Fields(
            required=_named("grant:int case outcome:token service:svc"), optional=_named("")
        ),
        "upload": Fields(
            required=_named(
                "case case_rev:int document:doc kind:token file:int sha256:hash size_bytes:int"
                " media"
            ),
            optional=_named(
                "page_count:int subject_party:par flags:tokens locked_until:time"
                " rendition_of:doc second:per"
            ),
        ),
        "act": Fields(
            required=_named("act:token"),
            optional=_named(
                "case case_rev:int document:doc viewing:view standing:par purpose:token party:par"
                " object:obj second:per from:token to:token effective_on:date until_on:date"
                " proof_sha256:hash answer:token count:int subject_commitment:hash"
            ),
        ),
        "trace": Fields(
            required=_named("picture_sha256:hash result:token candidates:int"),
            optional=_named(
                "case document:doc pages viewing:view viewer:per bound_exponent:int"
                " score_milli:int viewer_score_milli:int"
            ),
        ),
        "log": Fields(
            required=_named("event:token"),
            optional=_named(
                "origin vkey tree_size:int root:hash previous_origin:origin detail:token"
            ),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of fields that one value of another field asks for, allows, or forbids."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()


def _names(required: str = "", optional: str = "", absent: str = "") -> Names:
    return Names(*(frozenset(text.split()) for text in (required, optional, absent)))


LOG_EVENTS: Mapping[str, Names] = MappingProxyType(
    {
        # The optional three stand together: a log after a lost one names all of it, or nothing.
        "open": _names("origin vkey", "previous_origin root tree_size"),
        "key_added": _names("vkey"),
        "key_retired": _names("tree_size vkey", "detail"),
        "started": _names("", "detail"),
        "caught_up": _names("root tree_size"),
        "alarm": _names("detail", "root tree_size"),
    }
)

TRACE_RESULTS: Mapping[str, Names] = MappingProxyType(
    {
        "named": _names("bound_exponent viewing"),
        "viewer_named": _names("bound_exponent viewer", absent="viewing"),
        "no_answer": _names(absent="viewer viewing"),
    }
)

CLOSE_OUTCOMES = ("failed", "abandoned", "withdrawn", "expired", "restart")
