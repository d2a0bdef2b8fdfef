"""The Merkle tree of RFC 6962: hashes, roots, and the compact range that a writer extends.

Leaf = SHA-256(0x00 ‖ bytes), node = SHA-256(0x01 ‖ left ‖ right), empty = SHA-256("").
Proofs are made in `proofs` from rows of hashes, eight levels apart (C2SP tlog-tiles).
"""

import hashlib
from collections.abc import Sequence

from evidence_service.audit.faults import ProofInvalid

HASH_BYTES = 32
SIZE_BYTES = 8
MAX_SIZE = 2**53 - 1

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Give the hash of a leaf: 32 bytes over the entry's canonical bytes and nothing else."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Give the hash of an inner node over its two children of 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Give the root over a row of hashes (RFC 6962 §2.1); over none, the empty root.

    An odd one at the end moves up as it is: the same tree as splitting at the largest power of
    two, without recursion.
    """
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        above = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        if len(row) % 2:
            above.append(row[-1])
        row = above
    return row[0]


def fold(peaks: Sequence[bytes]) -> bytes:
    """Give the root of full subtrees that stand side by side, the widest first.

    Args:
        peaks: roots of the full subtrees that a size consists of, one per bit that is set.
    """
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


class Frontier:
    """A compact range from the first leaf on: all that is needed to append and to know the root.

    It holds one hash per bit that is set in the size, so a writer never reads the tree.
    """

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @property
    def size(self) -> int:
        """Give the number of leaves."""
        return self._size

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """Give the roots of the full subtrees, the widest first."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> None:
        """Take the next leaf hash, 32 bytes.

        Raises:
            ProofInvalid: it is no hash.
        """
        if len(leaf) != HASH_BYTES:
            raise ProofInvalid("hash_length")
        node, below = leaf, self._size
        while below & 1:
            node = node_hash(self._peaks.pop(), node)
            below >>= 1
        self._peaks.append(node)
        self._size += 1

    def root(self) -> bytes:
        """Give the root of the tree so far."""
        return fold(self._peaks)

    def to_bytes(self) -> bytes:
        """Write it down: the size in 8 bytes, big-endian, and the peaks."""
        return self._size.to_bytes(SIZE_BYTES, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """Read what `to_bytes` wrote.

        Raises:
            ProofInvalid: the bytes are no frontier.
        """
        size = int.from_bytes(data[:SIZE_BYTES], "big")
        if len(data) != SIZE_BYTES + HASH_BYTES * size.bit_count() or size > MAX_SIZE:
            raise ProofInvalid("frontier_form")
        frontier = cls()
        frontier._size = size
        frontier._peaks = [
            data[at : at + HASH_BYTES] for at in range(SIZE_BYTES, len(data), HASH_BYTES)
        ]
        return frontier
