"""The house whose doors are tried."""

from tests.house import copy, house, marked, scene

__all__ = ["copy", "house", "marked", "scene"]
