"""Whatever is done to an export's files is found: bits, removals, exchanges, cuts, junk."""

import itertools
import random
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit.check import check_export
from evidence_service.audit.faults import ExportFaulty, ExportForked, ExportRolledBack

from .small_log import ENTRIES, SmallLog, checkpoint, files_of, granted
from .vectors import NOW, VECTORS, keys

LOG = SmallLog()
UNCHECKED = {"keys"}  # for convenience: a verifier brings its own
PATHS = (
    "checkpoint",
    "checkpoints/0000000000000001",
    "checkpoints/0000000000000003",
    "checkpoints/0000000000000006",
    "tile/0/000.p/6",
    "tile/entries/000.p/6",
)


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    folder = LOG.write(tmp_path_factory.mktemp("export"))
    assert set(files_of(folder)) == {*PATHS, *UNCHECKED}
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "export"
    shutil.copytree(VECTORS / "export", folder)
    return folder


class Damage:
    """Replaces files for a moment, and sees that it is found."""

    def __init__(self, folder, check=LOG.check):
        self.folder = folder
        self.check = check

    def is_found(self, **changes):
        """Say whether the check names a fault when these files have these bytes (None: gone)."""
        before = {path: (self.folder / path).read_bytes() for path in changes}
        for path, data in changes.items():
            if data is None:
                (self.folder / path).unlink()
            else:
                (self.folder / path).write_bytes(data)
        try:
            self.check(self.folder)
        except ExportFaulty:
            return True
        finally:
            for path, data in before.items():
                (self.folder / path).write_bytes(data)
        return False


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def bits(data, every):
    """Give one bit of each byte, another one in turn, or every bit."""
    return range(8 * len(data)) if every else [8 * at + at % 8 for at in range(len(data))]


@pytest.mark.parametrize("path", PATHS)
def test_a_changed_bit_in_any_byte_is_found(export, path):
    damage, data = Damage(export), (export / path).read_bytes()
    assert [
        bit for bit in bits(data, every=False) if not damage.is_found(**{path: flipped(data, bit)})
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_every_changed_bit_is_found(export, path):
    damage, data = Damage(export), (export / path).read_bytes()
    assert [
        bit for bit in bits(data, every=True) if not damage.is_found(**{path: flipped(data, bit)})
    ] == []


@pytest.mark.parametrize("path", PATHS)
def test_every_cut_is_found(export, path):
    damage, data = Damage(export), (export / path).read_bytes()
    lengths = [*range(0, len(data), 7), len(data) - 1]
    assert [cut for cut in lengths if not damage.is_found(**{path: data[:cut]})] == []
    assert damage.is_found(**{path: data + b"\n"})
    assert damage.is_found(**{path: data + b"\x00"})


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("checkpoints/")])
def test_a_removed_file_is_found(export, path):
    assert Damage(export).is_found(**{path: None})


def test_a_removed_older_checkpoint_is_one_that_was_never_kept(export):
    whole = LOG.check(export).older_checkpoints
    data = (export / PATHS[1]).read_bytes()
    (export / PATHS[1]).unlink()
    try:
        assert LOG.check(export).older_checkpoints == whole - 1
    finally:
        (export / PATHS[1]).write_bytes(data)


@pytest.mark.parametrize("pair", list(itertools.combinations(PATHS, 2)), ids="-and-".join)
def test_two_files_exchanged_are_found(export, pair):
    first, second = ((export / path).read_bytes() for path in pair)
    assert Damage(export).is_found(**{pair[0]: second, pair[1]: first})


@given(st.sampled_from(PATHS), st.binary(max_size=64), st.integers(0, 400))
def test_hostile_bytes_in_any_file_are_found(export, path, junk, place):
    data = (export / path).read_bytes()
    damage = Damage(export)
    for hostile in (junk, data[:place] + junk, data[:place] + junk + data[place + len(junk) :]):
        assert hostile == data or damage.is_found(**{path: hostile})


def test_changed_bits_anywhere_in_the_sample_are_found(sample):
    damage = Damage(sample, lambda folder: check_export(folder, keys("keys/keys-quorum-1"), NOW))
    chance = random.Random(700)
    for path, data in files_of(sample).items():
        if path not in UNCHECKED:
            for _ in range(3):
                changed = flipped(data, chance.randrange(8 * len(data)))
                assert damage.is_found(**{path: changed}) or is_spare_line(path, data, changed)


def is_spare_line(path, data, changed):
    """Say whether only a line changed that an older checkpoint can do without.

    While two keys are valid both sign; a line of no known key is ignored, and one is enough.
    """
    if not path.startswith("checkpoints/"):
        return False
    body, lines = data.split(b"\n\n")
    other_body, other_lines = changed.split(b"\n\n")
    kept = set(lines.splitlines()) & set(other_lines.splitlines())
    return body == other_body and len(kept) == len(lines.splitlines()) - 1 == 1


def test_removed_and_exchanged_tiles_of_the_sample_are_found(sample):
    damage = Damage(sample, lambda folder: check_export(folder, keys(), NOW))
    tiles = {path: data for path, data in files_of(sample).items() if path.startswith("tile/")}
    for path in tiles:
        assert damage.is_found(**{path: None})
    for first, second in itertools.combinations(tiles, 2):
        assert damage.is_found(**{first: tiles[second], second: tiles[first]})


def test_an_older_true_export_is_good_until_a_newer_checkpoint_is_remembered(tmp_path):
    older = LOG.but(entries=ENTRIES[:5])
    folder = older.write(tmp_path)
    older.check(folder)
    with pytest.raises(ExportRolledBack):
        older.check(folder, known_checkpoint=LOG.checkpoint())


@pytest.mark.parametrize("size", [1, 3, 5, 6])
def test_a_fork_is_found_from_where_it_parts(tmp_path, size):
    fork = LOG.but(entries=(*ENTRIES[:3], granted(70), granted(71), granted(72)))
    folder = fork.write(tmp_path)
    known = checkpoint(ENTRIES[:size])
    if size <= 3:
        assert fork.check(folder, known_checkpoint=known).known_size == size
    else:
        with pytest.raises(ExportForked):
            fork.check(folder, known_checkpoint=known)
