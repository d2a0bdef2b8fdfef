"""Landlock by its three system calls: a child that can reach no path, no port, no other process.

The ruleset handles every right that the kernel knows and allows none (landlock(7)). Kernels
before 5.13 have no Landlock: then the other parts of the fence stand alone.
"""

import ctypes
import os

CREATE_RULESET, RESTRICT_SELF = 444, 446  # the same numbers on every architecture
ASK_VERSION = 1
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}  # rights by version of the interface, as counts of bits
NET_SINCE, SCOPE_SINCE = 4, 6
BIND_AND_CONNECT = 0b11
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def version() -> int:
    """Give the version of the kernel's interface; 0 where there is none."""
    return max(0, int(_libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION)))


def forbid_everything() -> bool:
    """Close all that Landlock can close, for good; False where the kernel has none.

    Raises:
        OSError: the kernel has it and refused.
    """
    found = version()
    if not found:
        return False
    bits = max(count for since, count in FILE_RIGHTS.items() if since <= found)
    rules = _Ruleset(
        (1 << bits) - 1,
        BIND_AND_CONNECT if found >= NET_SINCE else 0,
        ABSTRACT_SOCKETS_AND_SIGNALS if found >= SCOPE_SINCE else 0,
    )
    size = 24 if found >= SCOPE_SINCE else 16 if found >= NET_SINCE else 8
    ruleset = _call(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    try:
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def _call(number: int, *arguments: object) -> int:
    answer = int(_libc.syscall(number, *arguments))
    if answer < 0:
        fault = ctypes.get_errno()
        raise OSError(fault, os.strerror(fault))
    return answer
