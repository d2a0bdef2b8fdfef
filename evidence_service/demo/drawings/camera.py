"""A camera at the scene: how places in metres fall on the picture, and the road under its eye."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Picture = npt.NDArray[np.uint8]
Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class Camera:
    """Stands at `eye` and looks at `target` (metres); `view` is its angle across, in degrees."""

    eye: Point3
    target: Point3
    view: float
    width: int
    height: int

    @cached_property
    def focal(self) -> float:
        """Distance of the picture plane, in pixels."""
        return float(self.width / 2 / np.tan(np.radians(self.view / 2)))

    @cached_property
    def axes(self) -> Floats:
        """Rows: right, down and forward of the camera in the metres of the site."""
        forward = np.subtract(self.target, self.eye)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right /= np.linalg.norm(right)
        return np.stack([right, np.cross(forward, right), forward])

    def project(self, points: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Gives pixels of shape (…, 2) and depth in metres of points of shape (…, 3)."""
        seen = (np.asarray(points, np.float64) - self.eye) @ self.axes.T
        depth = np.maximum(seen[..., 2], 0.05)
        x = self.width / 2 + self.focal * seen[..., 0] / depth
        y = self.height / 2 + self.focal * seen[..., 1] / depth
        return np.stack([x, y], -1), seen[..., 2]

    @cached_property
    def horizon(self) -> int:
        """The first row in which the ground is seen."""
        forward, down = self.axes[2], self.axes[1]
        row = self.height / 2 - self.focal * forward[2] / down[2]
        return int(min(max(row + 2, 0), self.height))

    def ground(self, rows: slice) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Says for each pixel of some rows below the horizon which place of the ground it sees."""
        v = (np.arange(rows.start, rows.stop, dtype=np.float32) - self.height / 2)[:, None]
        u = (np.arange(self.width, dtype=np.float32) - self.width / 2)[None, :]
        right, down, forward = self.axes.astype(np.float32)
        f = np.float32(self.focal)
        reach = np.float32(-self.eye[2]) / (v * down[2] + f * forward[2])
        x = np.float32(self.eye[0]) + reach * (u * right[0] + v * down[0] + f * forward[0])
        y = np.float32(self.eye[1]) + reach * (u * right[1] + v * down[1] + f * forward[1])
        return np.asarray(x, np.float32), np.asarray(y, np.float32)

    def metres_per_pixel(self, row: int) -> float:
        """How much ground a pixel of a row covers, along the look."""
        ray = (row - self.height / 2) * self.axes[1] + self.focal * self.axes[2]
        reach = -self.eye[2] / ray[2]
        distance = reach * float(np.linalg.norm(ray))
        return float(distance / self.focal / max(-ray[2] / np.linalg.norm(ray), 0.02) ** 0.5)


def bands(camera: Camera, pixels_per_metre: float) -> list[tuple[slice, int]]:
    """Cuts the rows below the horizon into bands, each with the level of detail it can show."""
    found: list[tuple[slice, int]] = []
    start = camera.horizon
    step = max(camera.height // 60, 1)
    while start < camera.height:
        stop = min(start + step, camera.height)
        covered = camera.metres_per_pixel((start + stop) // 2) * pixels_per_metre
        level = int(np.clip(np.log2(max(covered, 1.0)), 0, 6))
        if found and found[-1][1] == level:
            found[-1] = (slice(found[-1][0].start, stop), level)
        else:
            found.append((slice(start, stop), level))
        start = stop
    return found


def laid_out(
    camera: Camera,
    canvas: Picture,
    corner: tuple[float, float],
    pixels_per_metre: float,
    border: int,
) -> Picture:
    """Lays a drawing on the ground and gives the rows below the horizon as the camera sees them.

    Args:
        camera: that looks.
        canvas: the drawing, its first row in the north.
        corner: its north-western corner, in metres.
        pixels_per_metre: of the drawing.
        border: of OpenCV: what lies beyond the drawing.
    """
    levels = [canvas]
    seen = np.zeros((camera.height - camera.horizon, camera.width, *canvas.shape[2:]), np.uint8)
    for rows, level in bands(camera, pixels_per_metre):
        while len(levels) <= level:
            halved = cv2.resize(levels[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
            levels.append(np.asarray(halved, np.uint8))
        scale = np.float32(pixels_per_metre / 2**level)
        x, y = camera.ground(rows)
        part = slice(rows.start - camera.horizon, rows.stop - camera.horizon)
        seen[part] = cv2.remap(
            levels[level],
            (x - np.float32(corner[0])) * scale - np.float32(0.5),
            (np.float32(corner[1]) - y) * scale - np.float32(0.5),
            cv2.INTER_LINEAR,
            borderMode=border,
        )
    return seen


def blended(under: Picture, over: Picture, alpha: npt.NDArray[np.float32]) -> Picture:
    """Mixes two pictures of one shape; `alpha` of shape (height, width), 0 to 1, favours `over`."""
    a = alpha[:, :, None]
    return np.asarray(under * (1 - a) + over * a, np.uint8)
