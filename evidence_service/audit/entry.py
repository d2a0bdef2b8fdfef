"""One entry of the log: canonical bytes within the closed field table (LOG-FORMATS 1).

The leaf is made of the bytes, so bytes are what counts: `decode` never repairs, and `encode`
refuses whatever `decode` would.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evidence_service.audit import canonical
from evidence_service.audit.canonical import Value
from evidence_service.audit.faults import EntryInvalid
from evidence_service.audit.fields import (
    CLOSE_OUTCOMES,
    COMMON,
    LOG_EVENTS,
    TRACE_RESULTS,
    TYPES,
    Names,
)
from evidence_service.audit.forms import FORMS, Form, ranges_of

__all__ = ["Entry", "Value", "decode", "encode"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A valid entry: its fields, read-only, as they stand in the bytes."""

    fields: Mapping[str, Value]

    @property
    def type(self) -> str:
        """Give the entry's type, such as `grant` or `release`."""
        return str(self.fields["type"])

    def get(self, name: str, default: str = "") -> str:
        """Give a field as text, `default` when it is left out."""
        return str(self.fields.get(name, default))

    def number(self, name: str) -> int:
        """Give an integer field.

        Raises:
            EntryInvalid: the entry has no integer of this name.
        """
        value = self.fields.get(name)
        if not isinstance(value, int):
            raise EntryInvalid("field_missing", name)
        return value


def encode(fields: Mapping[str, Value]) -> bytes:
    """Give the canonical bytes of an entry, at most 4,096 of them.

    Raises:
        EntryInvalid: the fields are outside the table, or too long.
    """
    data = canonical.encode(fields)
    _check(fields)
    return data


def decode(data: bytes) -> Entry:
    """Read an entry from its canonical bytes.

    Raises:
        EntryInvalid: the bytes are not canonical, or their fields outside the table.
    """
    fields = canonical.decode(data)
    _check(fields)
    return Entry(MappingProxyType(fields))


def _check(fields: Mapping[str, Value]) -> None:
    if "v" not in fields:
        raise EntryInvalid("field_missing:v")
    if not FORMS["one"](fields["v"]):
        raise EntryInvalid("unknown_version")
    if "type" not in fields:
        raise EntryInvalid("field_missing:type")
    kind = fields["type"]
    if not isinstance(kind, str) or kind not in _TABLE:
        raise EntryInvalid("unknown_type")
    _check_fields(fields, *_TABLE[kind])
    if kind in _FURTHER:
        _FURTHER[kind](fields)


def _check_fields(
    fields: Mapping[str, Value], required: tuple[str, ...], forms: Mapping[str, Form]
) -> None:
    for name in required:
        if name not in fields:
            raise EntryInvalid(f"field_missing:{name}")
    for name, value in fields.items():
        if name not in forms:
            raise EntryInvalid(f"field_unknown:{name}")
        if not forms[name](value):
            raise EntryInvalid(f"field_form:{name}")


def _forms_of(kind: str) -> tuple[tuple[str, ...], Mapping[str, Form]]:
    """Give the names that a type must have, and the check of each name it may have."""
    table = TYPES[kind]
    names = {**COMMON.required, **table.required, **COMMON.optional, **table.optional}
    forms = {name: FORMS[form] for name, form in names.items()}
    return (*COMMON.required, *table.required), forms


_TABLE = {kind: _forms_of(kind) for kind in TYPES}


def _ask_for(names: Names, fields: Mapping[str, Value]) -> None:
    for name in sorted(names.required):
        if name not in fields:
            raise EntryInvalid(f"field_missing:{name}")
    for name in sorted(names.absent):
        if name in fields:
            raise EntryInvalid(f"field_unknown:{name}")


def _check_release(fields: Mapping[str, Value]) -> None:
    if "range" in fields:
        [(_, last)] = ranges_of(str(fields["range"]))
        if last >= int(str(fields["size_bytes"])):
            raise EntryInvalid("field_form:range")


def _check_close(fields: Mapping[str, Value]) -> None:
    if fields["outcome"] not in CLOSE_OUTCOMES:
        raise EntryInvalid("field_form:outcome")


def _check_upload(fields: Mapping[str, Value]) -> None:
    if fields["file"] == 0:
        raise EntryInvalid("field_form:file")


def _check_trace(fields: Mapping[str, Value]) -> None:
    names = TRACE_RESULTS.get(str(fields["result"]))
    if names is None:
        raise EntryInvalid("field_form:result")
    _ask_for(names, fields)


def _check_log(fields: Mapping[str, Value]) -> None:
    event = str(fields["event"])
    names = LOG_EVENTS.get(event)
    if names is None:
        raise EntryInvalid("unknown_event")
    _ask_for(names, fields)
    for name in TYPES["log"].optional:
        if name in fields and name not in names.required | names.optional:
            raise EntryInvalid(f"field_unknown:{name}")
    if event == "open" and any(name in fields for name in names.optional):
        _ask_for(Names(required=names.optional), fields)


_FURTHER: Mapping[str, Callable[[Mapping[str, Value]], None]] = MappingProxyType(
    {
        "release": _check_release,
        "close": _check_close,
        "upload": _check_upload,
        "trace": _check_trace,
        "log": _check_log,
    }
)
