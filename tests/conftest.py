"""What all tests share: where the shared material lies."""

from pathlib import Path

import pytest

from tests.shared_material import SHARED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of samples, vectors and documents beside the project."""
    assert (SHARED / "samples" / "good" / "EXPECT.json").is_file(), f"nothing shared at {SHARED}"
    return SHARED
