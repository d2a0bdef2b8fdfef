"""How parent and child talk: a length in four bytes, then JSON; then raw bytes of known length.

The child is taken for the attacker's: nothing it sends is ever unpickled, every length is bounded
before it is believed, and `watermark.answers` checks every value.
"""

import json
from typing import Any

LENGTH_BYTES = 4
HEADER_MAX_BYTES = 64 * 1024
ANSWER_MAX_BYTES = 1024 * 1024
HELLO_MAX_BYTES = 4096
FORK_BYTES = 16  # two unsigned 64-bit numbers: address space in bytes, seconds of processor


def framed(message: dict[str, Any]) -> bytes:
    """Return the message as JSON with its length in front."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def fork_request(memory_bytes: int, cpu_seconds: int) -> bytes:
    """Return the request for one child under these limits."""
    return memory_bytes.to_bytes(8, "big") + cpu_seconds.to_bytes(8, "big")


def fork_limits(request: bytes) -> tuple[int, int]:
    """Return address space in bytes and seconds of processor of a request."""
    return int.from_bytes(request[:8], "big"), int.from_bytes(request[8:16], "big")
