"""Tokens: whoever forges or bends one is not signed in (SEC-ID-11, RFC 8725)."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_service.errors import NotSignedIn
from evidence_service.identity.tokens import Tokens
from evidence_service.keys import Key, Numbered

KEY = Key(bytes(range(32)))
OLD = Key(bytes(range(1, 33)))
KEYS = Numbered({1: OLD, 2: KEY})
TOKENS = Tokens(KEYS, issuer="evidence.yunhe", audience="evidence-api")
NOW = datetime(2026, 3, 2, 8, 15, 30, 500000, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
SID = hashlib.sha256(b"sid").hexdigest()

HEADER = {"alg": "HS256", "kid": "2", "typ": "at+jwt"}
CLAIMS = {
    "exp": SECONDS + 600,
    "iat": SECONDS,
    "nbf": SECONDS,
    "sub": SID,
    "sid": SID,
    "jti": "A" * 22,
    "aud": "evidence-api",
    "iss": "evidence.yunhe",
}


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header, payload, key=KEY, digest="sha256"):
    """A token out of any two texts, with a right signature."""
    texts = [
        text if isinstance(text, bytes) else json.dumps(text).encode() for text in (header, payload)
    ]
    front = ".".join(b64(text) for text in texts)
    return f"{front}.{b64(hmac.digest(bytes(key), front.encode(), digest))}"


def claims(**changes):
    return {**CLAIMS, **changes}


def without(*names):
    return {name: value for name, value in CLAIMS.items() if name not in names}


def header(**changes):
    return {**HEADER, **changes}


def raw(old, new):
    """The claims as JSON with one piece of text replaced."""
    text = json.dumps(CLAIMS)
    assert old in text
    return text.replace(old, new).encode()


GOOD = signed(HEADER, CLAIMS)
FRONT, BODY, SIGNATURE = GOOD.split(".")
PUBLIC = ed25519.Ed25519PrivateKey.generate().public_key()
ED25519_RAW = PUBLIC.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def last_bits_set(part):
    """The same bytes by base64url that is not canonical: unused bits are one."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = part[:-1] + alphabet[alphabet.index(part[-1]) | 1]
    assert other != part
    padding = "=" * (-len(part) % 4)
    assert base64.urlsafe_b64decode(other + padding) == base64.urlsafe_b64decode(part + padding)
    return other


def unsigned(head):
    return f"{b64(json.dumps(head).encode())}.{BODY}."


def loose_header():
    """A header whose base64url has unused bits, signed as it stands."""
    text = json.dumps(HEADER).encode()
    while len(text) % 3 == 0:
        text += b" "
    front = f"{last_bits_set(b64(text))}.{BODY}"
    return f"{front}.{b64(hmac.digest(bytes(KEY), front.encode(), 'sha256'))}"


