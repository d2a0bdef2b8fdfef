"""Tells a story over HTTP: each step does something, checks what came, and says so in one line."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

ANSWER_SECONDS = 60
READY_SECONDS = 30
BOUNDARY = "demonstration-of-evidence"  # fixed: the same request has the same bytes


@dataclass(frozen=True)
class SignIn:
    """Name, password and one-time code of somebody of the demonstration."""

    name: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True)
class Places:
    """Folders: of the story's own files, of the installation's data, of its checkpoints."""

    scratch: Path
    data: Path
    checkpoints: Path


class StoryBroken(Exception):
    """A step was not as it should be; says which and how."""


class Teller:
    """Who tells the story: one client, a token for each person, and a voice."""

    def __init__(
        self,
        url: str,
        credentials: Callable[[str], SignIn],
        places: Places,
        *,
        is_told: bool,
    ) -> None:
        """Speak to the service at `url`.

        Args:
            url: where the service listens.
            credentials: gives those of a member of staff, with a fresh code.
            places: the folders of the story.
            is_told: whether each step is printed as a JSON line.
        """
        self.url = url
        self.folder, self.data = places.scratch, places.data
        self._keys = places.checkpoints / "keys"
        self._credentials = credentials
        self._is_told = is_told
        self._tokens: dict[str, str] = {}
        # trust_env: a proxy of the environment cannot reach our own loopback.
        self._http = httpx.Client(base_url=url, timeout=ANSWER_SECONDS, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def step(self, name: str, do: Callable[[], Mapping[str, Any]]) -> None:
        """Do one step, and say how it went.

        Raises:
            StoryBroken: it was not as it should be.
        """
        began = time.monotonic()
        try:
            found = do()
        except (StoryBroken, httpx.HTTPError, KeyError, ValueError, IndexError) as fault:
            problem = f"{type(fault).__name__}: {fault}"
            self._say({"step": name, "ok": False, "problem": problem})
            raise StoryBroken(f"{name}: {problem}") from fault
        milliseconds = round((time.monotonic() - began) * 1000)
        self._say({"step": name, "ok": True, "milliseconds": milliseconds, **found})

    def wait_until_ready(self) -> Mapping[str, Any]:
        """Wait until the service says that it keeps its promises.

        Raises:
            StoryBroken: it did not within its time.
        """
        deadline = time.monotonic() + READY_SECONDS
        while True:
            answer = self._http.get("/readyz")
            if answer.status_code == HTTPStatus.OK:
                return {"url": self.url}
            if time.monotonic() > deadline:
                raise StoryBroken(f"not ready: {answer.text[:300]}")
            time.sleep(0.1)

    def sign_in(self, who: SignIn) -> str:
        """Sign somebody in, and give the role the service knows them in."""
        body = {"name": who.name, "password": who.password, "code": who.code}
        answer = self._http.post("/api/v1/sessions", json=body)
        expect(answer, HTTPStatus.OK, HTTPStatus.CREATED)
        self._tokens[who.name] = answer.json()["token"]
        return str(answer.json()["role"])

    def sign_in_staff(self, name: str) -> str:
        """Sign a member of staff in with a one-time code."""
        return self.sign_in(self._credentials(name))

    def keys_text(self) -> str:
        """Give the keys file that lies with the checkpoints: this machine's own copy."""
        return self._keys.read_text()

    def token_of(self, who: str) -> str:
        """Give the token of somebody who is signed in."""
        return self._tokens[who]

    def send(
        self, who: str, method: str, path: str, *, once: str = "", **request: Any
    ) -> httpx.Response:
        """Send a request as somebody; any answer is given.

        Args:
            who: the sign-in name; empty for a stranger without an account.
            method: the HTTP method.
            path: below `/api/v1`.
            once: an idempotency key's name: an interrupted story can be begun again.
            request: what httpx takes.
        """
        headers = dict(request.pop("headers", {}))
        if who:
            headers["Authorization"] = f"Bearer {self._tokens[who]}"
        if once:
            headers["Idempotency-Key"] = f"demonstration-{once}"
        if "files" in request:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        return self._http.request(method, f"/api/v1{path}", headers=headers, **request)

    def get(self, who: str, path: str, **request: Any) -> Any:
        """Get JSON that must be there."""
        return expect(self.send(who, "GET", path, **request), HTTPStatus.OK).json()

    def post(self, who: str, path: str, *, once: str = "", **request: Any) -> Any:
        """Do something that must succeed, once however often it is told; give its answer."""
        answer = self.send(who, "POST", path, once=once or secrets.token_hex(8), **request)
        return expect(answer, HTTPStatus.OK, HTTPStatus.CREATED).json()

    def _say(self, line: Mapping[str, Any]) -> None:
        if self._is_told:
            print(json.dumps(line, ensure_ascii=False), flush=True)


def expect(answer: httpx.Response, *statuses: int) -> httpx.Response:
    """Give the answer back if it has one of these statuses.

    Raises:
        StoryBroken: it has another; says which, and what the service said.
    """
    if answer.status_code not in statuses:
        path = answer.request.url.path
        raise StoryBroken(f"{answer.request.method} {path}: {answer.status_code} {answer.text}")
    return answer


def check(is_so: bool, what: str) -> None:
    """Go on only if something is so.

    Raises:
        StoryBroken: it is not.
    """
    if not is_so:
        raise StoryBroken(what)
