"""Where the shared material lies: samples, vectors, laws. Read there, never copied."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("TEST_SHARED_DIR", Path(__file__).resolve().parents[2] / "shared"))
