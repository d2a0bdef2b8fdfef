"""Parties look: driver A, on whom the papers were served; driver B, on whom not; a stranger."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any

import pymupdf
from PIL import Image

from evidence_service.demo.cast import DEMO_CASE, DRIVER_A, DRIVER_B, OFFICER, STRANGER, DemoPerson
from evidence_service.demo.teller import SignIn, check, expect
from evidence_service.demo.told import DAYS, PARTY_PASSWORD, Told, instant

CLOSED_TO_A = {"blood_alcohol"}  # about B, in the original (art. 65(2))
SERVED_GATE = "determination_served"
COPIED = "2-3"
STRANGERS_CASE_NO = "330899-2026-000148"
_NO_CASE = "case_" + 32 * "0"
SMALLEST_PAGE_PX = 600


def a_makes_an_account(told: Told) -> Mapping[str, Any]:
    """Driver A makes an account from the voucher, and signs in with the ID number."""
    made = _account(told, DRIVER_A)
    check(made == told.case_id, f"the account opens {made}")
    return {"who": DRIVER_A.login, "case": made}


def make_accounts(told: Told) -> Mapping[str, Any]:
    """Accounts for both parties, and for somebody of another case."""
    for person in (DRIVER_A, DRIVER_B):
        _account(told, person)
    _give_the_stranger_a_case(told)
    return {"who": [DRIVER_A.login, DRIVER_B.login, STRANGER.login]}


def _account(told: Told, person: DemoPerson) -> str:
    reference, code = told.vouchers[person.login]
    made = told.teller.post(
        "",
        "/accounts",
        once=f"account-{person.login}",
        json={
            "reference": reference,
            "code": code,
            "name": person.name,
            "id_number": person.id_number,
            "password": PARTY_PASSWORD,
        },
    )
    told.teller.sign_in(SignIn(person.id_number, PARTY_PASSWORD))
    return str(made["case_id"])


def a_sees_the_case(told: Told) -> Mapping[str, Any]:
    """A sees the case, and of each document whether it is open, or why not."""
    seen = told.teller.get(DRIVER_A.id_number, f"/cases/{told.case_id}")
    check(bool(seen["contact"]["phone"]), "nobody to call")
    found = {document["id"]: document["decisions"]["view"] for document in seen["documents"]}
    by_name = {name: found[each] for name, each in told.documents.items()}
    for name, decision in by_name.items():
        wanted = name not in CLOSED_TO_A
        check(decision["allowed"] is wanted, f"{name}: allowed is {decision['allowed']}")
        check(wanted or bool(decision["gates"]), f"{name} is closed without a reason")
    names = [party["name"] for party in seen["parties"]]
    check(DRIVER_B.name not in names, "the other party's name is not masked")
    return {
        "open": sorted(name for name, each in by_name.items() if each["allowed"]),
        "closed": {
            name: [gate["missing"] for gate in each["gates"]]
            for name, each in by_name.items()
            if not each["allowed"]
        },
    }


def a_looks_at_pages(told: Told) -> Mapping[str, Any]:
    """A opens a viewing for a purpose and gets pages; each is a JPEG, marked for this viewing."""
    opened = _open_viewing(told, "appraisal")
    told.viewing_id = opened["id"]
    for page in (1, 2):
        body = _page(told, opened["id"], page)
        told.pages_sha256[page] = hashlib.sha256(body).hexdigest()
    # Marks differ from viewing to viewing: so must the bytes of the same page.
    other = _page(told, _open_viewing(told, "appraisal")["id"], 1)
    check(
        hashlib.sha256(other).hexdigest() != told.pages_sha256[1],
        "two viewings gave the same bytes: no mark",
    )
    return {
        "viewing": opened["id"],
        "pages": opened["page_count"],
        "trace_code": opened["trace_code"],
        "sha256": told.pages_sha256,
    }


def _open_viewing(told: Told, name: str) -> dict[str, Any]:
    path = f"/documents/{told.documents[name]}/viewings"
    stated = {"purpose": "check"}
    opened: dict[str, Any] = told.teller.post(DRIVER_A.id_number, path, json=stated)
    return opened


def _page(told: Told, viewing_id: str, page: int) -> bytes:
    path = f"/viewings/{viewing_id}/pages/{page}"
    answer = expect(told.teller.send(DRIVER_A.id_number, "GET", path), HTTPStatus.OK)
    check(answer.headers["Content-Type"] == "image/jpeg", "not a JPEG")
    check("no-store" in answer.headers["Cache-Control"], "a cache may keep it")
    picture = Image.open(BytesIO(answer.content))
    picture.load()
    check(picture.format == "JPEG", f"a {picture.format}")
    check(min(picture.size) >= SMALLEST_PAGE_PX, f"only {picture.size} pixels")
    return answer.content


def a_takes_a_copy(told: Told) -> Mapping[str, Any]:
    """A takes a marked copy of pages 2 and 3: a PDF of pictures, without text to lift."""
    path = f"/viewings/{told.viewing_id}/copies"
    made = told.teller.post(DRIVER_A.id_number, path, json={"pages": COPIED})
    answer = told.teller.send(DRIVER_A.id_number, "GET", f"/copies/{made['id']}")
    body = expect(answer, HTTPStatus.OK).content
    told.copy_sha256 = hashlib.sha256(body).hexdigest()
    check(told.copy_sha256 == made["sha256"], "the copy is not the one that was made")
    reader: Any = pymupdf  # ships no types
    with reader.open(stream=body, filetype="pdf") as pdf:
        check(pdf.is_pdf and len(pdf) == 2, f"{len(pdf)} pages")
        check(not any(page.get_text().strip() for page in pdf), "the copy has a text layer")
    return {"pages": COPIED, "size_bytes": len(body), "sha256": told.copy_sha256}


def b_is_refused(told: Told) -> Mapping[str, Any]:
    """B has an account too; the determination was not served on B, and the answer says so."""
    check(_account(told, DRIVER_B) == told.case_id, "another case")
    path = f"/documents/{told.documents['appraisal']}/viewings"
    answer = told.teller.send(DRIVER_B.id_number, "POST", path, json={"purpose": "check"})
    problem = expect(answer, HTTPStatus.FORBIDDEN).json()
    check(SERVED_GATE in problem["missing"], f"missing: {problem['missing']}")
    check(bool(problem["articles"] and problem["next"]), "refused without article or next step")
    return {"missing": problem["missing"], "articles": problem["articles"]}


def a_stranger_learns_nothing(told: Told) -> Mapping[str, Any]:
    """Somebody of another case gets one answer for "not yours" and for "not there"."""
    _give_the_stranger_a_case(told)
    bodies = []
    for case_id in (told.case_id, _NO_CASE):
        answer = told.teller.send(STRANGER.id_number, "GET", f"/cases/{case_id}")
        problem = expect(answer, HTTPStatus.NOT_FOUND).json()
        problem.pop("trace_id")
        bodies.append(problem)
    check(bodies[0] == bodies[1], "the two answers differ")
    path = f"/documents/{told.documents['diagram']}/viewings"
    stated = {"purpose": "check"}
    answer = told.teller.send(STRANGER.id_number, "POST", path, json=stated)
    expect(answer, HTTPStatus.NOT_FOUND)
    return {"status": HTTPStatus.NOT_FOUND}


def _give_the_stranger_a_case(told: Told) -> None:
    post = told.teller.post
    case = {
        "case_no": STRANGERS_CASE_NO,
        "procedure": "simple",
        "happened_at": instant(DAYS.happened_at),
        "place": DEMO_CASE.place,
    }
    case_id = post(OFFICER.login, "/cases", once="other-case", json=case)["id"]
    person = {"name": STRANGER.name, "id_number": STRANGER.id_number, "part": "driver"}
    path = f"/cases/{case_id}"
    party = post(OFFICER.login, f"{path}/parties", once="other-party", json=person)["id"]
    stated = {"party_id": party}
    voucher = post(OFFICER.login, f"{path}/vouchers", once="other-voucher", json=stated)
    told.vouchers[STRANGER.login] = (voucher["reference"], voucher["code"])
    check(_account(told, STRANGER) == case_id, "another case")


def a_withdrawal_bites(told: Told) -> Mapping[str, Any]:
    """A document is withdrawn between two pages of a viewing: the second is refused."""
    spare = told.documents["spare"]
    viewing_id = _open_viewing(told, "spare")["id"]
    _page(told, viewing_id, 1)
    told.teller.post(OFFICER.login, f"/documents/{spare}/withdrawal", once="withdrawal")
    answer = told.teller.send(DRIVER_A.id_number, "GET", f"/viewings/{viewing_id}/pages/2")
    problem = expect(answer, HTTPStatus.FORBIDDEN).json()
    check("not_withdrawn" in problem["missing"], f"missing: {problem['missing']}")
    return {"page_1": HTTPStatus.OK, "page_2": answer.status_code, "missing": problem["missing"]}
