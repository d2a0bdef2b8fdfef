"""Writing by hand: the strokes of a character as a pen would draw them.

A printed character is thinned to its middle lines (Zhang and Suen, 1984), the lines are walked
as strokes, then slanted, bent and given the swelling of a pen. No font of handwriting is needed.
"""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint8]
_CELL = 72  # pixels of the square one character is thinned in
_EM = 60
_POINTS = 20  # of a stroke
_NEIGHBOURS = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))


def _thinned(ink: Bits) -> Bits:
    """Peels a 0/1 picture until the lines are one pixel wide."""
    while True:
        before = ink
        for step in (0, 1):
            n, e, s, w = (np.roll(ink, d, a) for d, a in ((1, 0), (-1, 1), (-1, 0), (1, 1)))
            ne, se, sw, nw = (
                np.roll(n, -1, 1),
                np.roll(s, -1, 1),
                np.roll(s, 1, 1),
                np.roll(n, 1, 1),
            )
            ring = (n, ne, e, se, s, sw, w, nw)
            count = sum(ring[1:], ring[0])
            turns = sum(
                ((1 - a) & b for a, b in zip(ring, (*ring[1:], n), strict=True)), np.zeros_like(ink)
            )
            open_sides = (n & e & s) | (e & s & w) if step == 0 else (n & e & w) | (n & s & w)
            peel = (ink == 1) & (count >= 2) & (count <= 6) & (turns == 1) & (open_sides == 0)
            ink = np.where(peel, 0, ink).astype(np.uint8)
        if np.array_equal(before, ink):
            return ink


def _walk(points: set[tuple[int, int]], start: tuple[int, int]) -> list[tuple[int, int]]:
    """Takes points off the set along one line, straight on where lines cross."""
    path = [start]
    points.discard(start)
    while True:
        y, x = path[-1]
        steps = [(y + dy, x + dx) for dy, dx in _NEIGHBOURS if (y + dy, x + dx) in points]
        if not steps:
            return path
        back = path[max(0, len(path) - 6)]
        ahead = (2 * y - back[0], 2 * x - back[1])
        best = min(steps, key=lambda p: (p[0] - ahead[0]) ** 2 + (p[1] - ahead[1]) ** 2)
        path.append(best)
        points.discard(best)


def _lines(cell: Bits) -> Floats:
    """Cuts the thinned picture of one character into strokes of shape (strokes, points, 2), in em.

    The left upper ones come first.
    """
    around = cv2.filter2D(cell, cv2.CV_16S, np.ones((3, 3)), borderType=cv2.BORDER_CONSTANT)
    points = {(int(y), int(x)) for y, x in np.argwhere(cell)}
    ends = {(int(y), int(x)) for y, x in np.argwhere((around == 2) & (cell == 1))}
    found = []
    while points:
        start = min(ends & points or points, key=lambda p: p[0] + 0.6 * p[1])
        path = _walk(points, start)
        if len(path) == 1:
            path.append((path[0][0] + 3, path[0][1] - 1))  # a point is a short touch of the pen
        found.append(_smooth(np.array(path, np.float64)[:, ::-1] / _EM))
    return np.array(found) if found else np.zeros((0, _POINTS, 2))


def _smooth(line: Floats) -> Floats:
    along = np.linspace(0, len(line) - 1, _POINTS)
    evened = np.stack([np.interp(along, np.arange(len(line)), line[:, k]) for k in (0, 1)], 1)
    padded = np.pad(evened, ((2, 2), (0, 0)), "edge")
    kernel = np.array([1, 3, 4, 3, 1]) / 12
    return np.stack([np.convolve(padded[:, k], kernel, "valid") for k in (0, 1)], 1)


def _with_dots(ink: Bits, thin: Bits) -> Bits:
    """Puts a point back where thinning took a whole dot away."""
    count, labels, _, middles = cv2.connectedComponentsWithStats(ink)
    left = np.bincount(labels[thin == 1], minlength=count)
    for x, y in middles[1:][left[1:] == 0]:
        thin[int(y), int(x)] = 1
    return thin


