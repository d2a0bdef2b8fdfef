"""Pixels: looks at files, draws pages, marks them for one viewing. Knows neither cases nor HTTP."""
