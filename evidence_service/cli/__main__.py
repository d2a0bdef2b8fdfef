"""`python -m evidence_service.cli`, for places where the installed command is not on the path."""

from evidence_service.cli import main

main()
