"""One kind of problem (RFC 9457), in both languages: the shape of the rows of `problem_table`."""

from dataclasses import dataclass

from policies.explain import Saying

TYPE_PREFIX = "urn:accident-evidence:problem:"


@dataclass(frozen=True)
class Row:
    """A kind of problem: `name` ends its type, `next_step` is the key of an ending, or empty."""

    name: str
    status: int
    title: Saying
    detail: Saying
    next_step: str = ""
    retry_after_seconds: int | None = None


def row(
    name: str, status: int, title: tuple[str, str], detail: tuple[str, str], next_step: str = ""
) -> Row:
    """Make a row; titles and details are pairs, Chinese first."""
    return Row(name, status, Saying(*title), Saying(*detail), next_step)
