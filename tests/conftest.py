"""What all tests share: where the shared material lies."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of samples, vectors and documents beside the project."""
    folder = Path(os.environ.get("TEST_SHARED_DIR", ROOT.parent / "shared"))
    assert (folder / "samples" / "good" / "EXPECT.json").is_file(), (
        f"no shared material at {folder}"
    )
    return folder
