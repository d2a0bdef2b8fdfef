"""What entries of one log must be to each other."""

import pytest

from evidence_service.audit.entry import decode
from evidence_service.audit.faults import ExportFaulty
from evidence_service.audit.relations import Relations

from .small_log import LOG, closed, entry, granted, opening, released
from .vectors import ORIGIN, entries_700, signer

OTHER_CASE = "case_" + "9" * 32


def follow(*bodies):
    relations = Relations(ORIGIN)
    for index, body in enumerate(bodies):
        relations.add(index, decode(body))
    return relations


def test_the_sample_log_fits():
    relations = follow(*entries_700())
    assert relations.open_grants == 0
    assert relations.backward_clocks == 0


def test_a_grant_is_open_until_its_first_release_or_its_close():
    assert follow(opening(), granted(1), granted(2)).open_grants == 2
    assert follow(opening(), granted(1), granted(2), released(3, 1)).open_grants == 1
    assert follow(opening(), granted(1), granted(2), closed(3, 2)).open_grants == 1


def test_a_grant_may_have_many_releases_and_then_a_close():
    bodies = (opening(), granted(1), released(2, 1), released(3, 1), closed(4, 1))
    assert follow(*bodies).open_grants == 0


def test_clocks_that_went_back_are_counted():
    late = entry(9, "log", event="started")
    assert follow(opening(), late, granted(1), granted(2)).backward_clocks == 1


@pytest.mark.parametrize(
    ("fault", "bodies"),
    [
        ("nonce_repeated", (opening(), granted(1), granted(1))),
        ("first_entry", (granted(0),)),
        ("first_entry", (opening(origin="other.example/log"),)),
        ("open_again", (opening(), opening(1))),
        ("release_without_grant", (opening(), released(1, 0))),
        ("release_without_grant", (opening(), released(1, 1))),
        ("release_without_grant", (opening(), released(1, 2), granted(2))),
        ("release_after_close", (opening(), granted(1), closed(2, 1), released(3, 1))),
        ("release_differs_from_grant", (opening(), granted(1), released(2, 1, pages="1"))),
        ("release_differs_from_grant", (opening(), granted(1), released(2, 1, case=OTHER_CASE))),
        ("close_without_grant", (opening(), closed(1, 0))),
        ("close_differs_from_grant", (opening(), granted(1), closed(2, 1, case=OTHER_CASE))),
        ("close_again", (opening(), granted(1), closed(2, 1), closed(3, 1))),
    ],
)
def test_an_entry_that_does_not_fit_is_named(fault, bodies):
    with pytest.raises(ExportFaulty, match=fault) as caught:
        follow(*bodies)
    assert caught.value.step == (9 if fault == "nonce_repeated" else 10)
    assert caught.value.where.startswith("entry ")


def key_event(number, event, key, **fields):
    return entry(number, "log", event=event, vkey=key.vkey.text, **fields)


def test_a_key_signs_from_its_announcement_to_its_retirement():
    new = signer(1)
    relations = follow(
        opening(), key_event(1, "key_added", new), key_event(2, "key_retired", LOG, tree_size=3)
    )
    relations.check_signers(1, [LOG.vkey], "1")
    relations.check_signers(3, [LOG.vkey], "3")
    relations.check_signers(2, [new.vkey], "2")
    relations.check_signers(9, [LOG.vkey, new.vkey], "9")
    with pytest.raises(ExportFaulty, match="key_not_announced"):
        relations.check_signers(1, [new.vkey], "1")
    with pytest.raises(ExportFaulty, match="key_retired"):
        relations.check_signers(4, [LOG.vkey], "4")
    with pytest.raises(ExportFaulty, match="key_not_announced"):
        relations.check_signers(4, [signer(4).vkey], "4")


def test_no_later_entry_brings_a_retired_key_back():
    relations = follow(
        opening(),
        key_event(1, "key_retired", LOG, tree_size=2),
        key_event(2, "key_retired", LOG, tree_size=9),
        key_event(3, "key_added", LOG),
    )
    with pytest.raises(ExportFaulty, match="key_retired"):
        relations.check_signers(4, [LOG.vkey], "4")
