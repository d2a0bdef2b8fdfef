"""The fork server: one thread, all libraries loaded, no secret, forks a child on request.

It is a fresh program with an environment of its own, so it never held a secret of the parent.
Our own instead of `multiprocessing`'s, because that one swallows a failed preload, imports the
parent's `__main__` again in every child, hands it the parent's authentication key and pickles,
and cannot be used by a worker that was forked after it was started.

Requests come over one socket: sixteen bytes of limits and two pipe ends. The answer is a pidfd,
which names the child also after its number was given to another process.
"""

import contextlib
import gc
import json
import os
import socket
import sys

from watermark.child import fence, tasks, warm
from watermark.wire import FORK_BYTES, fork_limits


def main(descriptor: int) -> None:
    """Serve fork requests until the parent closes its end."""
    channel = socket.socket(fileno=descriptor)
    channel.send(json.dumps({"ready": warm.warm_up()}).encode())
    gc.collect()
    gc.freeze()  # collected objects would be copied page by page in every child
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(channel, FORK_BYTES, 2)
        if len(request) != FORK_BYTES:
            sys.exit(0)
        _fork(channel, request, descriptors)


def _fork(channel: socket.socket, request: bytes, descriptors: list[int]) -> None:
    """Fork one child onto the two pipe ends and answer with its pidfd."""
    parent_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        _live(request, (descriptors[0], descriptors[1]), parent_pid)
    for descriptor in descriptors:
        os.close(descriptor)
    pidfd = os.pidfd_open(pid)  # before anybody reaps it, so the number is still its own
    socket.send_fds(channel, [b"forked"], [pidfd])
    os.close(pidfd)
    _reap()


def _live(request: bytes, pipes: tuple[int, int], parent_pid: int) -> None:
    """Be the child: raise the fence, do one job, end."""
    try:
        fence.enclose(pipes, *fork_limits(request), parent_pid)
        tasks.serve_one(*pipes)
    finally:
        os._exit(0)


def _reap() -> None:
    """Let the kernel forget children that ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
