"""One module per act. The only readers of evidence bytes; the only callers of marks and store.

Each act has the same shape: read the facts, decide, record the entry with its change, answer.
"""
