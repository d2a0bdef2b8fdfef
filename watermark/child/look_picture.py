"""First look at a picture: headers, then one decoding to know that it can be shown."""

import time

from watermark.child.facts import Picture
from watermark.child.job import Job
from watermark.child.pictures import READERS, decode
from watermark.child.signatures import check_tail
from watermark.child.verdict import Refused, Undrawable

SHARE = 0.5  # of the first look's time goes into decoding the pages of a long file


def look_picture(document: memoryview, media: str, job: Job) -> dict[str, object]:
    """Return sizes, flags and unreadable pages.

    Raises:
        Refused: whatever the walkers find, no page that can be decoded, or too little memory.
    """
    picture = READERS[media](document, job.limits)
    flags = set(picture.flags)
    if picture.tail_at is not None and check_tail(bytes(document[picture.tail_at :])):
        flags.add("trailing_bytes")
    if len({(frame.width, frame.height) for frame in picture.frames}) > 1:
        flags.add("mixed_page_sizes")
    unreadable = _unreadable(document, media, picture, job)
    if len(unreadable) == len(picture.frames):
        raise Refused("damaged", "cannot be decoded", "picture")
    sizes = [[frame.width, frame.height, *frame.shown] for frame in picture.frames]
    return {
        "media": media,
        "unit": "px",
        "sizes": sizes,
        "flags": sorted(flags),
        "unreadable": unreadable,
    }


def _unreadable(document: memoryview, media: str, picture: Picture, job: Job) -> list[int]:
    """Return the pages (from 1) that cannot be decoded, as far as the time goes."""
    until = time.monotonic() + job.limits.first_look_seconds * SHARE
    failed = []
    for page in range(1, len(picture.frames) + 1):
        if time.monotonic() > until:
            break
        try:
            decode(document, media, picture, page)
        except Undrawable as undrawable:
            if undrawable.problem == "out_of_memory":
                raise Refused("too_many_pixels", "more than fits into memory", "picture") from None
            failed.append(page)
    return failed
