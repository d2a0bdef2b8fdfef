"""Cursors of lists of the log: where the next page begins."""

import re

from evidence_service.errors import FieldWrong

_CURSOR = re.compile(r"0|[1-9][0-9]{0,15}")


def before_of(cursor: str) -> int | None:
    """Give the index that the next page stands before; None for the first page.

    Raises:
        FieldWrong: it is no cursor of ours.
    """
    if not cursor:
        return None
    if _CURSOR.fullmatch(cursor) is None:
        raise FieldWrong("cursor", "form")
    return int(cursor)
