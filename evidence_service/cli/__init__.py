"""The `evidence` command: one module a noun, loaded when it is asked for.

Exit codes that scripts can trust are drawn in `output.Exit`.
"""

from evidence_service.cli.contents import evidence
from evidence_service.cli.output import run


def main() -> None:
    """Run the command line; faults become one sentence and an exit code."""
    run(evidence)
