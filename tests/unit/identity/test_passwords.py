"""Passwords: argon2id at our price, few at once, judged with what is known of the person."""

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from zxcvbn.matching import RANKED_DICTIONARIES

from evidence_service.errors import Busy, FieldWrong
from evidence_service.identity.passwords import Passwords

GOOD = "纸船-渡口-7-lantern-oxbow"


def test_a_password_verifies_and_another_does_not(passwords):
    stored = passwords.hash(GOOD)
    assert passwords.verify(stored, GOOD)
    assert not passwords.verify(stored, GOOD + "x")
    assert not passwords.verify(stored, GOOD.upper())


def test_real_hashes_are_argon2id_with_64_mib_three_passes_and_one_lane():
    stored = Passwords().hash(GOOD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert Passwords().verify(stored, GOOD)


def test_composed_and_decomposed_letters_are_one_password(passwords):
    stored = passwords.hash("cafe\u0301 lantern oxbow 77")
    assert passwords.verify(stored, "caf\u00e9 lantern oxbow 77")


def test_an_unknown_account_is_verified_against_nobodys_hash(passwords):
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify(None, "")


@pytest.mark.parametrize("costs", [{"memory_cost": 128}, {"time_cost": 2}, {"parallelism": 2}])
def test_stored_hashes_dearer_than_ours_are_refused_without_computing_them(passwords, costs):
    dear = PasswordHasher(**{"memory_cost": 64, "time_cost": 1, "parallelism": 1, **costs})
    assert not passwords.verify(dear.hash(GOOD), GOOD)


def test_a_stored_hash_of_four_gigabytes_is_never_computed():
    four_gib = "$argon2id$v=19$m=4194304,t=3,p=1$" + "A" * 22 + "$" + "A" * 43
    assert not Passwords.insecure_for_tests().verify(four_gib, GOOD)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "x",
        "$argon2i$v=19$m=64,t=1,p=1$" + "A" * 22 + "$" + "A" * 43,
        "$argon2id$v=16$m=64,t=1,p=1$" + "A" * 22 + "$" + "A" * 43,
        "$argon2id$v=19$m=64,t=1,p=1$" + "A" * 22 + "$" + "A" * 43 + "\n",
        "$argon2id$v=19$m=６４,t=1,p=1$" + "A" * 22 + "$" + "A" * 43,
    ],
)
def test_stored_hashes_of_another_kind_are_refused(passwords, stored):
    assert not passwords.verify(stored, GOOD)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "too_short"),
        ("Xk7#mQ2vLp9", "too_short"),
        ("e\u0301" * 11, "too_short"),
        ("纸船渡口lantern" * 12, "too_long"),
        ("x" * 1_000_000, "too_long"),
        ("passwordpassword", "too_easy"),
        ("qwertyuiop123456", "too_easy"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "too_easy"),
        ("lantern oxbow \ud800 77", "characters"),
    ],
)
def test_weak_passwords_are_refused(passwords, password, problem):
    with pytest.raises(FieldWrong) as refused:
        passwords.hash(password)
    assert (refused.value.field, refused.value.problem) == ("password", problem)


@pytest.mark.parametrize("password", ["Xk7#mQ2vLp9z", GOOD, "k7#Q" * 2 + "纸船渡口" * 30])
def test_strong_passwords_of_12_to_128_characters_are_taken(passwords, password):
    assert passwords.verify(passwords.hash(password), password)


def test_the_least_length_can_be_set_higher_but_not_lower():
    with pytest.raises(FieldWrong, match="too_short"):
        Passwords(min_characters=15).hash("Xk7#mQ2vLp9z")
    with pytest.raises(FieldWrong, match="too_short"):
        Passwords(min_characters=1).hash("Xk7#mQ2v")


@pytest.mark.parametrize(
    ("password", "about"),
    [
        ("330899-1990-0101-2417", ["330899199001012417"]),
        ("周淑宁周淑宁周淑宁330899", ["周淑宁", "330899"]),
        ("林知远8K6M2林知远19900101", ["林知远", "浙Z·8K6M2", "330899199001012417"]),
        ("Qodrimavolque19900101", ["Qodrimavolque Zebunvaltis", "330899199001012417"]),
    ],
)
def test_what_is_known_of_the_person_makes_a_password_easy(passwords, password, about):
    with pytest.raises(FieldWrong, match="too_easy"):
        passwords.hash(password, about=about)


def test_what_is_known_of_the_person_does_not_stay_in_memory_of_the_judge(passwords):
    passwords.hash(GOOD, about=["周淑宁", "330899199001012417"])
    assert "user_inputs" not in RANKED_DICTIONARIES


def test_too_long_passwords_are_wrong_not_an_error(passwords):
    stored = passwords.hash(GOOD)
    assert not passwords.verify(stored, "x" * 5_000_000)
    assert not passwords.verify(stored, "x" * 129)
    assert not passwords.verify(stored, "\ud800")


def test_no_more_than_two_hash_at_once_and_the_queue_is_short():
    passwords = Passwords.insecure_for_tests(waiting=2)
    running, peak, gate = 0, 0, threading.Event()
    lock, inside = threading.Lock(), passwords._hasher.verify

    class Slow:
        """Stands before the real hasher and counts who is inside at once."""

        def verify(self, stored, typed):
            nonlocal running, peak
            with lock:
                running += 1
                peak = max(peak, running)
            gate.wait(5)
            try:
                return inside(stored, typed)
            finally:
                with lock:
                    running -= 1

    passwords._hasher = Slow()
    refused = threading.Semaphore(0)

    def knock(_):
        try:
            passwords.verify(None, GOOD)
        except Busy:
            refused.release()
            return "busy"
        return "verified"

    with ThreadPoolExecutor(12) as threads:
        answers = [threads.submit(knock, n) for n in range(12)]
        for _ in range(8):  # twelve came, two are inside, two wait
            assert refused.acquire(timeout=5)
        gate.set()
        found = [answer.result() for answer in answers]
    assert peak == 2
    assert sorted(found) == ["busy"] * 8 + ["verified"] * 4


def test_places_are_given_back_after_a_fault():
    passwords = Passwords.insecure_for_tests(at_once=1, waiting=0)
    for _ in range(5):
        passwords.verify("broken", GOOD)
    assert passwords.verify(passwords.hash(GOOD), GOOD)


def test_who_waits_too_long_is_told_to_come_again():
    passwords = Passwords.insecure_for_tests(at_once=1, waiting=1, wait_seconds=0.01)
    with passwords._slot(), pytest.raises(Busy):
        passwords.verify(None, GOOD)


def test_memory_of_huge_input_is_not_multiplied(passwords):
    typed = "é" * 2_000_000
    tracemalloc.start()
    passwords.verify(None, typed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000
