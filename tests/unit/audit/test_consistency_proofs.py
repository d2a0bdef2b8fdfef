"""Consistency proofs: a larger tree extends a smaller one."""

import pytest

from evidence_service.audit.faults import ProofInvalid
from evidence_service.audit.proofs import consistency_proof, verify_consistency
from evidence_service.audit.tree import EMPTY_ROOT

from .test_inclusion_proofs import read_hashes
from .vectors import cases, read, unbase64

DATA = read("proofs-consistency.json")
ROOTS = [bytes.fromhex(each) for each in read("tree-700.json")["roots"]]


def verify(case, **other):
    given = {
        "old_size": case["old_size"],
        "old_root": ROOTS[case["old_size"]],
        "new_size": case["new_size"],
        "new_root": ROOTS[case["new_size"]],
        "path": unbase64(case["path"]),
    }
    verify_consistency(**{**given, **other})


@pytest.mark.parametrize(
    "case",
    [pytest.param(each, id=f"{each['old_size']}-to-{each['new_size']}") for each in DATA["good"]],
)
def test_a_proof_is_made_and_holds(case):
    made = consistency_proof(case["old_size"], case["new_size"], read_hashes)
    assert list(made) == unbase64(case["path"])
    verify(case)


@pytest.mark.parametrize("case", cases(DATA["bad"], "fault"))
def test_a_bad_proof_is_refused(case):
    with pytest.raises(ProofInvalid):
        verify_consistency(
            old_size=case["old_size"],
            old_root=bytes.fromhex(case["old_root"]),
            new_size=case["new_size"],
            new_root=bytes.fromhex(case["new_root"]),
            path=unbase64(case["path"]),
        )


@pytest.mark.parametrize("side", ["old_root", "new_root"])
def test_no_proof_holds_for_another_root(side):
    for case in DATA["good"]:
        with pytest.raises(ProofInvalid):
            verify(case, **{side: ROOTS[0]})


def test_every_tree_extends_the_empty_one_without_proof():
    assert consistency_proof(0, 5, read_hashes) == ()
    verify_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=5, new_root=ROOTS[5], path=[])
    with pytest.raises(ProofInvalid):
        verify_consistency(
            old_size=0, old_root=EMPTY_ROOT, new_size=5, new_root=ROOTS[5], path=[ROOTS[1]]
        )


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5), (0, 2**53)])
def test_there_is_no_proof_between_exchanged_sizes(old, new):
    with pytest.raises(ProofInvalid):
        consistency_proof(old, new, read_hashes)
