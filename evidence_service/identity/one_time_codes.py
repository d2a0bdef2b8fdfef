"""One-time codes of staff (RFC 6238: 30 seconds, 6 digits, SHA-1 as authenticators expect).

SEC-ID-4: `[0-9]{6}` first, because pyotp takes full-width digits; one step back is allowed; a step
is used once, because pyotp accepts replays (PEER-FAULTS 43). Seeds are sealed with AES-256-GCM,
bound to their account, so a seed copied into another row does not open.
"""

import base64
import hmac
import re
import secrets
from datetime import UTC, datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evidence_service.errors import Altered, NotSignedIn
from evidence_service.keys import Keyring

SEED_BYTES = 20  # RFC 4226, 4: 160 bits recommended
STEPS_BACK = 1
STEP_SECONDS = 30

_USE = "otp-seeds"
_NUMBER_BYTES, _NONCE_BYTES = 4, 12
_CODE = re.compile(r"[0-9]{6}")


def make_seed() -> bytes:
    """Give a fresh seed."""
    return secrets.token_bytes(SEED_BYTES)


def seal(keyring: Keyring, seed: bytes, owner: str) -> bytes:
    """Seal a seed for its owner's row (`owner` is the `per_…`): key number, nonce, cipher text."""
    number = keyring.key_encryption.current
    nonce = secrets.token_bytes(_NONCE_BYTES)
    front = number.to_bytes(_NUMBER_BYTES)
    key = AESGCM(keyring.key_encryption[number].derive(_USE))
    return front + nonce + key.encrypt(nonce, seed, _bound_to(front, owner))


def open_seed(keyring: Keyring, sealed: bytes, owner: str) -> bytes:
    """Open a sealed seed.

    Raises:
        Altered: it is not what was sealed for this owner, or its key is not in the ring.
    """
    front, rest = sealed[:_NUMBER_BYTES], sealed[_NUMBER_BYTES:]
    try:
        key = AESGCM(keyring.key_encryption[int.from_bytes(front)].derive(_USE))
        nonce, text = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        return key.decrypt(nonce, text, _bound_to(front, owner))
    except (InvalidTag, KeyError, ValueError) as cause:
        raise Altered("a one-time-code seed does not open") from cause


def verify(seed: bytes, code: str, now: datetime, last_step: int) -> int:
    """Give the step (30 seconds since 1970) whose code this is; later than the last one used.

    Raises:
        NotSignedIn: another code, another form, too old, from the future, or used already.
    """
    if _CODE.fullmatch(code) is None:
        raise NotSignedIn("the one-time code is not right")
    otp = pyotp.TOTP(base64.b32encode(seed).decode())
    present = otp.timecode(now)
    # The older step first: who types the old code must not use up the new one.
    steps = range(present - STEPS_BACK, present + 1)
    right = [step for step in steps if hmac.compare_digest(otp.generate_otp(step), code)]
    fresh = [step for step in right if step > last_step]
    if not fresh:
        raise NotSignedIn("the one-time code is not right")
    return fresh[0]


def next_code(seed: bytes, now: datetime, last_step: int) -> tuple[str, datetime, datetime]:
    """Give the first code that `verify` takes from now on, and from and until when it does.

    For demonstrations: elsewhere only the person's own device makes codes.
    """
    otp = pyotp.TOTP(base64.b32encode(seed).decode())
    step = max(otp.timecode(now), last_step + 1)
    first = datetime.fromtimestamp(step * STEP_SECONDS, UTC)
    last = datetime.fromtimestamp((step + 1 + STEPS_BACK) * STEP_SECONDS, UTC)
    return otp.generate_otp(step), first, last


def provisioning_uri(seed: bytes, *, name: str, issuer: str) -> str:
    """Give the `otpauth:` address that an authenticator app takes. It holds the seed."""
    secret = base64.b32encode(seed).decode()
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def _bound_to(front: bytes, owner: str) -> bytes:
    return front + _USE.encode() + b"\0" + owner.encode()