@lru_cache(maxsize=1)
def _known() -> dict[str, Floats]:
    return {}


def strokes_of(text: str) -> list[Floats]:
    """Gives the strokes of each character: shape (strokes, points, 2), x right, y down, in em."""
    known = _known()
    text = text.replace("1", "l")  # by hand a one has no foot
    fresh = sorted(set(text) - set(known))
    if fresh:
        font = ImageFont.truetype(pylopdf_fonts_zh_cn.sans_path(), _EM)
        strip = Image.new("L", (_CELL * len(fresh), _CELL), 0)
        draw = ImageDraw.Draw(strip)
        for at, character in enumerate(fresh):
            draw.text((at * _CELL + 6, 50), character, fill=255, font=font, anchor="ls")
        ink = (np.asarray(strip) > 110).astype(np.uint8)
        thin = _with_dots(ink, _thinned(ink))
        for at, character in enumerate(fresh):
            known[character] = _lines(thin[:, at * _CELL : (at + 1) * _CELL])
    return [known[character] for character in text]


def _outlines(lines: Floats, width: float, rng: np.random.Generator) -> Floats:
    """Gives lines the body of ink: pressed at the beginning, thin where the pen leaves."""
    direction = np.gradient(lines, axis=1)
    length = np.maximum(np.linalg.norm(direction, axis=2, keepdims=True), 1e-9)
    normal = np.stack([-direction[..., 1], direction[..., 0]], -1) / length
    along = np.linspace(0, 1, lines.shape[1])
    press = 0.45 + 0.55 * np.sin(np.pi * (0.16 + 0.8 * along))
    press = press[None, :, None] + rng.uniform(-0.08, 0.08, (len(lines), 1, 1))
    half = width / 2 * np.clip(press, 0.3, 1.2)
    return np.concatenate([lines + normal * half, (lines - normal * half)[:, ::-1]], 1)


def _links(lines: Floats, reach: float) -> Floats:
    """Hair lines from the end of one stroke to the beginning of the next, where it is near."""
    ends, starts = lines[:-1, -1], lines[1:, 0]
    near = np.linalg.norm(starts - ends, axis=1) < reach
    share = np.linspace(0, 1, _POINTS)[None, :, None]
    return ends[near, None] * (1 - share) + starts[near, None] * share


def written(
    text: str, size: float, seed: int, *, slant: float = 0.14, joined: bool = False
) -> tuple[list[Floats], float]:
    """Writes a line of text from the origin to the right.

    Args:
        text: what is written.
        size: height of an em, in the unit of the answer.
        seed: the same seed writes the same line.
        slant: how far the top leans to the right, as a share of the height.
        joined: draw the strokes together as a signature does.

    Returns:
        Closed outlines of shape (points, 2), and the width of the line.
    """
    rng = np.random.default_rng(seed)
    outlines: list[Floats] = []
    at = 0.0
    for character, strokes in zip(text, strokes_of(text), strict=True):
        grown = rng.uniform(0.9, 1.06)
        turn, lift = rng.normal(0, 0.05), rng.normal(0, 0.025)
        phase, bend = rng.uniform(0, 6.28, 2), rng.uniform(0.012, 0.03)
        path = strokes - [0.5 if character.isascii() else 0.6, 0.45]
        path = path + bend * np.sin(5 * path[..., ::-1] + phase)
        path += rng.normal(0, 0.012, (len(strokes), 1, 2))
        x = path[..., 0] - (turn + slant) * path[..., 1]
        y = path[..., 1] + turn * path[..., 0] - 0.38 + lift
        path = np.stack([at + size * (0.5 + grown * x), size * grown * y], -1)
        if joined and len(path) > 1:
            outlines.extend(_outlines(_links(path, 0.42 * size), 0.014 * size, rng))
        outlines.extend(_outlines(path, 0.043 * size, rng))
        at += size * grown * advance(character)
    return outlines, at


def advance(character: str) -> float:
    """How far the pen moves on after a character, in its height."""
    if not character.isascii():
        return 0.62 if character == "·" else 0.96
    return 0.34 if character in "1 .,:-/()" else 0.56
