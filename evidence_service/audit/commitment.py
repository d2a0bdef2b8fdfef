"""Salted commitments: an entry proves a text unaltered while the text exists (LOG-FORMATS 1).

SHA-256(prefix ‖ salt ‖ UTF-8 text), with 32 random bytes of salt. Salt and text lie in an erasable
table; erased, the hash says nothing.
"""

import hashlib
import hmac

from evidence_service.audit.faults import EntryInvalid

PREFIX = b"evidence-log/commitment/v1\n"
SALT_BYTES = 32


def commit(salt: bytes, text: str) -> str:
    """Give the commitment to a text, 64 lower-case hex digits.

    Args:
        salt: 32 random bytes from the operating system, never used twice.
        text: any text; as is, never normalised.

    Raises:
        EntryInvalid: the salt is not 32 bytes, or the text has no UTF-8 form.
    """
    if len(salt) != SALT_BYTES:
        raise EntryInvalid("salt_length")
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as fault:
        raise EntryInvalid("lone_surrogate") from fault
    return hashlib.sha256(PREFIX + salt + data).hexdigest()


def opens(commitment: str, salt: bytes, text: str) -> bool:
    """Say whether salt and text are those that were committed to.

    Raises:
        EntryInvalid: the salt is not 32 bytes, or the text has no UTF-8 form.
    """
    return hmac.compare_digest(commit(salt, text).encode(), commitment.encode("utf-8", "replace"))
