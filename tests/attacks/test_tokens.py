"""Tokens that are not ours, not whole or not now: one answer for all, and nothing behind it."""

import base64
import json
from datetime import timedelta

import jwt
import pytest

KEY = b"k" * 32


def encoded(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def good(house):
    return house.as_("lead").token


@pytest.fixture(scope="module")
def key(house):
    ring = house.parts.keyring.token
    return bytes(ring.keys[ring.current])


@pytest.fixture(scope="module")
def whole(good):
    header = jwt.get_unverified_header(good)
    claims = jwt.decode(good, options={"verify_signature": False})
    return header, claims


def refused(house, token):
    size = house.log_size()
    answer = house.stranger().get("me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401, token
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert len(token) < 20 or token not in answer.get_data(as_text=True)
    assert house.log_size() == size
    return answer


CHANGED_CLAIMS = [
    {"aud": "evidence-web"},
    {"aud": ["evidence-api"]},
    {"iss": "evidence.example/log/test/"},
    {"iss": ""},
    {"sub": ""},
    {"sid": "0" * 64},
    {"sub": "f" * 64, "sid": "f" * 64},
    {"exp": "9999999999"},
    {"exp": 10**30},
    {"exp": True},
    {"exp": 1.5},
    {"exp": None},
    {"iat": 0},
    {"nbf": 2**33},
    {"iat": 2**33},
    {"exp": 2**33},
    {"jti": ""},
    {"role": "supervisor"},
]


@pytest.mark.parametrize("change", CHANGED_CLAIMS, ids=str)
def test_well_signed_claims_that_are_not_ours_are_refused(house, whole, key, change):
    header, claims = whole
    refused(house, jwt.encode(claims | change, key, "HS256", headers=header))


@pytest.mark.parametrize("name", ["exp", "iat", "nbf", "sub", "sid", "jti", "aud", "iss"])
def test_a_missing_claim_is_refused(house, whole, key, name):
    header, claims = whole
    left = {other: value for other, value in claims.items() if other != name}
    refused(house, jwt.encode(left, key, "HS256", headers=header))


CHANGED_HEADERS = [
    {"typ": "JWT"},
    {"typ": None},
    {"kid": "../../../dev/null"},
    {"kid": "0"},
    {"kid": ""},
    {"kid": "1' OR '1'='1"},
    {"jku": "https://attacker.example/keys"},
    {"jwk": {"kty": "oct", "k": encoded(KEY)}},
    {"x5u": "https://attacker.example/x"},
    {"crit": ["exp"]},
    {"zip": "DEF"},
]


@pytest.mark.parametrize("change", CHANGED_HEADERS, ids=str)
def test_another_header_is_refused(house, whole, key, change):
    header, claims = whole
    wanted = {name: value for name, value in (header | change).items() if name != "alg"}
    token = signed({"alg": "HS256", **wanted}, claims, key)
    refused(house, token)


def signed(header, claims, key):
    import hashlib
    import hmac

    text = f"{encoded(header)}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.digest(key, text.encode(), hashlib.sha256))}"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "HS512", "RS256", "ES256"])
def test_another_algorithm_is_refused(house, whole, key, algorithm):
    header, claims = whole
    refused(house, signed(header | {"alg": algorithm}, claims, key))
    refused(house, f"{encoded(header | {'alg': algorithm})}.{encoded(claims)}.")


def test_a_token_signed_with_another_key_is_refused(house, whole):
    header, claims = whole
    refused(house, jwt.encode(claims, KEY, "HS256", headers=header))


def test_every_single_changed_character_is_refused(house, good):
    """More than 355 tokens, each one character away from a good one."""
    tried = 0
    for at, sign in enumerate(good):
        other = "A" if sign != "A" else "B"
        refused(house, good[:at] + other + good[at + 1 :])
        tried += 1
    assert tried >= 355


@pytest.mark.parametrize(
    "bent",
    [
        lambda t: t + "=",
        lambda t: t + ".",
        lambda t: t + "\u200b",
        lambda t: t.replace(".", ".."),
        lambda t: t.rsplit(".", 1)[0],
        lambda t: t.rsplit(".", 1)[0] + ".",
        lambda t: t[:-1],
        lambda t: t + t,
        lambda _: "x" * 5000,
        lambda _: "",
        lambda t: t.swapcase(),
    ],
)
def test_another_form_is_refused(house, good, bent):
    refused(house, bent(good).encode("utf-8").decode("latin-1"))


def test_doubled_claims_are_refused(house, whole, key):
    import hashlib
    import hmac

    header, claims = whole
    doubled = json.dumps(claims)[:-1] + f', "exp": {claims["exp"]}}}'
    text = f"{encoded(header)}.{encoded(doubled.encode())}"
    refused(house, f"{text}.{encoded(hmac.digest(key, text.encode(), hashlib.sha256))}")


def test_an_expired_token_is_refused_and_so_is_one_of_the_future(house, good):
    for later in (timedelta(minutes=11), timedelta(minutes=-11)):
        client = house.stranger(house.app_later(later))
        headers = {"Authorization": f"Bearer {good}"}
        assert client.get("me", headers=headers).status_code == 401


@pytest.mark.parametrize("scheme", ["bearer", "Basic", "Token", ""])
def test_only_a_bearer_is_read(house, good, scheme):
    headers = {"Authorization": f"{scheme} {good}".strip()}
    status = house.stranger().get("me", headers=headers).status_code
    assert status == (200 if scheme == "bearer" else 401)


def test_a_session_that_ended_ends_its_tokens(house):
    lead = house.as_("lead")
    assert lead.get("me").status_code == 200
    assert lead.send("DELETE", "sessions/current").status_code == 204
    refused(house, lead.token)


def test_all_refusals_of_a_token_read_the_same(house, good):
    bodies = []
    for token in (good[:-1] + ("A" if good[-1] != "A" else "E"), "x", "a.b.c"):
        body = refused(house, token).get_json()
        body.pop("trace_id")
        bodies.append(body)
    assert bodies[0] == bodies[1] == bodies[2]
