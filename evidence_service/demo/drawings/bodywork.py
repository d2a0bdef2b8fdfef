"""The body of a car as a net of small faces, dented where the accident dented it."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from evidence_service.demo.drawings.camera import Floats

_TOP = (  # height of the roof line along the half length, from tail to nose
    (-1.0, 0.66), (-0.985, 0.92), (-0.95, 1.0), (-0.72, 1.06), (-0.42, 1.38), (-0.2, 1.46),
    (0.05, 1.465), (0.2, 1.4), (0.5, 0.99), (0.6, 0.95), (0.86, 0.86), (0.96, 0.74), (1.0, 0.56),
)  # fmt: skip
_BELT = 0.95
_FINE, _COARSE = (230, 101), (90, 41)  # stations and points of a section, near and far
# The ends are closed by rings that shrink to the middle.
_CAPS = (0.0, 0.16, 0.32, 0.46, 0.58, 0.7, 0.8, 0.88, 0.94, 0.98)


@dataclass(frozen=True)
class Skin:
    """Corners of shape (stations, section, 3) in metres ahead, left, up; and what covers them."""

    corners: Floats
    glass: npt.NDArray[np.bool_]
    dark: npt.NDArray[np.bool_]
    lamp: npt.NDArray[np.int_]
    scratched: Floats


def _sections(u: Floats, wide: float, count: int) -> tuple[Floats, Floats]:
    """Gives left and up of each point of each section, each of shape (stations, count)."""
    top = top_line(u)
    flank = wide * (1 - 0.16 * np.clip((np.abs(u) - 0.7) / 0.3, 0, 1) ** 2.2)
    low = _low_line(u)
    shoulder = np.minimum(_BELT, top - 0.07)
    risen = np.clip((top - _BELT) / 0.5, 0, 1)
    roof = flank * (0.93 - 0.2 * risen)
    zero = np.zeros_like(u)
    knots_y = np.stack([zero, flank * 0.8, flank * 0.97, flank, flank * 0.985, flank * 0.95,
                        roof + 0.02 * risen, roof * 0.86, roof * 0.5, zero])  # fmt: skip
    knots_z = np.stack([low, low, low + 0.06, low + 0.34, shoulder - 0.14, shoulder,
                        top - 0.07 - 0.02 * risen, top - 0.015, top - 0.002, top])  # fmt: skip
    at = np.array([0, 0.1, 0.16, 0.3, 0.42, 0.5, 0.72, 0.8, 0.9, 1.0])
    s = np.linspace(-1, 1, count)
    y = [np.interp(np.abs(s), at, knots_y[:, i]) * np.sign(s) for i in range(len(u))]
    z = [np.interp(np.abs(s), at, knots_z[:, i]) for i in range(len(u))]
    return np.stack(y), np.stack(z)


def top_line(u: Floats) -> Floats:
    """Height of the roof line at shares of the half length, from -1 at the tail."""
    return np.interp(u, [place for place, _ in _TOP], [height for _, height in _TOP])


def _low_line(u: Floats) -> Floats:
    return np.asarray(0.2 + 0.14 * np.clip((np.abs(u) - 0.86) / 0.14, 0, 1))


@lru_cache(maxsize=16)
def skin_of(length: float, width: float, dent: str, *, fine: bool) -> Skin:
    """Makes the body of a car of a length and width in metres, dented on its `nose` or `flank`."""
    half, wide = length / 2, width / 2
    stations, count = _FINE if fine else _COARSE
    caps, body = np.array(_CAPS), np.linspace(-1, 1, stations)
    u = np.concatenate([-np.ones(len(caps)), body, np.ones(len(caps))])
    shrunk = np.concatenate([caps, np.ones(len(body)), caps[::-1]])[:, None]
    y, z = _sections(u, wide, count)
    y = y * shrunk
    x = (u * half)[:, None] * (1 + 0.012 * (1 - shrunk)) + 0 * y
    grid_u, grid_s = np.meshgrid(u, np.abs(np.linspace(-1, 1, count)), indexing="ij")
    top, low = top_line(u)[:, None], _low_line(u)[:, None]
    pillar = (np.abs(grid_u + 0.04) < 0.02) | (np.abs(grid_u + 0.45) < 0.012)
    glass = (z > _BELT + 0.015) & (grid_s < 0.74) & (z < top - 0.085) & ~pillar & (top > 1.06)
    screens = (grid_u > 0.22) & (grid_u < 0.49) | (grid_u > -0.7) & (grid_u < -0.43)
    glass |= (grid_s > 0.76) & screens
    seams = [np.abs(grid_u - seam) < 0.007 for seam in (0.42, -0.04, -0.46)]
    dark = np.logical_or.reduce(seams) & (grid_s > 0.14) & (grid_s < 0.5)
    dark |= z < low + 0.05
    dark |= (grid_u > 0.97) & (z > 0.36) & (z < 0.5) & (np.abs(y) < 0.5)
    lamp = np.where((grid_u > 0.87) & (z > 0.6) & (z < 0.76) & (np.abs(y) > 0.56 * wide), 1, 0)
    lamp = np.where((grid_u < -0.93) & (z > 0.72) & (z < 0.9) & (np.abs(y) > 0.5 * wide), 2, lamp)
    corners, scratched = _dented(np.stack([x, y, z], -1), dent, half, wide)
    return Skin(corners, glass, dark, lamp, scratched)


def _rough(shape: tuple[int, int], seed: int, cells: tuple[int, int]) -> Floats:
    """A field of smooth chance, about -2 to 2; `cells` along and round the body."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(0, 1, cells).astype(np.float32)
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float64)


def _dented(corners: Floats, dent: str, half: float, wide: float) -> tuple[Floats, Floats]:
    """Pushes the skin in where it was struck, and says how much it was scratched, 0 to 1."""
    x, y, z = (corners[..., k] for k in range(3))
    creased = 0.9 - np.abs(_rough(x.shape, 5, (30, 20)))
    streaks = _rough(x.shape, 6, (7, 70))
    if dent == "nose":
        struck = np.clip((x - 0.6 * half) / (0.4 * half), 0, 1) * (0.62 + 0.38 * np.tanh(-3 * y))
        x = x - struck * (0.42 + 0.07 * creased)
        buckle = np.exp(-(((x - 0.62 * half) / 0.22) ** 2)) * (z > 0.8)
        z = z + buckle * (0.15 + 0.04 * creased) * (0.6 + 0.4 * np.tanh(-2 * y))
        y = y + struck * 0.04 * creased
    elif dent == "flank":
        reach = ((x - 0.1 * half) / 0.95) ** 4 + ((z - 0.6) / 0.44) ** 4
        struck = np.exp(-reach) * (y < -0.3 * wide)
        y = y + struck * (0.2 + 0.055 * creased)
        z = z + struck * 0.02 * creased
    else:
        struck = np.zeros_like(x)
    return np.stack([x, y, z], -1), np.clip(struck * (streaks - 0.5), 0, 1)
