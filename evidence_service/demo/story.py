"""The main story, told over HTTP against the real service, step by step.

`tell` tells all of it and checks every step; `fill` makes the case alone, for people who want to
look around themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evidence_service.demo.chapters import large, party, police, supervision
from evidence_service.demo.teller import Teller
from evidence_service.demo.told import Told

Step = tuple[str, Callable[[Told], Mapping[str, Any]]]

_CASE: Sequence[Step] = (
    ("officer signs in", police.signs_in),
    ("officer opens the case", police.opens_the_case),
    ("head assigns the second officer", police.head_assigns_the_second_officer),
    ("officer uploads documents", police.uploads_documents),
)
_PAPERS: Sequence[Step] = (
    ("second officer releases", police.second_officer_releases),
    ("head examines the reports", police.head_examines_reports),
    ("determination is made", police.determination_is_made),
    ("determination and reports are served on A", police.served_on_a_alone),
    ("officer issues vouchers", police.issues_vouchers),
)
_PARTIES: Sequence[Step] = (
    ("A makes an account", party.a_makes_an_account),
    ("A sees what is open and why not", party.a_sees_the_case),
    ("A looks at marked pages", party.a_looks_at_pages),
    ("A takes a marked copy", party.a_takes_a_copy),
    ("B is refused, with the reason", party.b_is_refused),
    ("a stranger learns nothing", party.a_stranger_learns_nothing),
    ("a withdrawal bites between two pages", party.a_withdrawal_bites),
)
_SUPERVISION: Sequence[Step] = (
    ("supervisor lists the log", supervision.supervisor_lists_the_log),
    ("an entry is proved", supervision.an_entry_is_proved),
    ("the log verifies", supervision.the_log_verifies),
)

STORY: Sequence[Step] = (
    *_CASE,
    ("a large file is broken off and resumed", large.uploads_a_large_file),
    *_PAPERS,
    *_PARTIES,
    *_SUPERVISION,
)
FILLING: Sequence[Step] = (
    *_CASE,
    ("a large file", large.uploads_a_large_file_in_one_go),
    *_PAPERS,
    ("accounts of parties", party.make_accounts),
)


def tell(teller: Teller) -> None:
    """Tell the whole story.

    Raises:
        StoryBroken: at the first step that is not as it should be.
    """
    _go(teller, STORY)


def fill(teller: Teller) -> None:
    """Make the case, its papers and its parties' accounts.

    Raises:
        StoryBroken: something could not be made.
    """
    _go(teller, FILLING)


def _go(teller: Teller, steps: Sequence[Step]) -> None:
    told = Told(teller)
    teller.step("the service is ready", teller.wait_until_ready)
    for name, do in steps:
        teller.step(name, lambda do=do: do(told))  # type: ignore[misc]  # bound in its own round
