"""MuPDF as the children use it. It carries no types, so here it is `Any`, and nowhere else."""

import importlib
from typing import Any

pymupdf: Any = importlib.import_module("pymupdf")
Document = Any
Page = Any
ERRORS: tuple[type[Exception], ...] = (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError)
