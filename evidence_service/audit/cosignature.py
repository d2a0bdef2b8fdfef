r"""A witness's word on a checkpoint: C2SP tlog-cosignature, `cosignature/v1`, Ed25519.

Signed is `cosignature/v1\ntime <POSIX seconds>\n` and the checkpoint's body. After the key id the
line holds time (8 bytes, big-endian) ‖ signature (64). A time of 0, from 2^63 on, or more than
300 s ahead is refused.
"""

from dataclasses import dataclass
from datetime import datetime

from evidence_service.audit.faults import NoteInvalid
from evidence_service.audit.note import Signature
from evidence_service.audit.vkeys import SIGNATURE_BYTES, KeyType, Signer, Vkey

AHEAD_SECONDS = 300

_TIME_BYTES = 8
_END_OF_TIME = 2**63


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified cosignature: by whom, and the POSIX second that the witness's clock showed."""

    witness: str
    time_seconds: int


def message_of(body: bytes, time_seconds: int) -> bytes:
    """Give the bytes that a witness signs for a checkpoint's body."""
    return b"cosignature/v1\ntime %d\n" % time_seconds + body


def cosign(body: bytes, signer: Signer, now: datetime) -> Signature:
    """Cosign a checkpoint's body.

    Raises:
        NoteInvalid: the key is no witness's, or the clock shows no time that can be signed.
    """
    if signer.vkey.type is not KeyType.WITNESS:
        raise NoteInvalid("key_type", signer.vkey.name)
    seconds = int(now.timestamp())
    if not 0 < seconds < _END_OF_TIME:
        raise NoteInvalid("clock")
    signature = signer.sign(message_of(body, seconds))
    return Signature(
        signer.vkey.name, signer.vkey.key_id, seconds.to_bytes(_TIME_BYTES, "big") + signature
    )


def verify_cosignature(
    body: bytes, signature: Signature, witness: Vkey, now: datetime
) -> Cosignature:
    """Check a cosignature line of a known witness over a checkpoint's body.

    Raises:
        NoteInvalid: it is malformed, not the witness's, or from the future.
    """
    data = signature.signature
    if (signature.name, signature.key_id) != (witness.name, witness.key_id):
        raise NoteInvalid("bad_cosignature", witness.name)
    if len(data) != _TIME_BYTES + SIGNATURE_BYTES:
        raise NoteInvalid("bad_cosignature", witness.name)
    seconds = int.from_bytes(data[:_TIME_BYTES], "big")
    if not 0 < seconds < _END_OF_TIME:
        raise NoteInvalid("bad_cosignature", witness.name)
    if not witness.verifies(data[_TIME_BYTES:], message_of(body, seconds)):
        raise NoteInvalid("bad_cosignature", witness.name)
    if seconds > now.timestamp() + AHEAD_SECONDS:
        raise NoteInvalid("cosignature_from_the_future", witness.name)
    return Cosignature(witness.name, seconds)