FORGED = {
    # no signature, another algorithm
    "alg none": unsigned(header(alg="none")),
    "alg None with our signature": signed(header(alg="None"), CLAIMS),
    "alg nOnE without kid": unsigned({"alg": "nOnE", "typ": "at+jwt"}),
    "alg empty": signed(header(alg=""), CLAIMS),
    "alg null": signed(header(alg=None), CLAIMS),
    "alg list": signed(header(alg=["HS256"]), CLAIMS),
    "alg lower case": signed(header(alg="hs256"), CLAIMS),
    "alg HS384": signed(header(alg="HS384"), CLAIMS, digest="sha384"),
    "alg HS512": signed(header(alg="HS512"), CLAIMS, digest="sha512"),
    "alg HS512 cut to 32 bytes": signed(header(alg="HS512"), CLAIMS),
    "alg RS256": jwt.encode(CLAIMS, RSA, "RS256", headers={"typ": "at+jwt", "kid": "2"}),
    "alg missing": signed({"kid": "2", "typ": "at+jwt"}, CLAIMS),
    "signature empty": f"{FRONT}.{BODY}.",
    "signature missing": f"{FRONT}.{BODY}",
    "signature of zeros": f"{FRONT}.{BODY}.{b64(bytes(32))}",
    "signature cut": f"{FRONT}.{BODY}.{SIGNATURE[:-4]}",
    "signature lower case": f"{FRONT}.{BODY}.{SIGNATURE.lower()}",
    "signature over the payload alone": f"{FRONT}.{BODY}."
    + b64(hmac.digest(bytes(KEY), BODY.encode(), "sha256")),
    # another key
    "unknown key": signed(HEADER, CLAIMS, key=b"x" * 32),
    "empty key": signed(HEADER, CLAIMS, key=b""),
    "public Ed25519 key as HMAC key": signed(HEADER, CLAIMS, key=ED25519_RAW),
    "the old key under the new number": signed(HEADER, CLAIMS, key=OLD),
    "the new key under the old number": signed(header(kid="1"), CLAIMS),
    # kid
    "kid unknown": signed(header(kid="3"), CLAIMS),
    "kid missing": signed({"alg": "HS256", "typ": "at+jwt"}, CLAIMS),
    "kid number": signed(header(kid=2), CLAIMS),
    "kid list": signed(header(kid=["2"]), CLAIMS),
    "kid null": signed(header(kid=None), CLAIMS),
    "kid true": signed(header(kid=True), CLAIMS),
    "kid empty": signed(header(kid=""), CLAIMS),
    "kid with zero": signed(header(kid="02"), CLAIMS),
    "kid with blank": signed(header(kid="2 "), CLAIMS),
    "kid full-width": signed(header(kid="２"), CLAIMS),
    "kid path": signed(header(kid="../../dev/null"), CLAIMS, key=b""),
    "kid SQL": signed(header(kid="2' OR '1'='1"), CLAIMS),
    # header
    "typ JWT": signed(header(typ="JWT"), CLAIMS),
    "typ capitals": signed(header(typ="AT+JWT"), CLAIMS),
    "typ long": signed(header(typ="application/at+jwt"), CLAIMS),
    "typ missing": signed({"alg": "HS256", "kid": "2"}, CLAIMS),
    "jwk": signed(header(jwk={"kty": "oct", "k": b64(b"x" * 32)}), CLAIMS, key=b"x" * 32),
    "jku": signed(header(jku="https://evil.example/keys"), CLAIMS),
    "x5u": signed(header(x5u="https://evil.example/cert"), CLAIMS),
    "x5c": signed(header(x5c=["AA"]), CLAIMS),
    "crit": signed(header(crit=["exp"], exp=1), CLAIMS),
    "b64 false": signed(header(b64=False, crit=["b64"]), CLAIMS),
    "cty": signed(header(cty="JWT"), CLAIMS),
    "zip": signed(header(zip="DEF"), CLAIMS),
    "doubled alg": signed(b'{"alg":"none","alg":"HS256","kid":"2","typ":"at+jwt"}', CLAIMS),
    "header list": signed([HEADER], CLAIMS),
    "header text": signed(b'"HS256"', CLAIMS),
    "header no JSON": signed(b"{alg:HS256}", CLAIMS),
    "header UTF-16": signed(json.dumps(HEADER).encode("utf-16"), CLAIMS),
    "header with BOM": signed(b"\xef\xbb\xbf" + json.dumps(HEADER).encode(), CLAIMS),
    "header nested": signed(b"[" * 900 + b"]" * 900, CLAIMS),
    # audience, issuer
    "audience of another": signed(HEADER, claims(aud="evidence-web")),
    "audience list": signed(HEADER, claims(aud=["evidence-api"])),
    "audience list of two": signed(HEADER, claims(aud=["evidence-api", "other"])),
    "audience part": signed(HEADER, claims(aud="evidence")),
    "audience empty": signed(HEADER, claims(aud="")),
    "audience null": signed(HEADER, claims(aud=None)),
    "audience with blank": signed(HEADER, claims(aud="evidence-api ")),
    "issuer of another": signed(HEADER, claims(iss="other")),
    "issuer part": signed(HEADER, claims(iss="evidence")),
    "issuer list": signed(HEADER, claims(iss=["evidence.yunhe"])),
    "issuer and audience swapped": signed(HEADER, claims(iss="evidence-api", aud="evidence.yunhe")),
    # times
    "expired": signed(HEADER, claims(exp=SECONDS, iat=SECONDS - 600, nbf=SECONDS - 600)),
    "expired long ago": signed(HEADER, claims(exp=1, iat=0, nbf=0)),
    "issued in the future": signed(HEADER, claims(iat=SECONDS + 1, exp=SECONDS + 600)),
    "not before the future": signed(HEADER, claims(nbf=SECONDS + 1)),
    "too long": signed(HEADER, claims(exp=SECONDS + 601)),
    "exp before iat": signed(HEADER, claims(iat=SECONDS, exp=SECONDS - 1)),
    "exp text": signed(HEADER, claims(exp=str(SECONDS + 600))),
    "exp float": signed(HEADER, claims(exp=SECONDS + 600.0)),
    "exp exponent": signed(HEADER, raw(f'"exp": {SECONDS + 600}', '"exp": 1e30')),
    "exp of 10^30": signed(HEADER, claims(exp=10**30)),
    "exp and iat of 10^30": signed(HEADER, claims(exp=10**30, iat=10**30 - 600)),
    "exp of 5000 digits": signed(HEADER, raw(f'"exp": {SECONDS + 600}', '"exp": ' + "9" * 1300)),
    "exp NaN": signed(HEADER, raw(f'"exp": {SECONDS + 600}', '"exp": NaN')),
    "exp Infinity": signed(HEADER, raw(f'"exp": {SECONDS + 600}', '"exp": Infinity')),
    "exp null": signed(HEADER, claims(exp=None)),
    "exp true": signed(HEADER, claims(exp=True)),
    "exp list": signed(HEADER, claims(exp=[SECONDS + 600])),
    "exp negative": signed(HEADER, claims(exp=-1)),
    "iat text": signed(HEADER, claims(iat=str(SECONDS))),
    "iat true": signed(HEADER, claims(iat=True)),
    "iat negative": signed(HEADER, claims(iat=-5)),
    "nbf float": signed(HEADER, claims(nbf=float(SECONDS))),
    "nbf false": signed(HEADER, claims(nbf=False)),
    # other claims
    "sub empty": signed(HEADER, claims(sub="")),
    "sub number": signed(HEADER, claims(sub=7)),
    "sub of another session": signed(HEADER, claims(sub="0" * 64)),
    "sub capitals": signed(HEADER, claims(sub=SID.upper(), sid=SID.upper())),
    "sid empty": signed(HEADER, claims(sid="")),
    "sid list": signed(HEADER, claims(sid=[SID])),
    "sid with line end": signed(HEADER, claims(sub=SID + "\n", sid=SID + "\n")),
    "jti empty": signed(HEADER, claims(jti="")),
    "jti number": signed(HEADER, claims(jti=1)),
    "doubled claim": signed(HEADER, raw('"aud"', f'"exp": {SECONDS + 600}, "aud"')),
    "doubled sub, the last ours": signed(HEADER, raw('"sub"', '"sub": "admin", "sub"')),
    "a claim too many": signed(HEADER, claims(role="administrator")),
    "nested claims": signed(HEADER, {"claims": CLAIMS}),
    "claims as list": signed(HEADER, [CLAIMS]),
    "claims empty": signed(HEADER, {}),
    "claims as text": signed(HEADER, b'"claims"'),
    "claims no UTF-8": signed(HEADER, b'{"sub": "\xff"}'),
    "claims UTF-16": signed(HEADER, json.dumps(CLAIMS).encode("utf-16")),
    "claims UTF-32": signed(HEADER, json.dumps(CLAIMS, separators=(",", ":")).encode("utf-32-le")),
    **{f"without {name}": signed(HEADER, without(name)) for name in CLAIMS},
    # form
    "empty": "",
    "dots": "..",
    "one part": FRONT,
    "four parts": f"{GOOD}.{SIGNATURE}",
    "five parts as in JWE": "a.b.c.d.e",
    "trailing =": f"{GOOD}=",
    "padded payload": f"{FRONT}.{BODY}=.{SIGNATURE}",
    "trailing blank": f"{GOOD} ",
    "leading blank": f" {GOOD}",
    "trailing line end": f"{GOOD}\n",
    "blank inside": f"{FRONT}. {BODY}.{SIGNATURE}",
    "with Bearer": f"Bearer {GOOD}",
    "NUL at the end": f"{GOOD}\0",
    "standard base64": GOOD.replace("-", "+").replace("_", "/") + "+",
    "payload changed": f"{FRONT}.{b64(json.dumps(claims(sid='0' * 64)).encode())}.{SIGNATURE}",
    "signature not canonical": f"{FRONT}.{BODY}.{last_bits_set(SIGNATURE)}",
    "header not canonical": loose_header(),
    "lower case": GOOD.lower(),
    "full-width dot": f"{FRONT}．{BODY}.{SIGNATURE}",
    "over 2,048 bytes": signed(HEADER, json.dumps(CLAIMS).encode() + b" " * 2000),
    "a surrogate": f"{GOOD}\ud800",
}


def test_the_token_all_forgeries_are_made_of_is_good():
    assert TOKENS.read(GOOD, NOW).sid == SID


def test_there_are_sixty_forgeries_and_more():
    assert len(FORGED) >= 100
    assert len(set(FORGED.values())) == len(FORGED)


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_or_bent_token_is_refused(name):
    with pytest.raises(NotSignedIn):
        TOKENS.read(FORGED[name], NOW)


@settings(deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.characters())
def test_no_single_character_can_be_changed(place, character):
    if GOOD[place] == character:
        return
    with pytest.raises(NotSignedIn):
        TOKENS.read(GOOD[:place] + character + GOOD[place + 1 :], NOW)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_refused_by_the_one_error(text):
    with pytest.raises(NotSignedIn):
        TOKENS.read(text, NOW)
