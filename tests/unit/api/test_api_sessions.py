"""A person sees their own open sessions and ends any of them; nobody else's."""


def listed(asker):
    return asker.get("me/sessions").get_json()["sessions"]


def test_a_person_sees_each_open_session_and_which_one_asks(house, scene):
    other = house.signed_in(house.account_of(scene.id_number))
    found = listed(scene.asker)
    assert len(found) == 2
    assert [each["is_current"] for each in found] == [False, True]
    assert [each["is_current"] for each in listed(other)] == [True, False]
    assert not any(len(each["id"]) > 36 for each in found)


def test_ending_a_session_elsewhere_bites_at_its_next_request(house, scene):
    other = house.signed_in(house.account_of(scene.id_number))
    lost = next(each["id"] for each in listed(scene.asker) if not each["is_current"])
    size = house.log_size()
    assert scene.asker.send("DELETE", f"me/sessions/{lost}").status_code == 204
    assert [entry.get("act") for entry in house.entries_since(size)] == ["person:session:close"]
    assert other.get("me").status_code == 401
    assert len(listed(scene.asker)) == 1
    assert scene.asker.send("DELETE", f"me/sessions/{lost}").status_code == 404


def test_a_session_of_somebody_else_is_not_there(house, scene):
    other = house.scene().asker
    (theirs,) = listed(other)
    assert scene.asker.send("DELETE", f"me/sessions/{theirs['id']}").status_code == 404
    assert other.get("me").status_code == 200
