"""Bytes: write-once objects, sealed, verified at every read. Knows neither cases nor HTTP."""
