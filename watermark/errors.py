"""Every error of the pixels library, drawn as one tree.

WatermarkError
├── FileRefused        a file is not taken: reason, found, where
├── PageUndrawable     one page cannot be drawn within its limits
├── QueueFull          too many callers wait for a renderer: come again
├── RendererDown       the renderer cannot be started, or was closed
├── PreparedBroken     bytes that are no prepared page
└── PageUnfit          pixels or a JPEG that cannot become a marked page

Reasons of `FileRefused`: unsupported_format, unsupported_variant, type_mismatch, empty_file,
truncated, damaged, encrypted, zero_pages, too_many_pages, too_many_pixels, polyglot, too_large,
and, when the first look itself met a limit, too_slow and reader_failed.
Problems of `PageUndrawable`: no_such_page, damaged, too_slow, out_of_memory, reader_failed.
"""

from dataclasses import dataclass

REFUSALS = frozenset({
    "unsupported_format", "unsupported_variant", "type_mismatch", "empty_file", "truncated",
    "damaged", "encrypted", "zero_pages", "too_many_pages", "too_many_pixels", "polyglot",
    "too_large", "too_slow", "reader_failed",
})  # fmt: skip
PROBLEMS = frozenset({"no_such_page", "damaged", "too_slow", "out_of_memory", "reader_failed"})


class WatermarkError(Exception):
    """The base of all errors that this library raises on purpose."""


@dataclass
class FileRefused(WatermarkError):
    """A file is not taken: `reason` is a token, `found` what was seen, `where` in which part."""

    reason: str
    found: str = ""
    where: str = ""

    def __str__(self) -> str:
        """Say the reason alone: contents of files do not go into logs."""
        return self.reason


@dataclass
class PageUndrawable(WatermarkError):
    """Page `page` (from 1) cannot be drawn; `problem` is a token."""

    page: int
    problem: str

    def __str__(self) -> str:
        """Say which page, and why."""
        return f"page {self.page}: {self.problem}"


class QueueFull(WatermarkError):
    """As many callers wait for a renderer as may wait."""


class RendererDown(WatermarkError):
    """The renderer's fork server cannot be started, or was closed."""


class PreparedBroken(WatermarkError):
    """These bytes are not a prepared page of a version we read."""


class PageUnfit(WatermarkError):
    """Pixels or a JPEG of a kind that cannot become a page of ours."""
