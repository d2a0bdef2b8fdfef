"""Cosignatures: a witness's word, with the time of its clock."""

from datetime import UTC, datetime, timedelta

import pytest

from evidence_service.audit.checkpoint import parse_body, sign_body
from evidence_service.audit.cosignature import cosign, message_of, verify_cosignature
from evidence_service.audit.faults import NoteInvalid
from evidence_service.audit.note import Signature
from evidence_service.audit.vkeys import parse_vkey

from .vectors import cases, read, signer

DATA = read("cosignatures.json")
SIGNERS = {signer(number).vkey.text: signer(number) for number in range(4)}
BODY = DATA["cases"][0]["checkpoint_body"].encode()
TIME = datetime(2026, 3, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", cases(DATA["cases"], "witness"))
def test_a_cosignature_is_exactly_this_line(case):
    body = case["checkpoint_body"].encode()
    now = datetime.fromtimestamp(case["time"], UTC)
    made = cosign(body, SIGNERS[case["witness_vkey"]], now)
    assert message_of(body, case["time"]).decode() == case["message"]
    assert made.line == case["line"]
    found = verify_cosignature(body, made, parse_vkey(case["witness_vkey"]), now)
    assert found.witness == case["witness"]
    assert found.time_seconds == case["time"]


@pytest.mark.parametrize("case", cases(DATA["log_signatures"], "log_vkey"))
def test_a_signature_of_the_log_is_exactly_this_line(case):
    checkpoint = parse_body(case["checkpoint_body"].encode())
    assert sign_body(checkpoint, SIGNERS[case["log_vkey"]]).line == case["line"]


@pytest.mark.parametrize(("seconds", "holds"), [(300, True), (301, False)])
def test_a_clock_may_be_five_minutes_ahead(seconds, holds):
    made = cosign(BODY, signer(2), TIME + timedelta(seconds=seconds))
    if holds:
        assert verify_cosignature(BODY, made, signer(2).vkey, TIME).witness
    else:
        with pytest.raises(NoteInvalid):
            verify_cosignature(BODY, made, signer(2).vkey, TIME)


def test_a_cosignature_holds_for_no_other_body_witness_time_or_length():
    made = cosign(BODY, signer(2), TIME)
    later = (int(TIME.timestamp()) + 1).to_bytes(8, "big") + made.signature[8:]
    others = [
        (BODY.replace(b"256", b"257"), made, signer(2).vkey),
        (BODY, made, signer(3).vkey),
        (BODY, Signature(made.name, made.key_id, later), signer(2).vkey),
        (BODY, Signature(made.name, made.key_id, made.signature[:-1]), signer(2).vkey),
        (BODY, Signature(made.name, made.key_id, made.signature + b"x"), signer(2).vkey),
        (BODY, Signature(made.name, made.key_id, bytes(8) + made.signature[8:]), signer(2).vkey),
    ]
    for body, signature, vkey in others:
        with pytest.raises(NoteInvalid):
            verify_cosignature(body, signature, vkey, TIME)


def test_only_a_witness_cosigns_and_only_with_a_clock():
    with pytest.raises(NoteInvalid):
        cosign(BODY, signer(0), TIME)
    with pytest.raises(NoteInvalid):
        cosign(BODY, signer(2), datetime.fromtimestamp(0, UTC))
