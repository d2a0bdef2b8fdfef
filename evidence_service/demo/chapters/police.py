"""The police open the case, upload its documents, release, examine, determine and serve."""

import hashlib
from collections.abc import Mapping
from typing import Any

from evidence_service.demo import drawings
from evidence_service.demo.cast import CO_OFFICER, DEMO_CASE, OFFICER, UNIT_HEAD, DemoParty
from evidence_service.demo.drawings.determination import determination_number
from evidence_service.demo.teller import check
from evidence_service.demo.told import DAYS, Told, instant

PHOTOGRAPHS = 6
SPARE_PHOTOGRAPHS = 2
REPORTS = ("appraisal", "blood_alcohol", "vehicle_appraisal")
_PDF, _JPEG = "application/pdf", "image/jpeg"

Files = list[tuple[str, tuple[str, bytes, str]]]


def signs_in(told: Told) -> Mapping[str, Any]:
    """The lead officer signs in with a password and a one-time code."""
    role = told.teller.sign_in_staff(OFFICER.login)
    check(role == "officer", f"signed in as {role}")
    return {"who": OFFICER.login, "role": role}


def opens_the_case(told: Told) -> Mapping[str, Any]:
    """A case under the general procedure, with two parties and their vehicles."""
    made = told.teller.post(
        OFFICER.login,
        "/cases",
        once="case",
        json={
            "case_no": DEMO_CASE.case_no,
            "procedure": "general",
            "happened_at": instant(DAYS.happened_at),
            "place": DEMO_CASE.place,
        },
    )
    told.case_id = made["id"]
    told.party_a = _record(told, DEMO_CASE.party_a)
    told.party_b = _record(told, DEMO_CASE.party_b)
    return {"case": told.case_id, "case_no": DEMO_CASE.case_no, "entry": made["entry"]}


def _record(told: Told, party: DemoParty) -> str:
    post, key = told.teller.post, party.person.login
    path = f"/cases/{told.case_id}"
    person = party.person
    stated = {"name": person.name, "id_number": person.id_number, "part": "driver"}
    made = post(OFFICER.login, f"{path}/parties", once=f"party-{key}", json=stated)
    vehicle = party.vehicle
    driven = {"plate": vehicle.plate, "vehicle_type": vehicle.kind, "driver_id": made["id"]}
    post(OFFICER.login, f"{path}/vehicles", once=f"vehicle-{key}", json=driven)
    return str(made["id"])


def head_assigns_the_second_officer(told: Told) -> Mapping[str, Any]:
    """The head of the unit names the second officer (art. 27)."""
    told.teller.sign_in_staff(UNIT_HEAD.login)
    stated = {"badge_no": CO_OFFICER.staff_no}
    path = f"/cases/{told.case_id}/assignments"
    made = told.teller.post(UNIT_HEAD.login, path, once="second-officer", json=stated)
    return {"who": CO_OFFICER.login, "entry": made["entry"]}


def uploads_documents(told: Told) -> Mapping[str, Any]:
    """Scene diagram, photographs, inspection record, appraisal, blood test, a spare set."""
    photographs = drawings.scene_photographs(DEMO_CASE, PHOTOGRAPHS + SPARE_PHOTOGRAPHS)
    received = {"received_on": DAYS.received_on.isoformat()}
    about_b = {"subject_party": told.party_b, **received}
    alcohol = drawings.blood_alcohol_report(DEMO_CASE, DEMO_CASE.party_b)
    for name, kind, stated, files in (
        ("diagram", "scene_diagram", {}, [_pdf("现场图.pdf", drawings.scene_diagram(DEMO_CASE))]),
        ("photographs", "scene_photo", {}, _photographs(photographs[:PHOTOGRAPHS], 1)),
        (
            "record",
            "inspection_record",
            {},
            [_pdf("勘查笔录.pdf", drawings.inspection_record(DEMO_CASE))],
        ),
        (
            "appraisal",
            "appraisal_opinion",
            received,
            [_pdf("鉴定意见书.pdf", drawings.appraisal_opinion(DEMO_CASE))],
        ),
        ("blood_alcohol", "examination_report", about_b, [_pdf("血液酒精检验报告.pdf", alcohol)]),
        ("spare", "scene_photo", {}, _photographs(photographs[PHOTOGRAPHS:], PHOTOGRAPHS + 1)),
    ):
        _upload(told, name, {"kind": kind, **stated}, files)
    return {"documents": dict(told.documents)}


