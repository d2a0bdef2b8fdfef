"""The answer to a question: allowed or not, by which policy, and what to tell the person."""

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_DENY = "default-deny"
ENGINE_DOUBT = "engine-doubt"


class Basis(StrEnum):
    """Whose rule a refusal rests on (wording rule 2)."""

    LAW = "law"
    PRACTICE = "practice"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Gate:
    """One closed gate: the policy that closed it and what would open it."""

    policy: str  # the policy's @id, as it stands in the log
    articles: tuple[str, ...]
    basis: Basis
    missing: str  # the fact that is not there, as a token
    next_step: str  # key of the ending that tells what to do (wording, endings)
    zh: str
    en: str
    hides: bool = False  # to people outside, the document reads as not there


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed only if a known permit matched, no forbid did, and nothing went wrong.

    `policies` are the sorted ids of the policies that decided, never empty: when nothing
    permits at all it is `DEFAULT_DENY`, when anything was in doubt `ENGINE_DOUBT`. `gates` are
    all the gates that are closed at once, in the order of the packaged list, empty when allowed
    and for a stranger to the thing, who learns nothing.
    """

    allowed: bool
    policies: tuple[str, ...]
    gates: tuple[Gate, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Sorted tokens of all missing facts, as they go into a refusal entry."""
        return tuple(sorted({gate.missing for gate in self.gates}))

    @property
    def hidden(self) -> bool:
        """Whether the refusal must read like "not there": a stranger's, or an unlisted document.

        The log gets `missing` all the same; the person gets the answer of strangers.
        """
        return not self.allowed and (not self.gates or any(gate.hides for gate in self.gates))
