"""Bearer tokens of the API: JWT, HS256, ten minutes at most (RFC 9068, RFC 8725, SEC-ID-11).

A token proves nothing but "this session was open when I was issued": it names the session by its
hash, and every request reads the session's row (SEC-ID-12). So it holds no name, no role and no
`per_…`, and it cannot be used as a browser's cookie.

PyJWT verifies the signature, the issuer and the audience. What it takes too kindly (a trailing
`=`, any `typ`, doubled claims, `exp` as text) is refused here, before and after. The three times
are checked here as well: PyJWT compares them with the wall clock, and we are told what time it is.
"""

import base64
import json
import re
import secrets
from datetime import datetime
from typing import Any

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evidence_service.errors import NotSignedIn
from evidence_service.keys import Key, Numbered

TTL_SECONDS = 600
TOKEN_MAX_BYTES = 2048

_ALGORITHM = "HS256"
_TYPE = "at+jwt"
_REQUIRED = ["exp", "iat", "nbf", "sub", "sid", "jti", "aud", "iss"]
_FORM = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})")
_LATEST = 2**40  # seconds; far beyond any date, and 10^30 is no date
_SESSION = r"^[0-9a-f]{64}$"


class Claims(BaseModel):
    """What a good token says. Times are whole seconds since 1970."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        regex_engine="rust-regex",
    )

    exp: int = Field(ge=0, le=_LATEST)
    iat: int = Field(ge=0, le=_LATEST)
    nbf: int = Field(ge=0, le=_LATEST)
    sub: str = Field(pattern=_SESSION)
    sid: str = Field(pattern=_SESSION)
    jti: str = Field(pattern=r"^[A-Za-z0-9_-]{22}$")
    aud: str
    iss: str


class Tokens:
    """Issues tokens under the current key and reads those under any key of the ring."""

    def __init__(self, keys: Numbered, *, issuer: str, audience: str) -> None:
        self._current = str(keys.current)
        self._keys = {str(number): key for number, key in keys.keys.items()}
        self._issuer = issuer
        self._audience = audience

    def issue(
        self, session_reference: str, now: datetime, *, ttl_seconds: int = TTL_SECONDS
    ) -> str:
        """Give a token for a session; `session_reference` comes from `sessions.reference_of`."""
        issued = int(now.timestamp())
        claims = {
            "exp": issued + min(ttl_seconds, TTL_SECONDS),
            "iat": issued,
            "nbf": issued,
            # The subject is the session: a person's own id must not leave in a token.
            "sub": session_reference,
            "sid": session_reference,
            "jti": secrets.token_urlsafe(16),
            "aud": self._audience,
            "iss": self._issuer,
        }
        headers = {"typ": _TYPE, "kid": self._current}
        return jwt.encode(claims, bytes(self._keys[self._current]), _ALGORITHM, headers=headers)

    def read(self, token: str, now: datetime) -> Claims:
        """Give the claims of a token that is ours, whole and in its time.

        Raises:
            NotSignedIn: it is not; nobody is told why.
        """
        try:
            claims = self._read(token)
        except (jwt.InvalidTokenError, ValidationError, ValueError, RecursionError) as cause:
            raise NotSignedIn("the token is not a good one") from cause
        seconds = now.timestamp()
        in_its_time = claims.iat <= seconds and claims.nbf <= seconds < claims.exp
        if not in_its_time or not 0 < claims.exp - claims.iat <= TTL_SECONDS:
            raise NotSignedIn("the token is not a good one")
        return claims

    def _read(self, token: str) -> Claims:
        header, payload = _opened(token)
        jwt.decode(
            token,
            self._key(header),
            algorithms=[_ALGORITHM],
            audience=self._audience,
            issuer=self._issuer,
            options={
                "require": _REQUIRED,
                "strict_aud": True,
                "enforce_minimum_key_length": True,
                "verify_exp": False,  # these three by `read`, against its `now`
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        claims = Claims.model_validate(payload)
        if claims.sub != claims.sid:
            raise ValueError("subject and session differ")
        return claims

    def _key(self, header: dict[str, Any]) -> Key:
        if header.keys() != {"alg", "typ", "kid"}:
            raise ValueError("another header")
        if header["alg"] != _ALGORITHM or header["typ"] != _TYPE:
            raise ValueError("another kind of token")
        kid = header["kid"]
        if not isinstance(kid, str) or kid not in self._keys:
            raise ValueError("no such key")
        return self._keys[kid]


def _opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if len(token) > TOKEN_MAX_BYTES:  # ASCII by the form that follows: characters are bytes
        raise ValueError("too long")
    form = _FORM.fullmatch(token)
    if form is None:
        raise ValueError("another form")
    header, payload, _signature = (_canonical(part) for part in form.groups())
    return _object(header), _object(payload)


def _canonical(part: str) -> bytes:
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise ValueError("not canonical base64url")
    return raw


def _object(raw: bytes) -> dict[str, Any]:
    # Decoded first: json.loads would guess UTF-16 and UTF-32 from bytes.
    found = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_doubles)
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  one kind for all that is wrong
    return found


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
