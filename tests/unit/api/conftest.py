"""The house of all tests of the API."""

from tests.house import copy, house, marked, scene

__all__ = ["copy", "house", "marked", "scene"]
