"""A child may crash, hang, eat memory or lie: the caller gets an answer, and the pool goes on."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from watermark import cage
from watermark.cage import ForkServer, environment
from watermark.errors import FileRefused, PageUndrawable, QueueFull, RendererDown
from watermark.limits import MIB, Limits
from watermark.render import KNOWN_GOOD, Renderer

PDF = "application/pdf"
PATIENCE_SECONDS = 20


def wait_until(true):
    """Wait until something is so; give up loudly."""
    until = time.monotonic() + PATIENCE_SECONDS
    pause = threading.Event()
    while not true():
        assert time.monotonic() < until, "it never became so"
        pause.wait(0.002)


def server_pid(renderer):
    return renderer._server._process.pid


def children_of(pid):
    said = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in said.split() if not state_of(int(word)).startswith("Z")]


def names_in(folder):
    return [entry.name for entry in pathlib.Path(folder).iterdir()]


def state_of(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].strip()
    return "Z"


@pytest.fixture(scope="module")
def slow_page(build):
    return build.nested_forms()


@pytest.fixture(scope="module")
def impatient():
    with Renderer(Limits(page_seconds=0.3, first_look_seconds=0.4, ready=1)) as one:
        yield one


def test_page_that_takes_too_long_is_given_up(impatient, slow_page, build):
    before = time.monotonic()
    with pytest.raises(PageUndrawable, match="page 1: too_slow"):
        impatient.render(slow_page, PDF, 1)
    assert time.monotonic() - before < 3
    assert impatient.render(build.page_pdf(b""), PDF, 1).warnings == ()


def test_first_look_that_takes_too_long_is_given_up(impatient, slow_page):
    with pytest.raises(FileRefused, match="too_slow"):
        impatient.inspect(slow_page, len(slow_page), "a.pdf")


def test_a_renderer_whose_children_cannot_work_says_so():
    starved = Renderer(Limits(first_look_seconds=1e-6, ready=1))  # of time
    with starved, pytest.raises(RendererDown, match="behind its fence"):
        starved.prove()
    with Renderer(Limits(ready=1)) as whole:
        whole.prove()
        assert whole.inspect(KNOWN_GOOD, len(KNOWN_GOOD), "a.png").media == "image/png"


def test_child_that_was_given_up_is_gone(impatient, slow_page):
    with pytest.raises(PageUndrawable):
        impatient.render(slow_page, PDF, 1)
    wait_until(lambda: len(children_of(server_pid(impatient))) <= 1)


def test_child_that_eats_memory_ends_alone(build):
    picture = build.coded(".png", np.zeros((4000, 4000, 4), np.uint16))
    with Renderer(Limits(memory_bytes=480 * MIB, ready=1)) as small:
        with pytest.raises(PageUndrawable, match="out_of_memory"):
            small.render(picture, "image/png", 1)
        with pytest.raises(FileRefused, match="too_many_pixels"):
            small.inspect(picture, len(picture), "a.png")
        assert small.render(build.page_pdf(b""), PDF, 1).pixels.size


def test_child_that_is_killed_amid_a_page_fails_that_page_only(slow_page, build):
    with Renderer(Limits(ready=0, workers=1)) as lone, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(lone.render, slow_page, PDF, 1)
        wait_until(lambda: children_of(server_pid(lone)))
        os.kill(children_of(server_pid(lone))[0], signal.SIGKILL)
        with pytest.raises(PageUndrawable, match="reader_failed"):
            answer.result(PATIENCE_SECONDS)
        assert lone.render(build.page_pdf(b""), PDF, 1).pixels.size


def test_waiting_child_that_died_is_not_used(build):
    with Renderer(Limits(ready=2)) as one:
        for pid in children_of(server_pid(one)):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(child.alive for child in one._waiting))
        assert one.render(build.page_pdf(b""), PDF, 1).pixels.size


def test_fork_server_that_died_is_replaced(build):
    with Renderer(Limits(ready=2)) as one:
        first = server_pid(one)
        waiting = list(one._waiting)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not one._server.alive)
        wait_until(lambda: not any(child.alive for child in waiting))  # its children went with it
        assert one.render(build.page_pdf(b""), PDF, 1).pixels.size
        assert server_pid(one) != first


def test_closing_ends_server_and_children():
    one = Renderer(Limits(ready=2))
    pid, children = server_pid(one), children_of(server_pid(one))
    one.close()
    one.close()
    assert len(children) == 2
    wait_until(lambda: all(state_of(child).startswith("Z") for child in [pid, *children]))
    with pytest.raises(RendererDown):
        one.render(b"%PDF-", PDF, 1)


def test_caller_beyond_the_queue_is_told_to_come_again(slow_page, build):
    limits = Limits(workers=1, queue=1, queue_seconds=60, ready=1, page_seconds=0.5)
    with Renderer(limits) as one, ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(one.render, slow_page, PDF, 1) for _ in range(2)]
        wait_until(lambda: one._callers == 2)
        with pytest.raises(QueueFull):
            one.render(build.page_pdf(b""), PDF, 1)
        for call in calls:
            with pytest.raises(PageUndrawable):
                call.result(PATIENCE_SECONDS)
        assert one.render(build.page_pdf(b""), PDF, 1).pixels.size


def test_caller_does_not_wait_for_ever(slow_page):
    limits = Limits(workers=1, queue=1, queue_seconds=0.05, ready=1, page_seconds=0.4)
    with Renderer(limits) as one, ThreadPoolExecutor(1) as pool:
        call = pool.submit(one.render, slow_page, PDF, 1)
        wait_until(lambda: one._callers == 1)
        with pytest.raises(QueueFull):
            one.render(slow_page, PDF, 1)
        with pytest.raises(PageUndrawable):
            call.result(PATIENCE_SECONDS)


def test_sixteen_threads_get_what_one_gets(renderer, good):
    kinds = [
        ("linn.pdf", PDF), ("epson.pdf", PDF), ("rotated_skew.pdf", PDF), ("sizes.pdf", PDF),
        ("DSCN0010.jpg", "image/jpeg"), ("landscape_6.jpg", "image/jpeg"),
        ("exif.png", "image/png"), ("fax2d.tif", "image/tiff"),
    ] * 2  # fmt: skip

    def one(kind):
        name, media = kind
        data = (good / name).read_bytes()
        seen = renderer.inspect(data, len(data), name)
        return seen, renderer.render(data, media, 1).pixels

    alone = [one(kind) for kind in kinds[:8]] * 2
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(one, kinds))
    for (seen, pixels), (seen_too, pixels_too) in zip(alone, together, strict=True):
        assert seen == seen_too
        assert np.array_equal(pixels, pixels_too)


def test_children_start_in_milliseconds(renderer):
    before = time.monotonic()
    for _ in range(10):
        with renderer._fork(1024 * MIB) as child:
            until = time.monotonic() + PATIENCE_SECONDS
            header = {"task": "draw", "size_bytes": 1, "limits": {}, "media": "image/png"}
            child.send(header, b"x", until)
            assert child.answer(until) == {"problem": "damaged"}
    assert (time.monotonic() - before) / 10 < 0.1  # about 5 ms on an idle machine


def test_fork_server_knows_nothing_of_the_parents_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    server = ForkServer(Limits())
    try:
        said = pathlib.Path(f"/proc/{server._process.pid}/environ").read_bytes()
        variables = dict(part.split(b"=", 1) for part in said.split(b"\0") if part)
        assert variables == {k.encode(): v.encode() for k, v in environment(Limits()).items()}
        assert set(environment(Limits())) == {
            "PATH", "LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM",
            "OPENCV_IO_MAX_IMAGE_PIXELS",
        }  # fmt: skip
    finally:
        server.close()


def test_fork_server_has_one_thread(renderer):
    assert names_in(f"/proc/{server_pid(renderer)}/task") == [str(server_pid(renderer))]


def test_child_is_limited_and_holds_two_descriptors():
    with Renderer(Limits(ready=1)) as one:
        pid = children_of(server_pid(one))[0]
        wait_until(lambda: "Max open files            0" in limits_of(pid))
        said = {line[:26].strip(): line[26:].split()[:2] for line in limits_of(pid).splitlines()}
        for name in ("file size", "processes", "core file size", "locked memory", "open files"):
            assert said[f"Max {name}"] == ["0", "0"]
        assert said["Max address space"] == [str((1024 + 64) * MIB)] * 2
        assert said["Max cpu time"] == ["22", "22"]
        if os.geteuid() == 0:  # the child is not dumpable, so nobody else may look
            assert len(names_in(f"/proc/{pid}/fd")) == 2
        assert os.getpriority(os.PRIO_PROCESS, pid) >= 5


def limits_of(pid):
    return pathlib.Path(f"/proc/{pid}/limits").read_text()


def test_server_that_cannot_load_its_libraries_is_an_error_not_a_slow_start(monkeypatch):
    monkeypatch.setattr(cage, "PROGRAM", "import no_such_library")
    with pytest.raises(RendererDown, match="No module named 'no_such_library'"):
        Renderer()


def test_renderer_works_in_a_process_that_was_forked_after_it_started(good):
    program = f"""
