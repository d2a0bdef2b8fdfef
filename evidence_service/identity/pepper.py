"""Keyed hashes of what people type: HMAC-SHA-256 under sub-keys of the pepper (SECURITY 5).

Without the keyring a stolen database answers no guess, though ID numbers and codes are short. The
pepper's number stands in front, so a newer pepper does not hide what was keyed with an older one.
"""

import hmac

from evidence_service.keys import Keyring

ID_NUMBERS = "id-numbers"
SIGN_IN_NAMES = "sign-in-names"
VOUCHER_CODES = "voucher-codes"
THROTTLES = "throttles"


def key_now(keyring: Keyring, use: str, text: str) -> str:
    """Give the keyed hash of `text` under the current pepper, as `number:hex`."""
    return _key(keyring, use, text, keyring.pepper.current)


def keys_ever(keyring: Keyring, use: str, text: str) -> list[str]:
    """Give its keyed hashes under every pepper in the ring, to look it up by."""
    return [_key(keyring, use, text, number) for number in keyring.pepper.keys]


def code_key(keyring: Keyring, number: int, reference: str, code: str) -> bytes:
    """Give the 32 bytes that stand for a voucher's code; a code is worth nothing beside another.

    Raises:
        KeyError: the pepper with this number is no longer in the ring.
    """
    sub_key = keyring.pepper[number].derive(VOUCHER_CODES)
    return hmac.digest(sub_key, f"{reference}:{code}".encode("utf-8", "surrogatepass"), "sha256")


def _key(keyring: Keyring, use: str, text: str, number: int) -> str:
    sub_key = keyring.pepper[number].derive(use)
    # A lone surrogate must be an unknown name, not a fault that looks different from one.
    digest = hmac.digest(sub_key, text.encode("utf-8", "surrogatepass"), "sha256")
    return f"{number}:{digest.hex()}"
