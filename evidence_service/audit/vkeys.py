"""Verifier keys as C2SP signed-note writes them: `name+key id+base64(type ‖ public key)`.

Type 01 is a log's Ed25519 key, type 04 a witness's for `cosignature/v1`. The key id is the first
four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), so one key under two names has two ids.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from evidence_service.audit import base64_strict
from evidence_service.audit.faults import KeysInvalid

PUBLIC_BYTES = 32
KEY_ID_BYTES = 4
SIGNATURE_BYTES = 64

_NAME = re.compile(r"[!-*,-~]{1,200}")
_KEY_ID = re.compile(r"[0-9a-f]{8}")


class KeyType(IntEnum):
    """What a key signs."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True, slots=True)
class Vkey:
    """A public key with its name and use."""

    name: str
    type: KeyType
    public: bytes

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None:
            raise KeysInvalid("key_name", self.name)
        if len(self.public) != PUBLIC_BYTES:
            raise KeysInvalid("key_length", self.name)

    @property
    def key_id(self) -> bytes:
        """Give the four bytes that stand before each signature."""
        data = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return hashlib.sha256(data).digest()[:KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """Write the vkey."""
        key = base64_strict.encode(bytes([self.type]) + self.public)
        return f"{self.name}+{self.key_id.hex()}+{key}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Say whether a signature of 64 bytes over a message is of this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse_vkey(text: str) -> Vkey:
    """Read a vkey, strictly.

    Raises:
        KeysInvalid: it is malformed, of an unknown type, or its id is not that of the key.
    """
    name, _, rest = text.partition("+")
    key_id, _, key = rest.partition("+")
    if _NAME.fullmatch(name) is None or _KEY_ID.fullmatch(key_id) is None:
        raise KeysInvalid("vkey_form", text)
    data = base64_strict.decode(key, raises=KeysInvalid)
    if not data or data[0] not in set(KeyType):
        raise KeysInvalid("key_type", text)
    vkey = Vkey(name, KeyType(data[0]), data[1:])
    if vkey.key_id.hex() != key_id:
        raise KeysInvalid("key_id", text)
    return vkey


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that can sign: its vkey, and what turns a message into a signature of 64 bytes."""

    vkey: Vkey
    sign: Callable[[bytes], bytes]


def signer_from_seed(name: str, key_type: KeyType, seed: bytes) -> Signer:
    """Give the signer of an Ed25519 seed of 32 bytes.

    Raises:
        KeysInvalid: the name or the seed is none.
    """
    try:
        private = Ed25519PrivateKey.from_private_bytes(seed)
    except ValueError as fault:
        raise KeysInvalid("seed_length") from fault
    return Signer(Vkey(name, key_type, private.public_key().public_bytes_raw()), private.sign)
