"""The log that proves itself: entries, tree, proofs, checkpoints, export, independent checker.

The bytes are those of LOG-FORMATS; on top of them the writer lies (`log`), beside it the readers.
"""
