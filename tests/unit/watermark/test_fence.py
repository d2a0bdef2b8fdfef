"""A child behind the fence, taken over by its document, gets nowhere (SEC-CAGE-3, -4)."""

import errno
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from watermark.child import landlock

CHILD = """
    import ctypes, mmap, os, signal, socket, sys, threading
    from watermark.child import fence
    libc = ctypes.CDLL(None, use_errno=True)
    reading, writing = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        {before}
        fence.enclose((reading, writing), 1 << 30, 10, parent)
        {tried}
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    sys.exit(abs(os.waitstatus_to_exitcode(status)))
"""

KILLED = {
    "open a file": "os.open('/etc/passwd', os.O_RDONLY)",
    "make a file": "os.open('/tmp/planted', os.O_CREAT | os.O_WRONLY)",
    "look at a file": "os.stat('/etc/passwd')",
    "list a folder": "os.listdir('/')",
    "connect": "socket.socket().connect(('127.0.0.1', 80))",
    "send a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "a Unix socket": "socket.socket(socket.AF_UNIX)",
    "fork": "os.fork()",
    "start a thread": "threading.Thread(target=print).start()",
    "run a program": "os.execv('/bin/true', ['true'])",
    "signal the parent": "os.kill(parent, signal.SIGTERM)",
    "trace the parent": "libc.ptrace(16, parent, 0, 0)",
    "a user namespace": "libc.unshare(0x10000000)",
    "the keyring": "libc.syscall(250, 0, 0, 0, 0, 0)",
    "executable memory": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
    "another user": "os.setuid(12345)",
    "a mode": "os.fchmod(reading, 0o777)",
}
ALLOWED = {
    "memory": "bytearray(50_000_000)",
    "the clock": "__import__('time').clock_gettime(1)",
    "a byte out": "os.write(writing, b'x')",
}


def behind_the_fence(tried, before="pass"):
    """Run a line in a child behind the fence; its signal or its exit code is the program's."""
    text = textwrap.dedent(CHILD).format(before=before, tried=tried)
    command = [sys.executable, "-c", text]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("tried", KILLED.values(), ids=KILLED)
def test_what_reaches_outside_ends_the_child(tried):
    assert behind_the_fence(tried).returncode == signal.SIGSYS


@pytest.mark.parametrize("tried", ALLOWED.values(), ids=ALLOWED)
def test_what_drawing_needs_is_left(tried):
    ran = behind_the_fence(tried)
    assert (ran.returncode, ran.stderr) == (0, "")


# Landlock is not the first to end a child: seen only with the limits and the filter left out.
ALONE = "fence.limit_resources = fence.syscalls.forbid_the_rest = lambda *_: None"


def test_the_fence_has_landlock_where_the_kernel_has_it():
    tried = "os._exit(ctypes.get_errno() if libc.open(b'/etc/passwd', os.O_RDONLY) < 0 else 0)"
    expected = errno.EACCES if landlock.version() else 0
    assert behind_the_fence(tried, before=ALONE).returncode == expected


LANDLOCKED = """
    import ctypes, os, sys
    from watermark.child import landlock
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # no new privileges: the kernel's price for the rest
    assert landlock.forbid_everything()
    try:
        os.open('/etc/passwd', os.O_RDONLY)
    except PermissionError:
        sys.exit(7)
"""


def test_landlock_alone_closes_every_path_where_the_kernel_has_it():
    command = [sys.executable, "-c", textwrap.dedent(LANDLOCKED)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    if landlock.version():
        assert ran.returncode == 7, ran.stderr
    else:
        assert "AssertionError" in ran.stderr
    assert os.access("/etc/passwd", os.R_OK)
