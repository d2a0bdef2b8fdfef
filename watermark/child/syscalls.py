"""Which system calls are left to a child: enough to draw, and nothing that reaches outside.

SEC-CAGE-4 has the list as it was tried. Any other call ends the process at once.
"""

import errno
import mmap

import pyseccomp

ALLOWED = (
    "read",
    "readv",  # straight into the place that waits for it
    "write",
    "close",
    "fstat",
    "lseek",
    "munmap",
    "brk",
    "mremap",
    "madvise",
    "rt_sigreturn",
    "futex",
    "sched_yield",
    "clock_gettime",
    "getrandom",
    "poll",
    "exit",
    "exit_group",
)
NOT_EXECUTABLE = ("mmap", "mprotect")
PROTECTION = 2  # the argument's place in both


def forbid_the_rest() -> None:
    """Leave only the allowed calls to this process, for good.

    Raises:
        OSError: the kernel refused the filter.
    """
    rules = pyseccomp.SyscallFilter(pyseccomp.KILL_PROCESS)
    for name in ALLOWED:
        rules.add_rule(pyseccomp.ALLOW, name)
    plain = pyseccomp.Arg(PROTECTION, pyseccomp.MASKED_EQ, mmap.PROT_EXEC, 0)
    for name in NOT_EXECUTABLE:
        rules.add_rule(pyseccomp.ALLOW, name, plain)
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "mbind")  # OpenBLAS asks, and does without
    rules.load()
