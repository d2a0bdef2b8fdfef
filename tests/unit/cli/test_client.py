"""The service's problems, as the command line says them."""

import json

import pytest

from evidence_service.cli.client import Api, is_passing, problem_in_words


def test_a_problem_is_one_line_of_the_services_own_words():
    body = json.dumps(
        {
            "title": "Not open",
            "detail": "It was not served.",
            "next": [{"key": "wait", "text": "Wait."}],
        }
    )
    said = problem_in_words(403, body)
    assert said.startswith("Not open - It was not served.")
    assert "Wait." in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b"{}", b"null", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_an_answer_that_is_no_problem_is_its_status(body):
    assert problem_in_words(502, body) == "the service answered 502"


def test_no_answer_is_said_as_such():
    assert problem_in_words(None, None) == "the service does not answer"


@pytest.mark.parametrize(
    ("status", "passing"), [(None, True), (503, True), (429, True), (403, False), (404, False)]
)
def test_what_may_pass_is_worth_another_try(status, passing):
    assert is_passing(status) is passing


@pytest.mark.parametrize("url", ["http://127.0.0.1:8650", "http://localhost:1", "http://[::1]:2"])
def test_this_machine_is_not_asked_through_a_proxy(url, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    import os

    api = Api(url)
    api.close()
    assert os.environ["NO_PROXY"].startswith("intranet.example,")
    assert api.url == url
