"""`evidence serve`: the service itself, in one process (the embedded database has one writer)."""

import os
import socket
from pathlib import Path

import click

from evidence_service.cli import place
from evidence_service.cli.output import Exit, Stop
from evidence_service.cli.running import DEFAULT_PORT
from evidence_service.wsgi import Listening, Service

DEFAULT_THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 takes any free one, and the banner names it.",
)
@click.option(
    "--threads",
    default=DEFAULT_THREADS,
    show_default=True,
    type=click.IntRange(1, 256),
    help="How many requests are served at once.",
)
@place.data_option
def serve(host: str, port: int, threads: int, data: Path | None) -> int:
    """Serve, until SIGTERM or Ctrl-C; requests that run may end.

    Refuses to start rather than break a promise: exit code 2 for settings and keys, 3 for the log
    and everything else. A proxy with TLS belongs in front.
    """
    settings = place.settings(data)
    os.umask(0o077)
    opened = listen(host, port)
    address = f"http://{_shown(host)}:{opened.getsockname()[1]}"
    return Service(settings, Listening(opened, address, threads)).serve()


def listen(host: str, port: int) -> socket.socket:
    """Open the socket, so that a port that is taken is told at once.

    Raises:
        Stop: the address cannot be used.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as fault:
        # Python's own text repeats the address.
        why = os.strerror(fault.errno) if fault.errno and fault.errno > 0 else str(fault)
        raise Stop(f"cannot listen on {host} port {port}: {why}", Exit.TRY_AGAIN) from fault


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
