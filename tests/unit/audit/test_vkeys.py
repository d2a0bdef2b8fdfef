"""Verifier keys: name, id and key belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit.faults import KeysInvalid
from evidence_service.audit.vkeys import KeyType, Vkey, parse_vkey, signer_from_seed

from .vectors import cases, read

GOOD = read("keys/test-keys.json")["keys"]


@pytest.mark.parametrize("key", cases(GOOD, "use"))
def test_a_key_is_derived_from_its_seed(key):
    signer = signer_from_seed(
        key["name"], KeyType(int(key["type"], 16)), bytes.fromhex(key["seed_hex"])
    )
    assert signer.vkey.text == key["vkey"]
    assert signer.vkey.public.hex() == key["public_hex"]
    assert signer.vkey.key_id.hex() == key["key_id"]
    assert parse_vkey(key["vkey"]) == signer.vkey
    assert signer.vkey.verifies(signer.sign(b"text"), b"text")
    assert not signer.vkey.verifies(signer.sign(b"text"), b"other")
    assert not signer.vkey.verifies(b"", b"text")


@pytest.mark.parametrize("case", cases(read("keys/bad-vkeys.json"), "fault"))
def test_a_malformed_vkey_is_refused(case):
    with pytest.raises(KeysInvalid):
        parse_vkey(case["vkey"])


@given(st.sampled_from([key["vkey"] for key in GOOD]), st.data())
def test_a_changed_character_is_another_vkey_or_none(text, data):
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters()) + text[place + 1 :]
    try:
        vkey = parse_vkey(changed)
    except KeysInvalid:
        return
    assert vkey.text == changed == text


@pytest.mark.parametrize("seed", [b"", b"x" * 31, b"x" * 33])
def test_a_seed_of_another_length_is_refused(seed):
    with pytest.raises(KeysInvalid):
        signer_from_seed("a", KeyType.LOG, seed)


@pytest.mark.parametrize(("name", "public"), [("", bytes(32)), ("a+b", bytes(32)), ("a", b"x")])
def test_what_is_no_key_cannot_be_held(name, public):
    with pytest.raises(KeysInvalid):
        Vkey(name, KeyType.LOG, public)
