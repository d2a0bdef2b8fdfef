"""Passwords: argon2id, few at once, and no difference between wrong and unknown.

SEC-ID-1: m 64 MiB, t 3, p 1; two hash at once per process, a short queue, then `Busy`
(PEER-FAULTS 42). SEC-ID-2: 12 to 128 characters after NFC, no rules of composition, zxcvbn score
3 or more with what is known of the person as context. SEC-ID-3: whoever is unknown costs a
verification too.
"""

import base64
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import (
    HashingError,
    InvalidHashError,
    VerificationError,
    VerifyMismatchError,
)
from zxcvbn import zxcvbn
from zxcvbn.matching import RANKED_DICTIONARIES

from evidence_service.errors import Busy, FieldWrong

MIN_CHARACTERS = 12
MAX_CHARACTERS = 128
LEAST_SCORE = 3
MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 1
AT_ONCE = 2
WAITING = 8
WAIT_SECONDS = 3.0

_JUDGED_CHARACTERS = 72  # zxcvbn raises on more
_SALT_BYTES, _HASH_BYTES = 16, 32
_STORED = re.compile(
    r"\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})"
    r"\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}"
)
_SHORTEST_WORD, _SHORTEST_LATIN_WORD = 2, 4  # 林宁 is a name, "li" is in "lily" as well
_OWN_CHARACTERS = 8  # that are not taken from what is known of the person
_CLEARLY_TOO_LONG = 4 * MAX_CHARACTERS  # before NFC, which may shorten
_NEVER = b"\xff"  # no text in UTF-8: stands for what cannot be a password, at the same price

# zxcvbn keeps the context of the last call in a dictionary of its module: one caller at a time.
_zxcvbn_lock = threading.Lock()


class Passwords:
    """Hashes and verifies. One per process: the bound on memory is this object's."""

    def __init__(
        self,
        *,
        min_characters: int = MIN_CHARACTERS,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._min_characters = max(min_characters, MIN_CHARACTERS)
        self._set_costs(MEMORY_KIB, PASSES, LANES)
        self._wait_seconds = wait_seconds
        self._places = threading.BoundedSemaphore(at_once + waiting)
        self._running = threading.BoundedSemaphore(at_once)

    @classmethod
    def insecure_for_tests(
        cls, *, at_once: int = AT_ONCE, waiting: int = WAITING, wait_seconds: float = WAIT_SECONDS
    ) -> "Passwords":
        """Give one whose hashes are cheap to make, and as cheap to break."""
        passwords = cls(at_once=at_once, waiting=waiting, wait_seconds=wait_seconds)
        passwords._set_costs(64, 1, 1)
        return passwords

    def hash(self, password: str, *, about: Sequence[str] = ()) -> str:
        """Check a new password and give what is stored of it.

        Args:
            password: as typed.
            about: what is known of the person: name, ID number, plate, case number.

        Raises:
            FieldWrong: `password` is `too_short`, `too_long`, `too_easy`, or has `characters`
                that are none (lone surrogates).
            Busy: too many hash already.
        """
        normal = _well_formed(password, self._min_characters)
        words = _words(about)
        score = _score(normal[:_JUDGED_CHARACTERS], words, self._wait_seconds)
        if score < LEAST_SCORE or _own_part(normal, words) < _OWN_CHARACTERS:
            raise FieldWrong("password", "too_easy")
        with self._slot():
            try:
                return self._hasher.hash(normal)
            except HashingError as cause:
                raise Busy("a password could not be hashed") from cause

    def verify(self, stored: str | None, password: str) -> bool:
        """Say whether the password is the stored one; always at the price of one verification.

        A stored hash of another kind, or dearer than ours, is never right: computing it would be
        the attack.

        Args:
            stored: the account's hash; None when there is no such account.
            password: as typed.

        Raises:
            Busy: too many hash already, or there is no memory to do it.
        """
        usable = stored if stored is not None and self._is_affordable(stored) else None
        with self._slot():
            try:
                self._hasher.verify(usable or self._nobodys_hash, _typed(password))
            except VerifyMismatchError:
                return False
            except (VerificationError, InvalidHashError) as cause:
                raise Busy("a password could not be checked") from cause  # no memory, as a rule
        return usable is not None

    def _set_costs(self, memory_kib: int, passes: int, lanes: int) -> None:
        self._costs = (memory_kib, passes, lanes)
        self._hasher = PasswordHasher(
            time_cost=passes,
            memory_cost=memory_kib,
            parallelism=lanes,
            hash_len=_HASH_BYTES,
            salt_len=_SALT_BYTES,
        )
        # Random bytes in the place of a hash: no password leads there, and none had to be hashed.
        salt, digest = (_base64(secrets.token_bytes(n)) for n in (_SALT_BYTES, _HASH_BYTES))
        self._nobodys_hash = f"$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${digest}"

    def _is_affordable(self, stored: str) -> bool:
        found = _STORED.fullmatch(stored)
        return found is not None and all(
            int(cost) <= ours for cost, ours in zip(found.groups(), self._costs, strict=True)
        )

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Busy("too many passwords are being checked")
        try:
            if not self._running.acquire(timeout=self._wait_seconds):
                raise Busy("too many passwords are being checked")
            try:
                yield
            finally:
                self._running.release()
        finally:
            self._places.release()


def _typed(password: str) -> bytes:
    if len(password) > _CLEARLY_TOO_LONG:
        return _NEVER
    normal = unicodedata.normalize("NFC", password)
    if len(normal) > MAX_CHARACTERS:
        return _NEVER
    return normal.encode("utf-8", "surrogatepass")


def _well_formed(password: str, min_characters: int) -> str:
    if len(password) > _CLEARLY_TOO_LONG:
        raise FieldWrong("password", "too_long")
    normal = unicodedata.normalize("NFC", password)
    if any(unicodedata.category(character) == "Cs" for character in normal):
        raise FieldWrong("password", "characters")
    if len(normal) < min_characters:
        raise FieldWrong("password", "too_short")
    if len(normal) > MAX_CHARACTERS:
        raise FieldWrong("password", "too_long")
    return normal


def _score(password: str, words: list[str], wait_seconds: float) -> int:
    if not _zxcvbn_lock.acquire(timeout=wait_seconds):
        raise Busy("too many passwords are being judged")
    try:
        return int(zxcvbn(password, user_inputs=words)["score"])
    finally:
        RANKED_DICTIONARIES.pop("user_inputs", None)  # a name and an ID number must not stay there
        _zxcvbn_lock.release()


def _own_part(password: str, words: list[str]) -> int:
    """Count letters and digits that do not come from the words.

    zxcvbn looks for words as they are: it gives 4 to an ID number with hyphens in it, and 3 to a
    name, a plate and a birthday in a row.
    """
    rest = _letters_and_digits(password)
    for word in sorted(map(_letters_and_digits, words), key=len, reverse=True):
        if len(word) >= (_SHORTEST_LATIN_WORD if word.isascii() else _SHORTEST_WORD):
            rest = rest.replace(word, "")
    return len(rest)


def _letters_and_digits(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _words(about: Sequence[str]) -> list[str]:
    """Give the context words with their parts, as people use them: birthday, last digits, plate."""
    words: list[str] = []
    for text in about:
        parts = [text, *text.split(), *re.findall(r"[0-9A-Za-z]+", text)]
        parts += [part[6:14] for part in parts] + [part[-6:] for part in parts]
        words += [part[:_JUDGED_CHARACTERS] for part in parts if len(part) > 1]
    return list(dict.fromkeys(words))


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).rstrip(b"=").decode()
