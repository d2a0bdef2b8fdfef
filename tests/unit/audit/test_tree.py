"""The Merkle tree has the roots that RFC 6962 gives it."""

import pytest

from evidence_service.audit.faults import ProofInvalid
from evidence_service.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    fold,
    leaf_hash,
    node_hash,
    root_of,
)

from .vectors import entries_700, read

SMALL = read("tree-small.json")
LARGE = read("tree-700.json")


def test_leaves_and_nodes_are_hashed_apart():
    assert [leaf_hash(bytes.fromhex(each)).hex() for each in SMALL["leaves_hex"]] == SMALL[
        "leaf_hashes"
    ]
    example = {name: bytes.fromhex(text) for name, text in SMALL["node_example"].items()}
    assert node_hash(example["left"], example["right"]) == example["node"]


@pytest.mark.parametrize("size", range(9))
def test_a_small_tree_has_its_root(size):
    leaves = [bytes.fromhex(each) for each in SMALL["leaf_hashes"][:size]]
    assert root_of(leaves).hex() == SMALL["roots"][size]


def test_the_sample_log_has_its_leaves_and_every_root():
    leaves = [leaf_hash(each) for each in entries_700()]
    assert [each.hex() for each in leaves] == LARGE["leaf_hashes"]
    assert [root_of(leaves[:size]).hex() for size in range(701)] == LARGE["roots"]


def test_a_frontier_has_every_root_and_goes_on_after_being_written_down():
    frontier = Frontier()
    roots = [frontier.root().hex()]
    for leaf in LARGE["leaf_hashes"]:
        frontier = Frontier.from_bytes(frontier.to_bytes())
        frontier.append(bytes.fromhex(leaf))
        roots.append(frontier.root().hex())
    assert roots == LARGE["roots"]
    assert frontier.size == 700
    assert len(frontier.peaks) == (700).bit_count()


def test_the_empty_tree_has_the_hash_of_nothing():
    assert root_of([]) == fold([]) == Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == SMALL["roots"][0]


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 7, b"\x00" * 7 + b"\x01", b"\xff" * 8 + b"x" * 2048]
)
def test_what_is_no_frontier_is_refused(data):
    with pytest.raises(ProofInvalid):
        Frontier.from_bytes(data)


def test_a_leaf_that_is_no_hash_is_refused():
    with pytest.raises(ProofInvalid):
        Frontier().append(b"short")
