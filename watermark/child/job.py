"""A job as the child gets it: what to do with one document, and within which limits."""

from dataclasses import dataclass
from typing import Any

from watermark.limits import Limits


@dataclass(frozen=True, slots=True)
class Job:
    """One task over one document. `ending` is the sent name's, with its dot, or empty."""

    task: str
    size_bytes: int
    limits: Limits
    ending: str = ""
    media: str = ""
    page: int = 1
    dpi: int = 150
    long_side_px: int = 0  # 0: as large as the raster limit allows


def job_from(message: dict[str, Any]) -> Job:
    """Return the job of a header, which the trusted parent wrote."""
    return Job(**{**message, "limits": Limits(**message["limits"])})
