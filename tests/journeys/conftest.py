"""Journeys speak HTTP to a real service on the loopback; other tests have no sockets."""

from pathlib import Path

import pytest

from tests.journeys.running import evidence


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.server)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A fresh demonstration installation, at a path with a space and Chinese letters."""
    folder = tmp_path / "证据 数据" / "data"
    made = evidence("init", "--demo", "--data", folder)
    assert made.returncode == 0, made.stderr
    return folder