import os, sys, pathlib
sys.path.insert(0, {str(cage.PACKAGE_ROOT)!r})
from watermark.render import Renderer
data = pathlib.Path({str(good / "linn.png")!r}).read_bytes()
with Renderer() as one:
    pid = os.fork()
    if pid == 0:
        with one:
            os._exit(0 if len(one.inspect(data, len(data), "a.png").pages) == 1 else 3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert len(one.inspect(data, len(data), "a.png").pages) == 1
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_children_die_with_the_parent():
    program = f"""
import os, sys, pathlib
sys.path.insert(0, {str(cage.PACKAGE_ROOT)!r})
from watermark.render import Renderer
one = Renderer()
print(one._server._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    pid = int(done.stdout)
    wait_until(lambda: state_of(pid).startswith("Z"))
    assert done.returncode == -9


@pytest.mark.slow
def test_parents_memory_and_descriptors_stay_flat_over_300_views(renderer, good):
    data = (good / "epson.pdf").read_bytes()

    def resident_kib():
        said = pathlib.Path("/proc/self/status").read_text()
        return int(said.split("VmRSS:")[1].split()[0])

    for _ in range(20):
        renderer.render(data, PDF, 1)
    memory, descriptors = resident_kib(), len(names_in("/proc/self/fd"))
    for _ in range(300):
        renderer.render(data, PDF, 1)
    assert resident_kib() - memory < 20 * 1024
    assert len(names_in("/proc/self/fd")) <= descriptors + 6  # a refill may be on its way
