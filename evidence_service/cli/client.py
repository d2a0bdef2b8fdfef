"""The command line as a client of the service: signs in, asks, and understands problems.

A token lasts ten minutes; a long upload takes the session's next one in time, and signs in again
when it is told 401 all the same.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from evidence_service.cli.output import Exit, Stop

ANSWER_SECONDS = 120  # a first look into many pages takes its time
CONNECT_SECONDS = 5
FRESHEN_SECONDS = 300


@dataclass(frozen=True)
class Credentials:
    """Name, password and, for staff, a one-time code."""

    name: str
    password: str
    code: str


Ask = Callable[[], Credentials]
"""Gives credentials, fresh each time it is called: a code works once."""


class Api:
    """The service at one address, for one person."""

    def __init__(self, url: str, *, token: str = "", ask: Ask | None = None) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self._token_at = time.monotonic()
        self._ask = ask
        host = urlsplit(self.url).hostname or ""
        local = _is_this_machine(host)
        if local:
            # A proxy cannot reach this machine's own loopback; the tus client reads this too.
            os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), host]))
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1",
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            headers={"Accept-Language": "en"},
            trust_env=not local,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def headers(self) -> dict[str, str]:
        """What says who is asking."""
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}

    def sign_in(self) -> None:
        """Sign in, or again.

        Raises:
            Stop: it cannot be done, or was refused.
        """
        if self._ask is None:
            raise Stop(
                "not signed in, or not any more: give a fresh --token, or --sign-in NAME; "
                "the same command goes on where it was"
            )
        given = self._ask()
        answer = self._send(
            "POST",
            "/sessions",
            json={"name": given.name, "password": given.password, "code": given.code},
        )
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            raise Stop("name, password and code do not fit together")
        self.token = understood(answer)["token"]
        self._token_at = time.monotonic()

    def freshen(self) -> bool:
        """Take the session's next token when half of this one's time is over; say if it was."""
        if time.monotonic() - self._token_at < FRESHEN_SECONDS:
            return False
        self._token_at = time.monotonic()
        answer = self._send("POST", "/sessions/current/token", headers=self.headers)
        if answer.is_success:
            self.token = answer.json()["token"]
        return answer.is_success  # otherwise the next 401 asks for a new sign-in

    def ask(self, method: str, path: str, **request: Any) -> Any:
        """Send a request, signing in (again) when it is asked for, and give the JSON answer.

        Raises:
            Stop: refused, or no answer; says why.
        """
        return understood(self.answer(method, path, **request))

    def answer(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request, signing in (again) when it is asked for; any answer is given.

        Raises:
            Stop: there was no answer.
        """
        if not self.token:
            self.sign_in()
        extra = request.pop("headers", {})
        answer = self._send(method, path, headers=self.headers | extra, **request)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self.sign_in()
            answer = self._send(method, path, headers=self.headers | extra, **request)
        return answer

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **request)
        except httpx.HTTPError as fault:
            raise Stop(
                f"{self.url} does not answer ({type(fault).__name__}); the same command goes on",
                Exit.TRY_AGAIN,
            ) from fault


def understood(answer: httpx.Response) -> Any:
    """Give an answer's JSON.

    Raises:
        Stop: it is a problem; says it in the service's own words.
    """
    if answer.is_success:
        return answer.json() if answer.content else {}
    code = Exit.TRY_AGAIN if is_passing(answer.status_code) else Exit.NO
    raise Stop(problem_in_words(answer.status_code, answer.content), code)


def problem_in_words(status: int | None, body: bytes | str | None) -> str:
    """Write a problem (RFC 9457) as one line: what, which, and what to do next."""
    try:
        problem: Mapping[str, Any] = httpx.Response(200, content=body or b"{}").json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict) or not problem.get("title"):
        return f"the service answered {status}" if status else "the service does not answer"
    words = [str(problem["title"])]
    words += [_flat(problem[name]) for name in ("detail", "next") if problem.get(name)]
    return " - ".join(dict.fromkeys(words))


def is_passing(status: int | None) -> bool:
    """Say whether trying again may help."""
    too_many = HTTPStatus.TOO_MANY_REQUESTS
    return status is None or status == too_many or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _flat(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_flat(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_flat(each)}" for name, each in value.items())
    return str(value)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
