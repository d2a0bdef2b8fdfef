"""A witness cosigns only what extends what it cosigned, and never goes back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit.checkpoint import Checkpoint, open_checkpoint, sign
from evidence_service.audit.faults import KeysInvalid, NoteInvalid
from evidence_service.audit.witness import MAX_BYTES, Witness

from .vectors import NOW, ORIGIN, keys, read, signer

DATA = read("witness.json")
STEPS = DATA["steps"]
PATH = DATA["monitoring_path"].split("/")[1]
FIRST = next(step for step in STEPS if step["status"] == 200)


class MemoryStorage:
    """Keeps the newest checkpoints in a dict; `racing` lets another request be first."""

    def __init__(self):
        self.kept = {}
        self.racing = None

    def newest(self, origin):
        return self.kept.get(origin)

    def replace(self, origin, old_size, new):
        if self.racing is not None:
            self.kept[origin], self.racing = self.racing, None
        stored = self.kept.get(origin)
        if old_size != (0 if stored is None else stored.size):
            return False
        self.kept[origin] = new
        return True


def witness():
    storage = MemoryStorage()
    return Witness(signer(2), {ORIGIN: keys()}, storage), storage


def ask(asked, step):
    now = datetime.fromtimestamp(step["clock"], UTC)
    return asked.add_checkpoint(step["request_body"].encode(), now)


@pytest.mark.parametrize(
    "number", [pytest.param(n, id=f"{n:02d}-{step['step']}") for n, step in enumerate(STEPS)]
)
def test_a_request_has_its_answer_after_all_those_before_it(number):
    asked, _ = witness()
    answers = [ask(asked, step) for step in STEPS[: number + 1]]
    step, answer = STEPS[number], answers[-1]
    assert answer.status == step["status"]
    if step["response_body"] is not None:
        assert answer.body.decode() == step["response_body"]
    if "content_type" in step:
        assert answer.content_type == step["content_type"]


def test_the_newest_cosigned_checkpoint_is_served():
    asked, storage = witness()
    assert asked.newest_checkpoint(PATH).status == 404
    size = 0
    for step in STEPS:
        answer = ask(asked, step)
        stored = storage.newest(ORIGIN)
        assert (stored.size if stored else 0) >= size
        size = stored.size if stored else 0
        if answer.status == 200:
            served = asked.newest_checkpoint(PATH)
            opened = open_checkpoint(served.body, keys(), ORIGIN, NOW)
            assert served.status == 200
            assert served.body.endswith(answer.body)
            assert [each.witness for each in opened.cosignatures] == [signer(2).vkey.name]
    assert size == 700
    assert asked.newest_checkpoint("0" * 64).status == 404


def test_lines_that_were_not_checked_are_not_served():
    asked, _ = witness()
    checkpoint = Checkpoint(ORIGIN, 1, bytes.fromhex(read("tree-700.json")["roots"][1]))
    data = sign(checkpoint, [signer(0), signer(4)])
    assert asked.add_checkpoint(b"old 0\n\n" + data, NOW).status == 200
    opened = open_checkpoint(asked.newest_checkpoint(PATH).body, keys(), ORIGIN, NOW)
    assert opened.unknown_signatures == 0


def test_a_request_that_comes_second_learns_the_size():
    other, other_storage = witness()
    for step in STEPS[:3]:
        ask(other, step)
    asked, storage = witness()
    storage.racing = other_storage.newest(ORIGIN)
    answer = ask(asked, FIRST)
    assert (answer.status, answer.body) == (409, b"37\n")
    assert storage.newest(ORIGIN).size == 37


def test_a_request_refused_stores_nothing():
    asked, storage = witness()
    for step in STEPS:
        before = dict(storage.kept)
        answer = ask(asked, step)
        assert (storage.kept == before) == (answer.status != 200)


def test_a_witness_needs_its_own_kind_of_key_and_each_logs_own_keys():
    with pytest.raises(KeysInvalid):
        Witness(signer(0), {ORIGIN: keys()}, MemoryStorage())
    with pytest.raises(KeysInvalid):
        Witness(signer(2), {"other.example/log": keys()}, MemoryStorage())


def test_a_witness_without_a_clock_signs_and_stores_nothing():
    asked, storage = witness()
    with pytest.raises(NoteInvalid):
        asked.add_checkpoint(FIRST["request_body"].encode(), datetime.fromtimestamp(0, UTC))
    assert not storage.kept


@given(st.binary(max_size=80), st.integers(0, 300))
def test_hostile_bytes_have_an_answer_and_change_nothing(junk, place):
    asked, storage = witness()
    body = FIRST["request_body"].encode()
    for hostile in (junk, body[:place] + junk, b"old 0\n\n" + junk, b"old 0\n" + junk + body[6:]):
        if hostile != body:
            assert asked.add_checkpoint(hostile, NOW).status in {400, 403, 404, 409, 422}
            assert not storage.kept


def test_a_very_long_request_is_refused_before_it_is_read():
    asked, _ = witness()
    answer = asked.add_checkpoint(b"\xff" * (MAX_BYTES + 1), NOW)
    assert (answer.status, answer.body) == (400, b"too_long\n")
