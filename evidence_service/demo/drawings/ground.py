"""The road as seen from above, painted for the photographs: asphalt, lines, marks, debris."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin

import cv2
import numpy as np
import numpy.typing as npt

from evidence_service.demo.drawings import site
from evidence_service.demo.drawings.camera import Camera, Picture, laid_out
from evidence_service.demo.drawings.site import Place, Standing

_ASPHALT = (124, 124, 122)  # blue, green, red
_WHITE = (206, 210, 212)
_YELLOW = (66, 168, 206)


@dataclass(frozen=True)
class Board:
    """A drawing of a piece of ground: pixels, north-western corner, pixels per metre."""

    pixels: Picture
    corner: Place
    scale: float

    def at(self, places: Sequence[Place]) -> npt.NDArray[np.int32]:
        """Places as pixels with four binary digits behind the point, as OpenCV takes them."""
        spots = (np.asarray(places, np.float64) - self.corner) * (self.scale, -self.scale)
        return np.round(spots * 16).astype(np.int32)

    def fill(self, places: Sequence[Place], colour: Sequence[int]) -> None:
        """Fills a shape."""
        cv2.fillPoly(self.pixels, [self.at(places)], tuple(colour), cv2.LINE_AA, 4)

    def stripe(
        self, a: Place, b: Place, width: float, colour: Sequence[int], dash: float = 0.0
    ) -> None:
        """Paints a straight line of a width in metres, broken in pieces of `dash` metres."""
        start, end = np.asarray(a, float), np.asarray(b, float)
        length = float(np.hypot(*(end - start)))
        along = (end - start) / length
        across = np.array([-along[1], along[0]]) * width / 2
        pieces = np.arange(0, length, 2 * dash) if dash else [0.0]
        for piece in pieces:
            p, q = start + along * piece, start + along * min(piece + (dash or length), length)
            self.fill([tuple(c) for c in (p + across, q + across, q - across, p - across)], colour)


def _kerb(east: int, north: int, grown: float = 0.0) -> list[Place]:
    radius = site.CORNER - grown
    cx, cy = site.SIDE_HALF + site.CORNER, site.MAIN_HALF + site.CORNER
    bend = [(cx - radius * cos(t), cy - radius * sin(t)) for t in np.linspace(0, pi / 2, 17)]
    line = [(site.SIDE_HALF + grown, 99.0), *bend, (99.0, site.MAIN_HALF + grown), (99.0, 99.0)]
    return [(east * x, north * y) for x, y in line]


def _pavements(board: Board) -> None:
    for east, north in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        board.fill(_kerb(east, north), (168, 172, 174))
        board.fill(_kerb(east, north, 0.2), (116, 120, 124))
        board.fill(_kerb(east, north, 0.35), (128, 136, 146))
        board.fill(_kerb(east, north, 3.2), (150, 156, 162))
        board.fill(_kerb(east, north, 5.5), (62, 92, 78))


def _lines(board: Board) -> None:
    for side in (-1, 1):
        _lines_of_main_road(board, side)
        _lines_of_side_road(board, side)
        _zebras(board, side)
    for y, x, way in ((-1.75, -23.0, 1), (-5.25, -23.0, 1), (1.75, 23.0, -1), (5.25, 23.0, -1)):
        board.stripe((x - 2.2 * way, y), (x + 1.2 * way, y), 0.18, _WHITE)
        tip = [(x + 2.6 * way, y), (x + 1.0 * way, y + 0.4), (x + 1.0 * way, y - 0.4)]
        board.fill(tip, _WHITE)


def _lines_of_main_road(board: Board, side: int) -> None:
    near, far = site.STOP_LINE * side, 90.0 * side
    for y in (-0.15, 0.15):
        board.stripe((near, y), (far, y), 0.13, _YELLOW)
    for y in (site.LANE, -site.LANE):
        if y * side > 0:  # solid before the stop line
            board.stripe((near, y), (near + 25 * side, y), 0.13, _WHITE)
            near_broken = near + 25 * side
        else:
            near_broken = near
        board.stripe((near_broken, y), (far, y), 0.13, _WHITE, 4.0)
    for y in (7.0, -7.0):
        board.stripe((near, y), (far, y), 0.13, _WHITE)
    board.stripe((near, 0.1 * side), (near, 9.3 * side), 0.4, _WHITE)


def _lines_of_side_road(board: Board, side: int) -> None:
    near, far = site.STOP_LINE_SIDE * side, 90.0 * side
    board.stripe((0, near), (0, far), 0.15, _YELLOW)
    board.stripe((0, near), (-5.8 * side, near), 0.4, _WHITE)
    for x in (site.LANE, -site.LANE):
        board.stripe((x, near), (x, far), 0.13, _WHITE)


def _zebras(board: Board, side: int) -> None:
    for y in np.arange(-8.8, 9.0, 1.1):
        edges = [side * edge for edge in site.ZEBRA]
        board.stripe((edges[0], float(y)), (edges[1], float(y)), 0.45, _WHITE)
    for x in np.arange(-5.4, 5.6, 1.1):
        edges = [side * edge for edge in site.ZEBRA_SIDE]
        board.stripe((float(x), edges[0]), (float(x), edges[1]), 0.45, _WHITE)


def _traces(board: Board, rng: np.random.Generator) -> None:
    """Rubs rubber into the road, spills water under the bonnet and strews broken parts."""
    mask: Picture = np.zeros(board.pixels.shape[:2], np.uint8)
    strip = Board(mask, board.corner, board.scale)
    for lines, width, dark in ((site.skid_lines(), 0.2, 190), (site.scuff_lines(), 0.16, 130)):
        for line in lines:
            for a, b in pairwise(_bent(line)):
                strip.stripe(a, b, width, (dark,))
    height, across = board.pixels.shape[:2]
    coarse = rng.uniform(0.45, 1.0, (max(height // 2, 1), max(across // 48, 1)))
    streaks = cv2.resize(coarse.astype(np.float32), (across, height))
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.03 * board.scale, 0.6)).astype(np.float32) / 255
    rubbed = 1 - 0.78 * soft * streaks
    wet = np.zeros_like(mask)
    puddle = Board(wet, board.corner, board.scale)
    for x, y, r in ((0.2, -5.9, 0.55), (0.5, -6.3, 0.35), (0.3, -6.9, 0.2), (0.15, -7.5, 0.14)):
        ring = [(x + r * cos(t) * 1.2, y + r * sin(t)) for t in np.linspace(0, 2 * pi, 14)]
        puddle.fill([(a + 0.1 * sin(7 * b), b) for a, b in ring], (120,))
    rubbed *= 1 - 0.8 * cv2.GaussianBlur(wet, (0, 0), 0.06 * board.scale).astype(np.float32) / 255
    _dim(board, rubbed)


def _debris(board: Board, rng: np.random.Generator) -> None:
    for number in range(210):
        reach = rng.normal(0, 1, 2) * (1.25, 0.5)
        x, y = site.DEBRIS[0] + 0.3 + reach[0], site.DEBRIS[1] - 0.1 + reach[1]
        size = float(rng.uniform(0.012, 0.04) if number % 9 else rng.uniform(0.06, 0.16))
        angles = np.sort(rng.uniform(0, 2 * pi, 4))
        shape = [(x + size * cos(t), y + size * sin(t)) for t in angles]
        board.fill([(a + 0.02, b - 0.025) for a, b in shape], (48, 48, 50))
        bright = int(rng.uniform(120, 240))
        if number % 9:
            colour = (bright, bright, int(bright * 0.97))
        else:
            colour = ((44, 44, 46), (150, 150, 152), (118, 66, 40), (60, 60, 190))[number // 9 % 4]
        board.fill(shape, colour)


def _bent(line: Sequence[Place]) -> list[Place]:
    """A curve through three places."""
    a, m, b = (np.asarray(place) for place in line)
    through = 2 * m - (a + b) / 2
    curve = [
        (1 - t) ** 2 * a + 2 * t * (1 - t) * through + t * t * b for t in np.linspace(0, 1, 13)
    ]
    return [(float(x), float(y)) for x, y in curve]


def _shadows(board: Board, cars: Sequence[Standing]) -> None:
    """Darkens the road under cars; reckoned coarsely, for shadows of a grey day are soft."""
    height, width = board.pixels.shape[:2]
    share = min(1.0, 24 / board.scale)
    mask = np.zeros((int(height * share), int(width * share)), np.uint8)
    coarse = Board(mask, board.corner, board.scale * share)
    for car in cars:
        ahead, side = car.length / 2 - 0.05, car.width / 2
        corners = [(ahead, side - 0.3), (ahead - 0.3, side), (-ahead, side), (-ahead, -side)]
        corners += [(ahead - 0.3, -side), (ahead, 0.3 - side)]
        coarse.fill([car.spot(a, s) for a, s in corners], (255,))
    wide = cv2.GaussianBlur(mask, (0, 0), 0.28 * coarse.scale).astype(np.float32) / 255
    close = cv2.GaussianBlur(mask, (0, 0), 0.08 * coarse.scale).astype(np.float32) / 255
    _dim(board, cv2.resize(1 - 0.35 * wide - 0.42 * close, (width, height)))


def _dim(board: Board, share: npt.ArrayLike) -> None:
    """Multiplies the drawing by a field of its size, 0 to 1."""
    field = cv2.convertScaleAbs(np.asarray(share, np.float32), alpha=255)
    board.pixels[:] = cv2.multiply(board.pixels, cv2.merge([field] * 3), scale=1 / 255)


@lru_cache(maxsize=4)
def painted(corner: Place, size: Place, scale: float, cars: tuple[Standing, ...]) -> Board:
    """Paints a piece of the road.

    Args:
        corner: its north-western corner, in metres.
        size: east-west and north-south, in metres.
        scale: pixels per metre.
        cars: vehicles whose shadows lie on it.
    """
    rng = np.random.default_rng(146)
    height, width = int(size[1] * scale), int(size[0] * scale)
    board = Board(np.empty((height, width, 3), np.uint8), corner, scale)
    board.pixels[:] = _ASPHALT
    _lines(board)
    worn = cv2.resize(
        rng.uniform(0.84, 1.03, (max(int(size[1] * 1.5), 2), max(int(size[0] * 1.5), 2))).astype(
            np.float32
        ),
        (width, height),
        interpolation=cv2.INTER_CUBIC,
    )
    _dim(board, np.minimum(worn, 1))
    _pavements(board)
    _traces(board, rng)
    _shadows(board, cars)
    _debris(board, rng)
    return board


@lru_cache(maxsize=1)
def _grain() -> Picture:
    """A tile of asphalt grain around 128, that joins at its edges."""
    rng = np.random.default_rng(7)
    fine = rng.normal(0, 1, (1024, 1024)).astype(np.float32)
    doubled = np.tile(fine, (2, 2))
    stones = cv2.GaussianBlur(doubled, (0, 0), 1.3)[512:1536, 512:1536]
    stones = np.roll(stones, (512, 512), (0, 1))
    mixed = 128 + 6 * fine + 15 * stones / max(float(stones.std()), 1e-6)
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def seen_ground(camera: Camera, boards: Sequence[Board]) -> Picture:
    """Gives the rows below the horizon: boards laid on the ground, with the grain of asphalt.

    Args:
        camera: that looks.
        boards: the widest first; each later one is laid upon the earlier.
    """
    wide, *near = boards
    road = laid_out(camera, wide.pixels, wide.corner, wide.scale, cv2.BORDER_REPLICATE)
    for board in near:
        fine = laid_out(camera, board.pixels, board.corner, board.scale, cv2.BORDER_CONSTANT)
        covered = fine[:, :, 1] > 12
        road[covered] = fine[covered]
    grain = laid_out(camera, _grain(), (0.0, 0.0), 260.0, cv2.BORDER_WRAP)
    return np.asarray(cv2.multiply(road, cv2.merge([grain] * 3), scale=1 / 128), np.uint8)