def _pdf(name: str, body: bytes) -> tuple[str, tuple[str, bytes, str]]:
    return ("files", (name, body, _PDF))


def _photographs(bodies: list[bytes], first: int) -> Files:
    return [
        ("files", (f"现场照片{number}.jpg", body, _JPEG))
        for number, body in enumerate(bodies, start=first)
    ]


def _upload(told: Told, name: str, stated: Mapping[str, str], files: Files) -> None:
    path = f"/cases/{told.case_id}/documents"
    taken = told.teller.post(OFFICER.login, path, once=f"upload-{name}", data=stated, files=files)
    sent = [hashlib.sha256(body).hexdigest() for _, (_, body, _) in files]
    check([file["sha256"] for file in taken["files"]] == sent, f"{name} is not what was sent")
    told.documents[name] = taken["id"]


def second_officer_releases(told: Told) -> Mapping[str, Any]:
    """Another officer than the one who uploaded opens each document to the parties."""
    told.teller.sign_in_staff(CO_OFFICER.login)
    entries = [
        told.teller.post(CO_OFFICER.login, f"/documents/{each}/release", once=f"release-{name}")[
            "entry"
        ]
        for name, each in told.documents.items()
    ]
    return {"who": CO_OFFICER.login, "entries": entries}


def head_examines_reports(told: Told) -> Mapping[str, Any]:
    """The head examines each report before it is served (art. 55)."""
    entries = []
    for name in REPORTS:
        path = f"/documents/{told.documents[name]}/review"
        result = {"result": "passed"}
        made = told.teller.post(UNIT_HEAD.login, path, once=f"review-{name}", json=result)
        entries.append(made["entry"])
    return {"who": UNIT_HEAD.login, "entries": entries}


def determination_is_made(told: Told) -> Mapping[str, Any]:
    """The determination is made (art. 62)."""
    stated = {
        "form": "determination",
        "number": determination_number(DEMO_CASE),
        "made_on": DAYS.made_on.isoformat(),
    }
    path = f"/cases/{told.case_id}/determinations"
    made = told.teller.post(OFFICER.login, path, once="determination", json=stated)
    told.determination_id = made["id"]
    return {"determination": made["id"], "entry": made["entry"]}


def served_on_a_alone(told: Told) -> Mapping[str, Any]:
    """Served on driver A, not on driver B; the reports on A too (arts. 55, 65)."""
    proof = hashlib.sha256(drawings.determination(DEMO_CASE)).hexdigest()
    service = {
        "party_id": told.party_a,
        "manner": "handed_over",
        "served_at": instant(DAYS.served_at),
        "proof_sha256": proof,
        "taken_by": DEMO_CASE.party_a.person.name,
    }
    path = f"/determinations/{told.determination_id}/services"
    made = told.teller.post(OFFICER.login, path, once="service", json=service)
    for name in REPORTS:
        path = f"/documents/{told.documents[name]}/services"
        told.teller.post(OFFICER.login, path, once=f"service-{name}", json=service)
    return {"party": told.party_a, "effective_at": made["effective_at"]}


def issues_vouchers(told: Told) -> Mapping[str, Any]:
    """A query voucher for each party, with a code that is shown once."""
    sides = ((DEMO_CASE.party_a, told.party_a), (DEMO_CASE.party_b, told.party_b))
    for party, party_id in sides:
        login = party.person.login
        path = f"/cases/{told.case_id}/vouchers"
        stated = {"party_id": party_id}
        made = told.teller.post(OFFICER.login, path, once=f"voucher-{login}", json=stated)
        told.vouchers[login] = (made["reference"], made["code"])
    return {"references": [reference for reference, _ in told.vouchers.values()]}
