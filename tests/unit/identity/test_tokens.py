"""Tokens: issued for ten minutes, read by the instant that is given, under every valid key."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from evidence_service.errors import NotSignedIn
from evidence_service.identity.tokens import Tokens
from evidence_service.keys import Key, Numbered

KEY = Key(bytes(range(32)))
OLD = Key(bytes(range(1, 33)))
KEYS = Numbered({1: OLD, 2: KEY})
TOKENS = Tokens(KEYS, issuer="evidence.yunhe", audience="evidence-api")
NOW = datetime(2026, 3, 2, 8, 15, 30, 500000, tzinfo=UTC)
SID = hashlib.sha256(b"sid").hexdigest()


def test_an_issued_token_is_read_until_its_last_instant():
    token = TOKENS.issue(SID, NOW)
    assert TOKENS.read(token, NOW).sid == SID
    # 600 s are counted from the whole second in which it was issued
    assert TOKENS.read(token, NOW + timedelta(seconds=599, milliseconds=499)).sid == SID
    with pytest.raises(NotSignedIn):
        TOKENS.read(token, NOW + timedelta(seconds=599, milliseconds=500))


def test_an_issued_token_is_not_read_before_it_was_issued():
    with pytest.raises(NotSignedIn):
        TOKENS.read(TOKENS.issue(SID, NOW), NOW - timedelta(seconds=1))


def test_the_given_instant_counts_and_not_the_wall_clock():
    then = datetime(1999, 12, 31, 23, 59, tzinfo=UTC)
    assert TOKENS.read(TOKENS.issue(SID, then), then).exp == int(then.timestamp()) + 600
    later = datetime(2099, 1, 1, tzinfo=UTC)
    assert TOKENS.read(TOKENS.issue(SID, later), later).sid == SID


def test_no_token_lasts_longer_than_ten_minutes():
    read = TOKENS.read(TOKENS.issue(SID, NOW, ttl_seconds=86_400), NOW)
    assert read.exp - read.iat == 600
    short = TOKENS.read(TOKENS.issue(SID, NOW, ttl_seconds=60), NOW)
    assert short.exp - short.iat == 60


def test_a_token_says_exactly_what_it_must():
    token = TOKENS.issue(SID, NOW)
    head, body, _ = token.split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {
        "alg": "HS256",
        "kid": "2",
        "typ": "at+jwt",
    }
    assert set(json.loads(base64.urlsafe_b64decode(body + "=="))) == {
        *("exp", "iat", "nbf", "sub", "sid", "jti", "aud", "iss")
    }
    assert len(token) <= 2048


def test_no_two_tokens_are_the_same():
    assert len({TOKENS.issue(SID, NOW) for _ in range(50)}) == 50


def test_tokens_of_the_key_before_are_still_read():
    before = Tokens(Numbered({1: OLD}), issuer="evidence.yunhe", audience="evidence-api")
    assert TOKENS.read(before.issue(SID, NOW), NOW).sid == SID


def test_tokens_of_a_key_that_went_are_not():
    before = Tokens(Numbered({1: OLD}), issuer="evidence.yunhe", audience="evidence-api")
    after = Tokens(Numbered({2: KEY}), issuer="evidence.yunhe", audience="evidence-api")
    with pytest.raises(NotSignedIn):
        after.read(before.issue(SID, NOW), NOW)


def test_neither_keys_nor_claims_stand_in_representations_and_errors():
    secret = bytes(KEY).hex()
    assert secret not in repr(TOKENS)
    assert secret not in repr(KEYS)
    with pytest.raises(NotSignedIn) as refused:
        TOKENS.read(TOKENS.issue("CANARY", NOW), NOW)
    seen = f"{refused.value!r} {refused.value.__cause__!r} {refused.value.__cause__}"
    assert "CANARY" not in seen
