"""Keys files: whom a verifier trusts, and for which sizes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit.faults import KeysInvalid
from evidence_service.audit.keys_file import parse_keys

from .vectors import ORIGIN, VECTORS, keys, read

VKEYS = [key["vkey"] for key in read("keys/test-keys.json")["keys"]]
OLD, NEW, FIRST, SECOND, STRANGER, OTHER, SAME_AS_FIRST = VKEYS


def test_a_rotated_key_has_its_range():
    found = keys()
    assert found.origin == ORIGIN
    assert [(key.first_size, key.last_size) for key in found.logs] == [(1, 420), (412, None)]
    assert [found.logs[0].may_sign(size) for size in (1, 420, 421)] == [True, True, False]
    assert [found.logs[1].may_sign(size) for size in (411, 412, 2**40)] == [False, True, True]
    assert [key.text for key in found.witnesses] == [FIRST, SECOND]
    assert found.quorum == 0
    assert keys("keys/keys-quorum-1").quorum == 1


@pytest.mark.parametrize("name", ["keys/keys", "keys/keys-quorum-1", "export/keys"])
def test_a_keys_file_is_written_as_it_was_but_for_comments(name):
    text = (VECTORS / name).read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert keys(name).text.splitlines() == lines
    assert parse_keys(keys(name).text) == keys(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        f"witness {FIRST}\n",
        f"log {OLD}\n",
        f"log {OLD} 1\n",
        f"log {OLD} 0 -\n",
        f"log {OLD} 01 -\n",
        f"log {OLD} 5 4\n",
        f"log {OLD} 1 9007199254740992\n",
        f"log  {OLD} 1 -\n",
        f"log {OLD} 1 - \n",
        f"log {OLD} 1 -\r\n",
        f"LOG {OLD} 1 -\n",
        f"log {FIRST} 1 -\n",
        f"log {OLD} 1 -\nwitness {NEW}\n",
        f"log {OLD} 1 -\nlog {OLD} 1 -\n",
        f"log {OLD} 1 -\nlog {OTHER} 1 -\n",
        f"log {OLD} 1 -\nwitness {FIRST}\nwitness {FIRST}\n",
        f"log {SAME_AS_FIRST} 1 -\nwitness {FIRST}\n",
        f"log {OLD} 1 -\nquorum 1\n",
        f"log {OLD} 1 -\nquorum 0\nquorum 0\n",
        f"log {OLD} 1 -\nwitness {FIRST}\nquorum 01\n",
        f"log {OLD} 1 -\nwitness {FIRST}\nquorum -1\n",
        f"log {OLD} 1 -\nother line\n",
        f"log {OLD} 1 -\n" + "#" * (1 << 20),
    ],
)
def test_a_malformed_keys_file_is_refused(text):
    with pytest.raises(KeysInvalid):
        parse_keys(text)


@given(st.text(max_size=40) | st.sampled_from(VKEYS), st.text(max_size=20))
def test_hostile_text_is_refused_with_our_error(middle, end):
    for text in (f"log {middle} {end}", f"witness {middle}\n{end}", middle + end):
        with pytest.raises(KeysInvalid):
            parse_keys(text)
