"""The same crossing after dark: flash from the camera, street lamps, lights of the vehicles."""

from dataclasses import replace

import cv2
import numpy as np

from evidence_service.demo.drawings import backdrop, site
from evidence_service.demo.drawings.camera import Camera, Picture, Point3
from evidence_service.demo.drawings.props import glow

_SODIUM = (110, 190, 255)  # blue, green, red


def at_night(picture: Picture, camera: Camera) -> Picture:
    """Takes the day out of a picture and puts lamps in; same shape, blue first."""
    small = (camera.width // 4, camera.height // 4)
    lit = _light_on(camera, small)
    dark = picture.astype(np.float32) * cv2.resize(lit, (camera.width, camera.height))
    shine = np.zeros((small[1], small[0], 3), np.float32)
    for at, tone, size in _lamps():
        glow(shine, camera, at, tone, size)
    unit = camera.width / 2000
    windows = np.zeros((small[1], small[0], 3), np.uint8)
    backdrop.houses(windows, replace(camera, width=small[0], height=small[1]), dark=True)
    windows[int(camera.horizon / 4 * 0.93) :] = 0  # trees and cars stand before the lower floors
    lit_windows = cv2.GaussianBlur(windows, (0, 0), 0.6).astype(np.float32) * 0.6
    halo = cv2.GaussianBlur(shine, (0, 0), 3 * unit) * 1.1
    halo += cv2.GaussianBlur(shine, (0, 0), 16 * unit) * 2.2
    halo += cv2.GaussianBlur(shine, (0, 0), 60 * unit) * 3.0
    halo += cv2.GaussianBlur(shine, (0, 0), sigmaX=60 * unit, sigmaY=1.2) * 0.5
    dark += cv2.resize(halo + shine + lit_windows, (camera.width, camera.height))
    return np.asarray(np.clip(dark, 0, 255), np.uint8)


def _lamps() -> list[tuple[Point3, tuple[int, int, int], float]]:
    lamps: list[tuple[Point3, tuple[int, int, int], float]] = []
    for x in (-38.2, -13.2, 14.0, 39.0, 64.0, 89.0):
        lamps += [((x, side * 8.5, 9.0), _SODIUM, 0.16) for side in (-1.0, 1.0)]
    for ahead in (site.A_AT_REST, site.B_AT_REST):
        for left in (0.7, -0.7):
            x, y = ahead.spot(-ahead.length / 2 - 0.05, left)
            lamps.append(((x, y, 0.82), (20, 120, 255), 0.05))
    for y in (1.2, 2.3, 4.7, 5.8):
        x = 28.7 if y < 4 else 22.2
        lamps.append(((x, y, 0.68), (235, 245, 255), 0.09))
    lamps += [((11.2, -6.8, 6.08), (150, 230, 90), 0.1), ((11.2, -4.4, 6.08), (150, 230, 90), 0.1)]
    return lamps


def _light_on(
    camera: Camera, small: tuple[int, int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """How much light falls on each part: by colour, of shape (height, width, 3)."""
    width, height = small
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width, y / height
    horizon = camera.horizon / camera.height
    field = np.zeros((height, width, 3), np.float32)
    field += np.array([0.17, 0.13, 0.11], np.float32)
    field[y < horizon * 0.9] *= 0.62
    flash = np.exp(-(((x - 0.5) / 0.36) ** 2) - ((y - 0.74) / 0.3) ** 2)
    field += (0.95 * flash)[:, :, None] * np.array([1.0, 0.98, 0.94], np.float32)
    for lamp_x, lamp_y in ((-13.2, -8.5), (14.0, -8.5), (-13.2, 8.5), (14.0, 8.5), (39.0, -8.5)):
        spots, depth = camera.project([(lamp_x, lamp_y, 0.0)])
        if depth[0] < 2:
            continue
        reach = camera.focal / depth[0] / camera.width * 6.0
        u, v = spots[0, 0] / camera.width, spots[0, 1] / camera.height
        pool = np.exp(-(((x - u) / reach) ** 2) - ((y - v) / (reach * 0.35)) ** 2)
        field += (0.6 * pool)[:, :, None] * (np.array(_SODIUM, np.float32) / 255)
    return field
