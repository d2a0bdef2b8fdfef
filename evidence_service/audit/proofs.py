"""Inclusion and consistency proofs: made as RFC 6962 §2.1 says, checked as RFC 9162 §2.1 does.

Proofs are made from rows of hashes eight levels apart, as C2SP tiles have them: a database that
keeps the leaf hashes and one row per full subtree of 256 answers with a handful of range reads.
Size and root for a check come from a verified checkpoint, never from the proof's sender.
"""

import hmac
from collections.abc import Callable, Sequence

from evidence_service.audit.faults import ProofInvalid
from evidence_service.audit.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    MAX_SIZE,
    fold,
    node_hash,
    root_of,
)

TileHashes = Callable[[int, int, int], Sequence[bytes]]
"""(level, start, count) → hashes. Level 0: leaf hashes; level n: roots of full 256**n subtrees."""

TILE_HEIGHT = 8
TILE_WIDTH = 256

Proof = tuple[bytes, ...]


def root_at(size: int, read_hashes: TileHashes) -> bytes:
    """Give the root of the first `size` leaves; of none, the empty root.

    Raises:
        ProofInvalid: the size is none, or hashes are missing.
    """
    _check_size(size)
    return _Hashes(size, read_hashes).over(0, size)


def inclusion_proof(index: int, size: int, read_hashes: TileHashes) -> Proof:
    """Make the audit path of leaf `index` in the tree of `size`, the leaf's sibling first.

    Raises:
        ProofInvalid: the index is not in the tree, or hashes are missing.
    """
    _check_size(size)
    if not 0 <= index < size:
        raise ProofInvalid("index_not_in_tree")
    hashes = _Hashes(size, read_hashes)
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(hashes.over(middle, high))
            high = middle
        else:
            path.append(hashes.over(low, middle))
            low = middle
    return tuple(reversed(path))


def consistency_proof(old_size: int, new_size: int, read_hashes: TileHashes) -> Proof:
    """Make the proof that the tree of `new_size` extends that of `old_size`.

    Equal sizes and an old size of 0 have the empty proof.

    Raises:
        ProofInvalid: the sizes are none or exchanged, or hashes are missing.
    """
    _check_size(new_size)
    if not 0 <= old_size <= new_size:
        raise ProofInvalid("sizes_exchanged")
    if old_size in {0, new_size}:
        return ()
    hashes = _Hashes(new_size, read_hashes)
    low, high, path = 0, new_size, []
    while old_size != high:
        middle = low + _split(high - low)
        if old_size <= middle:
            path.append(hashes.over(middle, high))
            high = middle
        else:
            path.append(hashes.over(low, middle))
            low = middle
    if low > 0:  # the old root itself is known to the one who asks
        path.append(hashes.over(low, high))
    return tuple(reversed(path))


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Check that leaf hash `leaf` stands at `index` of the tree (RFC 9162 §2.1.3.2).

    Raises:
        ProofInvalid: it does not, or the proof is malformed.
    """
    _check_size(size)
    if not 0 <= index < size:
        raise ProofInvalid("index_not_in_tree")
    _check_hashes(leaf, root, *path)
    first, second, found = index, size - 1, leaf
    for each in path:
        if second == 0:
            raise ProofInvalid("proof_length")
        if first & 1 or first == second:
            found = node_hash(each, found)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            found = node_hash(found, each)
        first, second = first >> 1, second >> 1
    if second != 0:
        raise ProofInvalid("proof_length")
    _check_equal(found, root)


def verify_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the tree of `new_size` extends the one of `old_size` (RFC 9162 §2.1.4.2).

    Raises:
        ProofInvalid: it does not, or the proof is malformed.
    """
    _check_size(new_size)
    if not 0 <= old_size <= new_size:
        raise ProofInvalid("sizes_exchanged")
    _check_hashes(old_root, new_root, *path)
    if old_size in {0, new_size}:
        if path:
            raise ProofInvalid("proof_length")
        _check_equal(old_root, new_root if old_size == new_size else EMPTY_ROOT)
        return
    if not path:
        raise ProofInvalid("proof_length")
    old_found, new_found = _walk(old_size, old_root, new_size, path)
    _check_equal(old_found, old_root)
    _check_equal(new_found, new_root)


def _walk(
    old_size: int, old_root: bytes, new_size: int, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Climb both trees at once; give the roots that the path leads to."""
    # A full old tree is a node of the new one, and its root is left out of the path.
    nodes = list(path) if old_size & (old_size - 1) else [old_root, *path]
    first, second = old_size - 1, new_size - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    old_found = new_found = nodes[0]
    for each in nodes[1:]:
        if second == 0:
            raise ProofInvalid("proof_length")
        if first & 1 or first == second:
            old_found, new_found = node_hash(each, old_found), node_hash(each, new_found)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            new_found = node_hash(new_found, each)
        first, second = first >> 1, second >> 1
    if second != 0:
        raise ProofInvalid("proof_length")
    return old_found, new_found


class _Hashes:
    """Roots of parts of one tree, from tiles that are each read once."""

    def __init__(self, size: int, read_hashes: TileHashes) -> None:
        self._size = size
        self._read = read_hashes
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}

    def over(self, low: int, high: int) -> bytes:
        """Give the root over leaves low … high-1, where `low` is what RFC 6962 splits at."""
        peaks = []
        while low < high:
            width = high - low
            height = width.bit_length() - 1
            peaks.append(self._full(height, low >> height))
            low += 1 << height
        return fold(peaks)

    def _full(self, height: int, number: int) -> bytes:
        """Give the root of full subtree `number` of 2**height leaves."""
        level, inside = divmod(height, TILE_HEIGHT)
        start, count = number << inside, 1 << inside
        tile = self._tile(level, start // TILE_WIDTH)
        return root_of(tile[start % TILE_WIDTH : start % TILE_WIDTH + count])

    def _tile(self, level: int, number: int) -> Sequence[bytes]:
        key = (level, number)
        if key not in self._tiles:
            start = number * TILE_WIDTH
            count = min(TILE_WIDTH, (self._size >> (TILE_HEIGHT * level)) - start)
            found = self._read(level, start, count)
            if len(found) != count or any(len(each) != HASH_BYTES for each in found):
                raise ProofInvalid("hashes_missing", f"level {level} from {start}")
            self._tiles[key] = found
        return self._tiles[key]


def _split(count: int) -> int:
    """Give the largest power of two below a count of at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _check_size(size: int) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise ProofInvalid("size_form")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofInvalid("hash_length")


def _check_equal(found: bytes, expected: bytes) -> None:
    if not hmac.compare_digest(found, expected):
        raise ProofInvalid("root_mismatch")
