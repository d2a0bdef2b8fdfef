"""Errors of the policies, drawn as one tree. A refusal is not an error: it is a `Decision`.

PolicyError
├── PoliciesBroken      the set is not complete and sound: no start; names every fault
└── FactsIncomplete     a question without all its facts; the engine turns it into a refusal
"""

from collections.abc import Sequence


class PolicyError(Exception):
    """The base of all errors that policies raise on purpose."""


class PoliciesBroken(PolicyError):
    """The policies cannot be relied on. `faults` names all that was found, for the operator."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class FactsIncomplete(PolicyError):
    """A fact is missing, empty, too long, or not in the vocabulary. Never carries its value."""
