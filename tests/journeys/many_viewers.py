"""Eight people look at pages at once: no answer but the right one, and what it costs.

`scripts/soak` runs a thousand views and prints the figures; the tests run fewer.
"""

import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from evidence_service.demo.cast import DEMO_CASE
from evidence_service.demo.drawings import appraisal_opinion
from tests.journeys.running import evidence, serving
from tests.journeys.test_command_line import opened_case

VIEWERS = 8
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True)
class Cost:
    """What the views cost: all processes of the service together, in MB and milliseconds."""

    views: int
    other_answers: int
    service_mb: float
    all_processes_mb: float
    cpu_ms_a_view: float


def look(data: Path, views: int) -> Cost:
    """View pages of a 12-page scanned appraisal through HTTP, by eight at once."""
    with serving(data) as service:
        token, case_id = opened_case(service)
        client = httpx.Client(
            base_url=f"{service.url}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=60,
        )
        with client, ThreadPoolExecutor(VIEWERS) as pool:
            pages = _pages(client, case_id)
            group = os.getpgid(service.process.pid)
            before = _cpu_ticks(group)
            wanted = [pages[number % len(pages)] for number in range(views)]
            statuses = list(pool.map(lambda path: _seen(client, path), wanted))
            spent = _cpu_ticks(group) - before
            memory = _memory_mb(group)
    return Cost(
        views=views,
        other_answers=sum(status != 200 for status in statuses),
        service_mb=round(max(memory, default=0), 1),
        all_processes_mb=round(sum(memory), 1),
        cpu_ms_a_view=round(1000 * spent / TICKS_PER_SECOND / views, 1),
    )


def _pages(client: httpx.Client, case_id: str) -> list[str]:
    made = client.post(
        f"/cases/{case_id}/documents",
        data={"kind": "appraisal_opinion", "received_on": "2026-01-05"},
        files={"files": ("鉴定意见书.pdf", appraisal_opinion(DEMO_CASE), "application/pdf")},
    )
    assert made.status_code == 201, made.text
    document = made.json()["id"]
    viewing = client.post(f"/documents/{document}/viewings", json={"purpose": "handling"}).json()
    return [f"/viewings/{viewing['id']}/pages/{n + 1}" for n in range(viewing["page_count"])]


def _seen(client: httpx.Client, path: str) -> int:
    answer = client.get(path)
    return answer.status_code if answer.content.startswith(b"\xff\xd8") else 0


def _processes(group: int) -> list[list[str]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            rest = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(rest[2]) == group:
            found.append(rest)
    return found


def _cpu_ticks(group: int) -> int:
    return sum(sum(map(int, rest[11:15])) for rest in _processes(group))


def _memory_mb(group: int) -> list[float]:
    return [int(rest[21]) * PAGE_KIB / 1024 for rest in _processes(group)]


def main() -> None:
    """Print what so many views cost, as one JSON line."""
    views = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        made = evidence("init", "--demo", "--data", data)
        assert made.returncode == 0, made.stderr
        print(json.dumps(asdict(look(data, views))))  # noqa: T201  its answer


if __name__ == "__main__":
    main()
