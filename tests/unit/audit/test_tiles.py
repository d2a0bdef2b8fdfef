"""Paths of tiles, both ways, and which ones a tree has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.audit.faults import TilePathInvalid
from evidence_service.audit.tiles import ENTRIES, Tile, bundles_of, parse_path, tiles_of, wanted

from .vectors import cases, read

DATA = read("tile-paths.json")


@pytest.mark.parametrize("case", cases(DATA["paths"], "path"))
def test_a_tile_has_one_path(case):
    tile = Tile(case["level"], case["index"], case["width"])
    assert tile.path == case["path"]
    assert parse_path(case["path"]) == tile


@pytest.mark.parametrize("case", cases(DATA["sets"], "tree_size"))
def test_a_tree_has_exactly_its_tiles(case):
    size = case["tree_size"]
    paths = [tile.path for tile in tiles_of(size)]
    if "tiles" in case:
        assert sorted(paths) == sorted(case["tiles"])
    else:
        assert len(paths) == case["count"]
        assert [path for path in paths if ".p/" in path] == case["partial"]
    bundles = [tile.path for tile in bundles_of(size)]
    level_0 = [path for path in paths if path.startswith("tile/0/")]
    assert bundles == [path.replace("tile/0/", "tile/entries/") for path in level_0]
    for tile in [*tiles_of(size), *bundles_of(size)]:
        assert wanted(tile.level, tile.index, size) == tile


@pytest.mark.parametrize("path", cases(DATA["bad_paths"]))
def test_a_malformed_path_is_refused(path):
    with pytest.raises(TilePathInvalid):
        parse_path(path)


@pytest.mark.parametrize("level", [0, 1, ENTRIES])
def test_nothing_lies_beyond_the_tree(level):
    assert wanted(level, 3, 700) is None


@given(st.text(alphabet="tile/0123456789.pxentriesó\n", max_size=30))
def test_hostile_paths_are_refused_or_written_the_same(text):
    path = f"tile/{text}"
    try:
        tile = parse_path(path)
    except TilePathInvalid:
        return
    assert tile.path == path
