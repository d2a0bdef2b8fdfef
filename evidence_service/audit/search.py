"""The columns that people search by, made from an entry's bytes and from nothing else."""

from evidence_service.audit.entry import Entry

_FIXED_RESULTS = {
    "grant": "granted",
    "refusal": "refused",
    "release": "released",
    "upload": "stored",
}
_RESULT_FIELDS = {"close": "outcome", "trace": "result", "log": "event"}
_ACTS = {"upload": "police:document:upload", "release": "service:bytes:release"}


def search_columns(entry: Entry) -> dict[str, str]:
    """Give the search columns of an entry; `log verify` makes them again and compares."""
    fields = entry.fields

    def text(name: str) -> str:
        return str(fields.get(name, ""))

    return {
        "type": entry.type,
        "act": text("act") or _ACTS.get(entry.type, ""),
        "result": _result(entry),
        "actor": text("actor"),
        "role": text("role"),
        "unit": text("unit"),
        "case_id": text("case"),
        "document_id": text("document"),
        "viewing_id": text("viewing"),
        "recorded_at": text("recorded_at"),
    }


def _result(entry: Entry) -> str:
    if entry.type in _FIXED_RESULTS:
        return _FIXED_RESULTS[entry.type]
    if entry.type in _RESULT_FIELDS:
        return str(entry.fields[_RESULT_FIELDS[entry.type]])
    return str(entry.fields.get("answer", "done"))
