"""Names of stored things, spelled in one place."""

import pytest

from storage import object_keys
from storage.errors import BadObjectName

HASH = "0123456789abcdef" * 4
ID = "copy_" + "0123456789abcdef" * 2


def test_names_are_spelled_like_this():
    assert object_keys.original(HASH) == f"originals/01/{HASH}"
    assert object_keys.key_record(ID) == f"keys/01/{ID}.json"
    assert object_keys.prepared_page(HASH, 12) == f"prepared/01/{HASH}.12"
    assert object_keys.copy(ID) == f"copies/01/{ID}"


def test_a_name_gives_back_what_it_was_made_of():
    assert object_keys.original_sha256(object_keys.original(HASH)) == HASH
    assert object_keys.object_id_of_key_record(object_keys.key_record(ID)) == ID


def test_what_was_spelled_passes_its_own_check_and_no_other():
    object_keys.check_object_name(object_keys.original(HASH))
    object_keys.check_derived_name(object_keys.prepared_page(HASH, 1))
    object_keys.check_copy_name(object_keys.copy(ID))
    for name in (object_keys.prepared_page(HASH, 1), object_keys.copy(ID)):
        with pytest.raises(BadObjectName):
            object_keys.check_object_name(name)
    with pytest.raises(BadObjectName):
        object_keys.check_derived_name(object_keys.original(HASH))
    with pytest.raises(BadObjectName):
        object_keys.check_copy_name(object_keys.original(HASH))


BAD_IDS = [
    "",
    "copy",
    "copy_",
    ID.upper(),
    ID + "0",
    ID[:-1],
    ID + "\n",
    "../" + ID,
    "c_" + "0" * 32,
    "copy_" + "٣" * 32,  # digits of another script
    7,
    None,
]


@pytest.mark.parametrize("bad", BAD_IDS)
def test_an_id_of_another_form_makes_no_name(bad):
    with pytest.raises(BadObjectName):
        object_keys.key_record(bad)
    with pytest.raises(BadObjectName):
        object_keys.copy(bad)


@pytest.mark.parametrize("number", [0, -1, 1_000_000, True, "1", 1.5, None])
def test_a_key_number_of_another_form_makes_no_name(number):
    with pytest.raises(BadObjectName):
        object_keys.prepared_page(HASH, number)


def test_the_refusal_does_not_repeat_what_came_from_outside():
    with pytest.raises(BadObjectName) as refused:
        object_keys.original("<script>")
    assert "script" not in str(refused.value)
