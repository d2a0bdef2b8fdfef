"""The main story, in process: from opening a case to a marked page, a copy and a proof."""

import hashlib

from evidence_service.use_cases.staffing import code_now


def test_an_officer_signs_in_with_a_code_and_signs_out(house):
    stranger = house.stranger()
    code = code_now(house.office, "lead").code
    body = {"name": "lead", "password": house.password, "code": code}
    session = stranger.made("sessions", body)
    assert session["role"] == "officer"
    assert session["token_ttl_seconds"] == 600
    stranger.token = session["token"]
    assert stranger.get("me").get_json()["display_name"] == "周淑宁"
    stranger.token = stranger.made("sessions/current/token")["token"]
    assert stranger.send("DELETE", "sessions/current").status_code == 204
    assert stranger.get("me").status_code == 401


def test_a_party_sees_nothing_before_service_and_everything_after(house):
    scene = house.scene(served=False)
    path = f"documents/{scene.document}/viewings"
    refused = scene.asker.post(path, {"purpose": "check"})
    assert refused.status_code == 403
    problem = refused.get_json()
    assert "Order 146, art. 65(2)" in problem["articles"]
    assert problem["missing"]
    assert problem["contact"]["phone"] == "0570-1234567"
    shown = scene.asker.get(f"cases/{scene.case}").get_json()
    assert shown["documents"][0]["decisions"]["view"]["allowed"] is False
    house.serve(scene.case, scene.party)
    shown = scene.asker.get(f"cases/{scene.case}").get_json()
    assert shown["documents"][0]["decisions"]["view"] == {"allowed": True, "gates": []}
    assert scene.asker.made(path, {"purpose": "check"})["page_count"] == 1


def test_a_page_leaves_with_its_hash_in_the_log(house, scene, marked):
    size = house.log_size()
    page = scene.asker.get(marked)
    assert page.status_code == 200
    assert page.mimetype == "image/jpeg"
    grant, release = house.entries_since(size)
    assert (grant.type, release.type) == ("grant", "release")
    assert release.get("sha256") == hashlib.sha256(page.data).hexdigest()


def test_a_copy_is_made_and_fetched(house, scene):
    viewing = house.viewing(scene)
    made = scene.asker.made(f"viewings/{viewing}/copies", {"pages": "1"})
    sent = scene.asker.get(f"copies/{made['id']}")
    assert sent.status_code == 200
    assert hashlib.sha256(sent.data).hexdigest() == made["sha256"]
    assert len(sent.data) == made["size_bytes"] == sent.content_length


def test_a_withdrawn_document_closes_at_the_next_page(house, scene, marked):
    assert scene.asker.get(marked).status_code == 200
    house.as_("lead").made(f"documents/{scene.document}/withdrawal")
    assert scene.asker.get(marked).status_code == 403


def test_a_report_is_examined_served_and_only_then_seen(house):
    scene = house.scene(released=False, kind="appraisal_opinion")
    path = f"documents/{scene.document}"
    house.as_("head").made(f"{path}/review", {"result": "passed"})
    house.as_("second").made(f"{path}/release")
    assert scene.asker.post(f"{path}/viewings", {"purpose": "suit"}).status_code == 403
    served = house.as_("lead").made(f"{path}/services", house.service(scene.party))
    assert served["effective_at"]
    scene.asker.made(f"{path}/viewings", {"purpose": "suit"})


def test_the_party_reads_who_looked_at_the_case(house, scene, marked):
    scene.asker.get(marked)
    found = scene.asker.get(f"cases/{scene.case}/accesses").get_json()["accesses"]
    assert [(each["result"], each["is_asker"]) for each in found] == [("released", True)]


def test_a_supervisor_reads_and_proves_an_entry(house, scene, marked):
    scene.asker.get(marked)
    supervisor = house.as_("supervisor")
    query = {"case": scene.case, "result": "released"}
    found = supervisor.get("log/entries", query_string=query).get_json()["entries"]
    index = found[0]["index"]
    one = supervisor.get(f"log/entries/{index}").get_json()
    leaf = hashlib.sha256(b"\0" + one["canonical"].encode()).digest()
    proof = supervisor.get(f"log/entries/{index}/proof").get_json()
    import base64

    assert base64.b64decode(proof["leaf_hash"]) == leaf
    assert proof["checkpoint"].startswith("evidence.example/log/test\n")
    file = supervisor.get(f"log/entries/{index}/proof?form=file")
    assert file.data.startswith(b"c2sp.org/tlog-proof@v1\n")


def test_anybody_gets_a_checkpoint_and_a_consistency_proof(house):
    stranger = house.stranger()
    checkpoint = stranger.get("log/checkpoint")
    assert checkpoint.mimetype == "text/plain"
    size = int(checkpoint.text.splitlines()[1])
    found = stranger.get(f"log/consistency?from={size}").get_json()
    assert found["from_size"] == size
    assert stranger.get(f"log/consistency?from={size + 10_000}").status_code == 422


def test_lists_of_the_log_go_on_from_their_cursor(house, scene):
    supervisor = house.as_("supervisor")
    first = supervisor.get("log/entries?limit=2").get_json()
    after = supervisor.get(f"log/entries?limit=2&cursor={first['next_cursor']}").get_json()
    indexes = [each["index"] for each in first["entries"] + after["entries"]]
    assert indexes == sorted(set(indexes), reverse=True)


def test_a_person_finds_their_cases(house, scene):
    listed = scene.asker.get("cases").get_json()
    assert [case["id"] for case in listed["cases"]] == [scene.case]
    assert house.as_("outsider").get("cases").get_json()["cases"] == []


def test_vehicles_are_recorded(house, scene):
    stated = {"plate": "浙Z8K6M2", "vehicle_type": "小型轿车", "driver_id": scene.party}
    house.as_("lead").made(f"cases/{scene.case}/vehicles", stated)
    shown = house.as_("lead").get(f"cases/{scene.case}").get_json()
    assert shown["vehicles"][0]["driver_id"] == scene.party
