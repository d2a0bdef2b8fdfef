"""The log's one door: act and entry are one commit, receipts come after it, and only from it."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from evidence_service.audit import leases, reader, startup
from evidence_service.audit.drafts import ActDone, Close, Grant, Release
from evidence_service.audit.log import CaseAt
from evidence_service.audit.proofs import (
    consistency_proof,
    inclusion_proof,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from evidence_service.audit.receipts import Receipt
from evidence_service.audit.verify import verify_log
from evidence_service.errors import (
    CannotStart,
    CaseMoved,
    GrantClosed,
    LogDown,
    LogForked,
    LogRolledBack,
    ServiceError,
)
from evidence_service.records.models import Unit

from .conftest import OFFICER, SERVICE, install

CASE = "case_" + "3" * 32
DOCUMENT = "doc_" + "4" * 32
VIEWING = "view_" + "6" * 32


def act(**fields):
    return ActDone(by=OFFICER, act="police:party:record", **fields)


def a_unit(name="unit_" + "9" * 32):
    return Unit(id=name, name="x", place="x", phone="x", complaints_phone="x", hours="x")


def grant(**fields):
    return Grant(
        by=OFFICER,
        act="document:view",
        case=CASE,
        case_rev=1,
        document=DOCUMENT,
        viewing=VIEWING,
        pages="1",
        policies=("a-permit",),
        policies_sha256="0" * 64,
        service=SERVICE,
        **fields,
    )


def release(receipt, **changes):
    fields = {
        "by": OFFICER,
        "grant": receipt.index,
        "case": CASE,
        "document": DOCUMENT,
        "viewing": VIEWING,
        "pages": "1",
        "form": "page",
        "sha256": "1" * 64,
        "size_bytes": 5,
        "media": "image/jpeg",
        "service": SERVICE,
    }
    return Release(**(fields | changes))


def close(receipt, outcome="failed"):
    return Close(by=OFFICER, grant=receipt.index, case=CASE, outcome=outcome, service=SERVICE)


def units(installation):
    with installation.database.reading() as session:
        return session.execute(text("SELECT count(*) FROM units")).scalar_one()


def size(installation):
    with installation.database.reading() as session:
        return reader.head_size(session)


def test_an_empty_log_opens_with_its_origin_and_key(installation):
    with installation.database.reading() as session:
        first = reader.entry_at(session, 0)
    assert b'"event":"open"' in first.body
    assert installation.keeper.origin.encode() in first.body


def test_an_effect_and_its_entry_are_kept_together(installation):
    before = size(installation)
    receipt = installation.log.record(act(), effect=lambda s, _i: s.add(a_unit()))
    assert (receipt.index, size(installation), units(installation)) == (before, before + 1, 1)


def test_an_effect_that_fails_takes_its_entry_with_it_and_no_other(installation):
    before = size(installation)

    def breaks(session, _index):
        session.add(a_unit())
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        installation.log.record(act(), effect=breaks)
    assert (size(installation), units(installation)) == (before, 0)
    assert installation.log.record(act()).index == before


def test_a_receipt_cannot_be_made_elsewhere():
    with pytest.raises(TypeError):
        Receipt(1, act(), object())


def test_an_act_on_a_moved_case_is_refused(installation):
    installation.log.record(act(case=CASE, case_rev=1), case=CaseAt(CASE, 0, moves=True))
    with pytest.raises(CaseMoved):
        installation.log.record(act(case=CASE, case_rev=1), case=CaseAt(CASE, 0, moves=True))
    with pytest.raises(CaseMoved):
        installation.log.record(grant(), case=CaseAt(CASE, 0))
    installation.log.record(grant(), case=CaseAt(CASE, 1))


def test_of_sixteen_acts_on_one_revision_exactly_one_is_kept(installation):
    outcomes = []

    def attempt():
        try:
            installation.log.record(act(case=CASE), case=CaseAt(CASE, 0, moves=True))
            outcomes.append("kept")
        except CaseMoved:
            outcomes.append("moved")

    threads = [threading.Thread(target=attempt) for _ in range(16)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(outcomes) == ["kept"] + ["moved"] * 15


def test_sixteen_threads_append_without_gap_while_proofs_hold(installation):
    receipts, faults = [], []

    def append():
        receipts.extend(installation.log.record(act()).index for _ in range(25))

    def prove():
        for _ in range(40):
            with installation.database.reading() as session:
                now = reader.head_size(session)
                root = root_at(now, reader.tile_hashes(session))
                entry = reader.entry_at(session, now - 1)
                path = inclusion_proof(now - 1, now, reader.tile_hashes(session))
            try:
                verify_inclusion(
                    leaf=entry.leaf_hash, index=now - 1, size=now, path=path, root=root
                )
            except ServiceError as fault:
                faults.append(fault)

    threads = [threading.Thread(target=append) for _ in range(16)]
    threads += [threading.Thread(target=prove) for _ in range(2)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert faults == []
    assert sorted(receipts) == list(range(2, 402))
    report = verify_log(installation.database, installation.keeper, installation.clock)
    assert report.size == 402


def test_proofs_are_made_from_full_subtrees_past_256_entries(installation):
    for _ in range(3):
        installation.log.record_all([act() for _ in range(250)])
    with installation.database.reading() as session:
        now, hashes = reader.head_size(session), reader.tile_hashes(session)
        root = root_at(now, hashes)
        old_root = root_at(300, hashes)
        for index in (0, 255, 256, 600, now - 1):
            entry = reader.entry_at(session, index)
            path = inclusion_proof(index, now, hashes)
            verify_inclusion(leaf=entry.leaf_hash, index=index, size=now, path=path, root=root)
        path = consistency_proof(300, now, hashes)
        verify_consistency(old_size=300, old_root=old_root, new_size=now, new_root=root, path=path)
        kept = session.execute(text("SELECT count(*) FROM log_subtrees")).scalar_one()
    assert kept == 2


def test_a_release_follows_its_grant(installation):
    granted = installation.log.record(grant())
    receipt = installation.log.record(release(granted))
    assert receipt.index == granted.index + 1


@pytest.mark.parametrize(
    "changes",
    [
        {"grant": 0},
        {"grant": 999},
        {"case": "case_" + "7" * 32},
        {"document": "doc_" + "7" * 32},
        {"viewing": "view_" + "7" * 32},
        {"pages": "2"},
    ],
)
def test_a_release_of_something_else_is_refused(installation, changes):
    granted = installation.log.record(grant())
    with pytest.raises(GrantClosed):
        installation.log.record(release(granted, **changes))


def test_nothing_follows_a_close(installation):
    granted = installation.log.record(grant())
    installation.log.record(close(granted))
    with pytest.raises(GrantClosed):
        installation.log.record(release(granted))
    with pytest.raises(GrantClosed):
        installation.log.record(close(granted))


def test_grants_of_a_dead_process_are_closed_and_those_of_a_living_one_left(installation):
    installation.log.record(grant())
    now = installation.clock()
    with installation.database.writing() as session:
        leases.renew(session, SERVICE, now)
    assert startup.close_left_grants(installation.log, installation.database, now) == 0
    with installation.database.writing() as session:
        leases.end(session, SERVICE)
    assert startup.close_left_grants(installation.log, installation.database, now) == 1
    assert startup.close_left_grants(installation.log, installation.database, now) == 0


@pytest.mark.parametrize("table", ["log_entries", "log_subtrees"])
@pytest.mark.parametrize("change", ["UPDATE {} SET level = 1", "DELETE FROM {}"])
def test_the_database_refuses_changes_to_the_log(installation, table, change):
    for _ in range(2):
        installation.log.record_all([act() for _ in range(200)])
    change = change.replace("level", "level" if table == "log_subtrees" else "type")
    with (
        pytest.raises(DatabaseError, match="only grows"),
        installation.database.engine.begin() as connection,
    ):
        connection.execute(text(change.format(table)))


def test_a_locked_database_gives_no_receipt_and_is_no_lasting_harm(installation):
    before = size(installation)
    with installation.database.engine.connect().execution_options(writes=True) as holder:
        holder.execute(text("SELECT 1"))
        with pytest.raises(LogDown):
            installation.log.record(act())
        holder.rollback()
    assert installation.log.record(act()).index == before


def test_a_log_shorter_than_its_checkpoint_outside_does_not_start(installation, tmp_path):
    backup = tmp_path / "older.sqlite"
    with installation.database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql(f"VACUUM INTO '{backup}'")
    installation.log.record(act())
    installation.keeper.issue()
    installation.database.engine.dispose()
    backup.replace(installation.folder / "evidence.sqlite")
    for beside in ("-wal", "-shm"):
        (installation.folder / f"evidence.sqlite{beside}").unlink(missing_ok=True)
    older = install(installation.folder)
    with pytest.raises(LogRolledBack, match="has 2 entries, the checkpoint outside 3"):
        startup.check_log(older.database, older.keeper)
    older.database.engine.dispose()


def test_a_log_with_another_past_does_not_start(installation):
    installation.keeper.issue()
    other = install(installation.folder.parent / "other")
    startup.open_log(other.log, other.database, other.keeper)
    with pytest.raises(LogForked, match="forked: at size 2"):
        startup.check_log(other.database, installation.keeper)
    other.database.engine.dispose()


def test_entries_without_any_checkpoint_outside_do_not_start(installation):
    for path in sorted((installation.folder / "outside").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(LogRolledBack, match="no checkpoint"):
        startup.check_log(installation.database, installation.keeper)


def test_a_checkpoint_of_somebody_else_does_not_start(installation):
    newest = max((installation.folder / "outside" / "checkpoints").iterdir())
    newest.write_bytes(newest.read_bytes().replace(b"test\n", b"tost\n"))
    with pytest.raises(CannotStart, match="cannot be trusted"):
        startup.check_log(installation.database, installation.keeper)


def test_a_good_log_starts_again(installation):
    installation.log.record(act())
    installation.keeper.issue()
    startup.check_log(installation.database, installation.keeper)
