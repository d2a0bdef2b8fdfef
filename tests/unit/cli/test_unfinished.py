"""What is remembered of uploads between two runs."""

import threading

from evidence_service.cli.unfinished import KEPT, Unfinished, fingerprint


def test_what_was_remembered_is_there_in_the_next_run(tmp_path):
    Unfinished(tmp_path).remember("a", "http://127.0.0.1/api/v1/uploads/upl_1")
    assert Unfinished(tmp_path).get("a").endswith("upl_1")


def test_what_is_forgotten_is_gone_and_nothing_else(tmp_path):
    memory = Unfinished(tmp_path)
    memory.remember("a", "1")
    memory.remember("b", "2")
    memory.forget(["a", "never there"])
    assert (memory.get("a"), memory.get("b")) == ("", "2")


def test_two_at_once_do_not_lose_one_anothers(tmp_path):
    def remember(first):
        for number in range(first, first + 20):
            Unfinished(tmp_path).remember(str(number), "x")

    threads = [threading.Thread(target=remember, args=(first,)) for first in (0, 20, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(Unfinished(tmp_path).get(str(number)) == "x" for number in range(60))


def test_the_memory_is_bounded_and_forgets_the_oldest(tmp_path):
    memory = Unfinished(tmp_path)
    for number in range(KEPT + 3):
        memory.remember(str(number), "x")
    assert memory.get("2") == ""
    assert memory.get("3") == "x"


def test_a_damaged_memory_is_an_empty_one(tmp_path):
    (tmp_path / "uploads.json").write_text("{ not json")
    memory = Unfinished(tmp_path)
    assert memory.get("a") == ""
    memory.remember("a", "1")
    assert memory.get("a") == "1"


def test_the_file_is_closed_to_others(tmp_path):
    Unfinished(tmp_path / "state").remember("a", "1")
    assert (tmp_path / "state" / "uploads.json").stat().st_mode & 0o077 == 0


def test_a_fingerprint_names_neither_file_nor_case():
    made = fingerprint("http://127.0.0.1", "case_1", 64 * "a")
    assert made != fingerprint("http://127.0.0.1", "case_2", 64 * "a")
    assert len(made) == 64
    assert "case" not in made
