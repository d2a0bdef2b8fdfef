"""Receipts: what the log hands out after a durable commit, and nobody else can make.

Promise 1 (no receipt, no bytes) stands on these types: whoever opens evidence asks for a
`Receipt[Grant]`, whoever answers with bytes for a `Receipt[Release]`, and mypy refuses the rest.
At run time the constructor asks for a mark that only `audit.log` holds.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from evidence_service.audit.drafts import Draft

D = TypeVar("D", bound=Draft)
D_co = TypeVar("D_co", bound=Draft, covariant=True)

_MARK = object()


@dataclass(frozen=True, slots=True)
class Receipt(Generic[D_co]):
    """Entry `index` stands in the log, durably, and says `what`."""

    index: int
    what: D_co
    _mark: object

    def __post_init__(self) -> None:
        """Refuse a receipt that the log did not make."""
        if self._mark is not _MARK:
            raise TypeError("only the log makes receipts")


def _issue(index: int, what: D) -> Receipt[D]:
    """Make a receipt. For `audit.log` alone, after the commit."""
    return Receipt(index, what, _MARK)
