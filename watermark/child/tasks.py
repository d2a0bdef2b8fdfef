"""One job: read header and document from one pipe, write answer and pixels to the other."""

import json
import os
from collections.abc import Callable
from typing import Any

from watermark.child.draw import draw
from watermark.child.job import Job, job_from
from watermark.child.look import look
from watermark.child.pictures import Pixels
from watermark.child.verdict import Refused, Undrawable
from watermark.wire import HEADER_MAX_BYTES, LENGTH_BYTES, framed

Answer = tuple[dict[str, Any], Pixels | None]
TASKS: dict[str, Callable[[memoryview, Job], Answer]] = {"look": look, "draw": draw}


def serve_one(job_fd: int, answer_fd: int) -> None:
    """Do the one job that comes in; whatever goes wrong becomes a word, never a traceback."""
    length = int.from_bytes(_read(job_fd, LENGTH_BYTES), "big")
    if not 0 < length <= HEADER_MAX_BYTES:
        return
    job = job_from(json.loads(bytes(_read(job_fd, length))))
    answer, pixels = _outcome(job, job_fd)
    _write(answer_fd, memoryview(framed(answer)))
    if pixels is not None:
        _write(answer_fd, pixels.data.cast("B"))


def _outcome(job: Job, job_fd: int) -> Answer:
    """Return the task's answer, or the word for why there is none."""
    try:
        document = _read(job_fd, job.size_bytes)
        return TASKS[job.task](document, job)
    except Refused as refused:
        return {"refused": [refused.reason, refused.found, refused.where]}, None
    except Undrawable as undrawable:
        return {"problem": undrawable.problem}, None
    except MemoryError:
        return {"problem": "out_of_memory"}, None
    except Exception:  # noqa: BLE001 - hostile input may raise anything; all of it means one thing
        return {"problem": "reader_failed"}, None


def _read(descriptor: int, count: int) -> memoryview:
    """Return exactly `count` bytes; a parent that goes away ends the child."""
    view = memoryview(bytearray(count))
    done = 0
    while done < count:
        got = os.readv(descriptor, [view[done:]])
        if got == 0:
            os._exit(1)
        done += got
    return view


def _write(descriptor: int, view: memoryview) -> None:
    """Write all of it."""
    while view:
        view = view[os.write(descriptor, view) :]
