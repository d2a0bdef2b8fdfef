"""Decisions: who may do what with which evidence, and the article that says so. Pure."""
