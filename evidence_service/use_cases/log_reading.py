"""Supervisors read the log; people read who looked at their case. Every reading is an entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence_service.audit import reader
from evidence_service.audit.acts import LogAct
from evidence_service.audit.drafts import ActDone
from evidence_service.audit.entry import decode
from evidence_service.audit.proof_file import write_proof
from evidence_service.audit.proofs import consistency_proof, inclusion_proof
from evidence_service.audit.reader import LoggedEntry
from evidence_service.errors import FieldWrong, NotFound
from evidence_service.identity.sessions import Person
from evidence_service.use_cases import facts as read
from evidence_service.use_cases.acting import by, decide, decide_outside, refuse_unknown
from evidence_service.use_cases.parts import Parts
from policies.facts import Act

ACCESS_RESULTS = ("released", "refused")


@dataclass(frozen=True)
class EntryPage:
    """Entries of a list, newest first, and the cursor of the next page (None: none)."""

    entries: Sequence[LoggedEntry]
    next_before: int | None


@dataclass(frozen=True)
class Proof:
    """That an entry stands in the tree of a checkpoint."""

    index: int
    size: int
    leaf_hash: bytes
    path: tuple[bytes, ...]
    checkpoint: bytes
    proof_file: bytes


def list_entries(
    parts: Parts, person: Person, filters: dict[str, str], *, before: int | None, limit: int
) -> EntryPage:
    """List the log by case, person, act, result and time; a reading is an entry itself.

    Raises:
        Refused, LogDown: nothing is shown.
    """
    decide_outside(parts, person, Act.LOG_READ)
    with parts.database.reading() as session:
        found = reader.found_by(session, filters, before=before, limit=limit)
    parts.log.record(
        ActDone(by=by(person), act=LogAct.LOG_LIST, case=filters.get("case", ""), count=len(found))
    )
    return EntryPage(found, found[-1].index if len(found) == limit else None)


def read_entry(parts: Parts, person: Person, index: int) -> LoggedEntry:
    """Show one entry.

    Raises:
        Refused, NotFound, LogDown: nothing is shown.
    """
    decide_outside(parts, person, Act.LOG_READ)
    with parts.database.reading() as session:
        entry = reader.entry_at(session, index)
    parts.log.record(ActDone(by=by(person), act=LogAct.LOG_READ, case=_case_of(entry)))
    return entry


def prove_entry(parts: Parts, person: Person, index: int) -> Proof:
    """Prove that an entry stands in the log; proof and checkpoint are of one snapshot.

    Supervisors get any entry's proof, everybody their own acts'.

    Raises:
        Refused, NotFound, LogDown: nothing is shown.
    """
    with parts.database.reading() as session:
        try:
            entry = reader.entry_at(session, index)
        except NotFound:
            entry = None
    if entry is None or entry.columns["actor"] != person.actor:
        decide_outside(parts, person, Act.LOG_READ)
    if entry is None:
        raise NotFound
    parts.log.record(ActDone(by=by(person), act=LogAct.LOG_PROVE, case=_case_of(entry)))
    with parts.database.reading() as session:
        checkpoint = parts.checkpoints.issue(session)
        size = reader.head_size(session)
        path = inclusion_proof(index, size, reader.tile_hashes(session))
    file = write_proof(entry.body, index, path, checkpoint)
    return Proof(index, size, entry.leaf_hash, tuple(path), checkpoint, file)


def newest_checkpoint(parts: Parts) -> bytes:
    """Sign the tree as it stands; a checkpoint is public.

    Raises:
        LogDown: it could not be kept outside.
    """
    return parts.checkpoints.issue()


def prove_consistency(parts: Parts, old_size: int) -> tuple[tuple[bytes, ...], bytes]:
    """Prove that the present tree extends the one of `old_size`; public like checkpoints.

    Raises:
        FieldWrong: there is no such size.
        LogDown: no checkpoint could be kept outside.
    """
    with parts.database.reading() as session:
        checkpoint = parts.checkpoints.issue(session)
        size = reader.head_size(session)
        if not 0 < old_size <= size:
            raise FieldWrong("from", "range")
        return tuple(consistency_proof(old_size, size, reader.tile_hashes(session))), checkpoint


def accesses_of_case(
    parts: Parts, person: Person, case_id: str, *, before: int | None, limit: int
) -> EntryPage:
    """Show who looked at a case: every release and refusal in it.

    Raises:
        NotFound: there is no such case for this person.
        Refused, LogDown: nothing is shown.
    """
    try:
        with parts.database.reading() as session:
            facts = read.of_case(session, person, case_id, parts.clock())
    except NotFound:
        raise refuse_unknown(parts, person, Act.ACCESSES_READ) from None
    decide(parts, person, facts, Act.ACCESSES_READ)
    with parts.database.reading() as session:
        found = reader.accesses(session, case_id, ACCESS_RESULTS, before=before, limit=limit)
    parts.log.record(
        ActDone(
            by=by(person),
            act=LogAct.ACCESSES_READ,
            case=case_id,
            standing=facts.asker.standing,
            count=len(found),
        )
    )
    return EntryPage(found, found[-1].index if len(found) == limit else None)


def _case_of(entry: LoggedEntry) -> str:
    return str(decode(entry.body).fields.get("case", ""))
