"""All routes, as a written list: a new one is closed until somebody decides who may use it."""

import pytest

ROUTES = """
GET /
POST /api/v1/accounts
GET /api/v1/cases
POST /api/v1/cases
GET /api/v1/cases/<id:case_id>
GET /api/v1/cases/<id:case_id>/accesses
POST /api/v1/cases/<id:case_id>/assignments
POST /api/v1/cases/<id:case_id>/determinations
POST /api/v1/cases/<id:case_id>/documents
POST /api/v1/cases/<id:case_id>/parties
OPTIONS /api/v1/cases/<id:case_id>/uploads
POST /api/v1/cases/<id:case_id>/uploads
POST /api/v1/cases/<id:case_id>/vehicles
POST /api/v1/cases/<id:case_id>/vouchers
GET /api/v1/copies/<id:copy_id>
POST /api/v1/determinations/<id:determination_id>/services
GET /api/v1/documents/<id:document_id>
POST /api/v1/documents/<id:document_id>/release
POST /api/v1/documents/<id:document_id>/review
POST /api/v1/documents/<id:document_id>/services
POST /api/v1/documents/<id:document_id>/unreadable-pages
POST /api/v1/documents/<id:document_id>/viewings
POST /api/v1/documents/<id:document_id>/withdrawal
GET /api/v1/log/checkpoint
GET /api/v1/log/consistency
GET /api/v1/log/entries
GET /api/v1/log/entries/<number:index>
GET /api/v1/log/entries/<number:index>/proof
GET /api/v1/me
GET /api/v1/me/sessions
DELETE /api/v1/me/sessions/<id:session_id>
GET /api/v1/openapi.json
POST /api/v1/sessions
DELETE /api/v1/sessions/current
POST /api/v1/sessions/current/token
DELETE /api/v1/uploads/<id:upload_id>
HEAD /api/v1/uploads/<id:upload_id>
OPTIONS /api/v1/uploads/<id:upload_id>
PATCH /api/v1/uploads/<id:upload_id>
POST /api/v1/viewings/<id:viewing_id>/copies
GET /api/v1/viewings/<id:viewing_id>/pages/<number:page>
GET /livez
GET /metrics
GET /readyz
"""
LISTED = [tuple(line.split(" ", 1)) for line in ROUTES.split("\n") if line]
OPEN = {  # who is not signed in may ask
    "/",
    "/api/v1/accounts",
    "/api/v1/cases/<id:case_id>/uploads",
    "/api/v1/log/checkpoint",
    "/api/v1/log/consistency",
    "/api/v1/openapi.json",
    "/api/v1/sessions",
    "/livez",
    "/metrics",
    "/readyz",
}
CLOSED = [
    (method, path)
    for method, path in LISTED
    if method != "OPTIONS" and (path not in OPEN or "uploads" in path)
]
JSON_POSTS = [
    path
    for method, path in LISTED
    if method == "POST"
    and not path.endswith(("/documents", "/uploads", "/token", "/release", "/withdrawal"))
    and not path.endswith("/unreadable-pages")
]


PREFIXES = {
    "session": "ses",
    "determination": "det",
    "document": "doc",
    "upload": "upl",
    "viewing": "view",
}


def filled(path):
    """Put ids that are not there into a path."""
    for name in ("case", "copy", "determination", "document", "session", "upload", "viewing"):
        some = f"{PREFIXES.get(name, name)}_{'0' * 32}"
        path = path.replace(f"<id:{name}_id>", some)
    return path.replace("<number:index>", "0").replace("<number:page>", "1")


def test_the_routes_are_the_listed_ones(house):
    found = set()
    for rule in house.app.url_map.iter_rules():
        methods = set(rule.methods) - ({"HEAD"} if "GET" in rule.methods else set())
        if methods != {"OPTIONS"}:
            methods -= {"OPTIONS"}
        found |= {(method, rule.rule) for method in methods}
    style = {each for each in found if each[1].startswith("/static/page.")}
    assert len(style) == 1
    assert sorted(found - style) == sorted(LISTED)


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_without_a_token_nothing_is_told(house, method, path):
    size = house.log_size()
    answer = house.stranger().send(method, filled(path), json={} if method == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert house.log_size() == size


@pytest.mark.parametrize(("method", "path"), LISTED)
def test_every_answer_is_closed_by_the_same_headers(house, method, path):
    for asker in (house.stranger(), house.as_("supervisor")):
        answer = asker.send(method, filled(path))
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]
        assert "Set-Cookie" not in headers
        assert "Server" not in headers or "Python" not in headers["Server"]


HOSTILE_BODIES = {
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "doubled": b'{"name": "a", "name": "b"}',
    "nan": b'{"name": NaN}',
    "surrogate": b'{"name": "\\ud800"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "large": b'{"name": "' + b"a" * (257 << 10) + b'"}',
    "huge number": b'{"name": 123456789012345678901234567890}',
    "cut": b'{"name": ',
    "empty": b"",
    "list": b"[]",
    "word": b'"name"',
    "null": b"null",
    "unknown field": b'{"is_admin": true}',
    "not utf-8": b'{"name": "\xff"}',
}


@pytest.mark.parametrize("body", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES)
@pytest.mark.parametrize("path", JSON_POSTS)
def test_hostile_json_is_a_clear_4xx(house, path, body):
    before, size = house.stored(), house.log_size()
    asker = house.stranger() if path in OPEN else house.as_("lead")
    answer = asker.send("POST", filled(path), data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer.mimetype == "application/problem+json"
    assert "surrogate" not in answer.text or answer.get_json()["detail"]
    assert house.stored() == before
    assert house.log_size() == size


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "application/json; charset=gbk"]
)
def test_json_must_say_that_it_is_json(house, media):
    answer = house.as_("lead").send("POST", "cases", data=b"{}", content_type=media)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "some", ["x", "case_", "case_" + "g" * 32, "case_" + "0" * 300, "..", "%00"]
)
def test_an_id_of_another_form_is_not_there(house, some):
    answer = house.as_("lead").get(f"/api/v1/cases/{some}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_an_unexpected_fault_tells_nothing(house, monkeypatch):
    from evidence_service.api import cases

    def broken(*_arguments):
        raise RuntimeError("secret: SELECT name FROM parties")

    monkeypatch.setattr(cases, "looking", broken)
    answer = house.as_("lead").get("cases")
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.text
    assert answer.get_json()["trace_id"]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("en", "en"), ("zh-CN", "zh"), ("fr", "zh"), ("en;q=0.1, zh;q=0.9", "zh"), ("*", "zh")],
)
def test_errors_speak_the_askers_language(house, asked, spoken):
    answer = house.stranger().get("me", headers={"Accept-Language": asked})
    assert answer.headers["Content-Language"].startswith(spoken)
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in answer.get_json()["title"])
    assert chinese == (spoken == "zh")
