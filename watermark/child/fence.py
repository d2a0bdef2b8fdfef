"""The fence a child raises around itself before it reads a hostile byte.

Order matters (SEC-CAGE-3): descriptors and process flags first; Landlock needs a descriptor, which
the limits forbid; the filter of system calls comes last, for it would end every step before.
"""

import ctypes
import os
import resource
import signal

from watermark.child import landlock, syscalls

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
NICENESS = 5

_libc = ctypes.CDLL(None, use_errno=True)


def enclose(kept: tuple[int, int], memory_bytes: int, cpu_seconds: int, parent_pid: int) -> None:
    """Give up whatever one document does not need. Ends the process if a step fails."""
    os.nice(NICENESS)
    close_all_but(kept)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_DUMPABLE, 0)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before the signal was asked for
        os._exit(1)
    landlock.forbid_everything()
    limit_resources(memory_bytes, cpu_seconds)
    syscalls.forbid_the_rest()


def close_all_but(kept: tuple[int, int]) -> None:
    """Close every descriptor except the two pipes, standard ones too."""
    low, high = sorted(kept)
    os.closerange(0, low)
    os.closerange(low + 1, high)
    os.closerange(high + 1, 1 << 20)


def limit_resources(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound memory and processor time; allow no file, process, core dump or locked memory."""
    for which, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(which, (most, most))


def _prctl(option: int, value: int) -> None:
    """Call prctl(2); a child that cannot raise its fence ends here."""
    if _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        os._exit(1)
