"""One-time codes: plain digits, one step back, once; seeds sealed to their account."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from evidence_service.errors import Altered, NotSignedIn
from evidence_service.identity import one_time_codes
from evidence_service.keys import Key, Keyring, Numbered

# RFC 6238, appendix B, SHA-1, last six digits
RFC_SEED = b"12345678901234567890"
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
]


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_codes_are_those_of_the_rfc(seconds, code):
    step = one_time_codes.verify(RFC_SEED, code, datetime.fromtimestamp(seconds, UTC), 0)
    assert step == seconds // 30


def code_at(seed, when):
    return pyotp.TOTP(base64.b32encode(seed).decode()).at(when)


def test_the_code_before_is_taken_and_those_beside_it_are_not(now):
    seed = one_time_codes.make_seed()
    before = code_at(seed, now - timedelta(seconds=30))
    assert one_time_codes.verify(seed, before, now, 0) == int(now.timestamp()) // 30 - 1
    for away in (-60, 30, 60):
        with pytest.raises(NotSignedIn):
            one_time_codes.verify(seed, code_at(seed, now + timedelta(seconds=away)), now, 0)


def test_a_used_step_is_refused_and_so_is_an_earlier_one(now):
    seed = one_time_codes.make_seed()
    step = one_time_codes.verify(seed, code_at(seed, now), now, 0)
    for typed in (now, now - timedelta(seconds=30)):
        with pytest.raises(NotSignedIn):
            one_time_codes.verify(seed, code_at(seed, typed), now, step)


@pytest.mark.parametrize(
    "change",
    [
        lambda code: "".join(chr(ord(digit) + 0xFEE0) for digit in code),
        lambda code: "".join(chr(ord(digit) - 0x30 + 0x660) for digit in code),
        lambda code: code + "\n",
        lambda code: " " + code,
        lambda code: code[:3] + " " + code[3:],
        lambda code: code[:5],
        lambda code: code + "0",
        lambda code: code[:0],
        lambda code: "+" + code[1:],
        lambda code: code[0] + "_" + code[1:],
    ],
)
def test_anything_but_six_plain_digits_is_refused(now, change):
    seed = one_time_codes.make_seed()
    with pytest.raises(NotSignedIn):
        one_time_codes.verify(seed, change(code_at(seed, now)), now, 0)


def test_a_sealed_seed_opens_for_its_owner_alone(keyring):
    seed = one_time_codes.make_seed()
    sealed = one_time_codes.seal(keyring, seed, "per_a")
    assert one_time_codes.open_seed(keyring, sealed, "per_a") == seed
    assert seed not in sealed
    with pytest.raises(Altered):
        one_time_codes.open_seed(keyring, sealed, "per_b")


def test_a_sealed_seed_with_any_byte_changed_does_not_open(keyring):
    sealed = one_time_codes.seal(keyring, one_time_codes.make_seed(), "per_a")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Altered):
            one_time_codes.open_seed(keyring, bytes(changed), "per_a")
    for length in (0, 3, 4, 10, 16, 40):
        with pytest.raises(Altered):
            one_time_codes.open_seed(keyring, sealed[:length], "per_a")


def test_seeds_sealed_under_an_older_key_still_open(keyring):
    sealed = one_time_codes.seal(keyring, RFC_SEED, "per_a")
    keys = Numbered({**keyring.key_encryption.keys, 2: Key(b"\x07" * 31 + b"\x01")})
    newer = Keyring(True, keyring.log, keyring.mark, keys, keyring.token, keyring.pepper)
    assert one_time_codes.open_seed(newer, sealed, "per_a") == RFC_SEED
    assert one_time_codes.seal(newer, RFC_SEED, "per_a")[:4] == b"\x00\x00\x00\x02"


def test_the_address_for_authenticators_gives_the_same_codes(now):
    seed = one_time_codes.make_seed()
    uri = one_time_codes.provisioning_uri(seed, name="gao.minglan", issuer="云河")
    assert pyotp.parse_uri(uri).at(now) == code_at(seed, now)
