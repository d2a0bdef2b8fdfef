"""Inclusion proofs: made as RFC 6962 says, checked as RFC 9162 does."""

import pytest

from evidence_service.audit.faults import ProofInvalid
from evidence_service.audit.proofs import inclusion_proof, root_at, verify_inclusion
from evidence_service.audit.tree import leaf_hash, root_of

from .vectors import cases, entries_700, read, unbase64

DATA = read("proofs-inclusion.json")
TREE = read("tree-700.json")
LEAVES = [bytes.fromhex(each) for each in TREE["leaf_hashes"]]


def read_hashes(level, start, count):
    width = 256**level
    return [root_of(LEAVES[at * width : (at + 1) * width]) for at in range(start, start + count)]


def verify(case, **other):
    given = {
        "leaf": LEAVES[case["index"]],
        "index": case["index"],
        "size": case["tree_size"],
        "path": unbase64(case["path"]),
        "root": bytes.fromhex(TREE["roots"][case["tree_size"]]),
    }
    verify_inclusion(**{**given, **other})


@pytest.mark.parametrize(
    "case",
    [pytest.param(each, id=f"{each['index']}-of-{each['tree_size']}") for each in DATA["good"]],
)
def test_a_proof_is_made_and_holds(case):
    made = inclusion_proof(case["index"], case["tree_size"], read_hashes)
    assert list(made) == unbase64(case["path"])
    verify(case)


@pytest.mark.parametrize("case", cases(DATA["bad"], "fault"))
def test_a_bad_proof_is_refused(case):
    with pytest.raises(ProofInvalid):
        verify_inclusion(
            leaf=bytes.fromhex(case["leaf_hash"]),
            index=case["index"],
            size=case["tree_size"],
            path=unbase64(case["path"]),
            root=bytes.fromhex(case["root"]),
        )


def test_a_proof_holds_for_no_other_index_size_or_leaf():
    for case in DATA["good"][-20:]:
        others = [
            {"index": case["index"] ^ 1},
            {"leaf": leaf_hash(b"other")},
            {"root": leaf_hash(b"other")},
            {"path": [*unbase64(case["path"]), bytes(32)]},
            {"path": unbase64(case["path"])[:-1]},
        ]
        for other in others:
            with pytest.raises(ProofInvalid):
                verify(case, **other)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (0, 2**53), (0, -1)])
def test_there_is_no_proof_outside_the_tree(index, size):
    with pytest.raises(ProofInvalid):
        inclusion_proof(index, size, read_hashes)
    with pytest.raises(ProofInvalid):
        verify_inclusion(leaf=bytes(32), index=index, size=size, path=[], root=bytes(32))


def test_every_root_is_made_from_tiles():
    assert [root_at(size, read_hashes).hex() for size in range(701)] == TREE["roots"]


def test_missing_hashes_are_noticed():
    with pytest.raises(ProofInvalid):
        root_at(700, lambda level, start, count: read_hashes(level, start, count)[1:])


def test_the_leaves_of_the_tree_are_those_of_the_entries():
    assert [leaf_hash(each) for each in entries_700()] == LEAVES
