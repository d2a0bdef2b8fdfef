"""Base64 as the log writes it: standard alphabet, padded, unused bits zero (LOG-FORMATS 3).

Decoders forgive; encoding again does not.
"""

import base64
import binascii

from evidence_service.audit.faults import LogFault


def encode(data: bytes) -> str:
    """Give the base64 of some bytes."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str, *, raises: type[LogFault]) -> bytes:
    """Read base64 that is written the one way.

    Raises:
        LogFault: of the type given in `raises`; it is not.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as fault:
        raise raises("base64") from fault
    if encode(data) != text:
        raise raises("base64")
    return data
