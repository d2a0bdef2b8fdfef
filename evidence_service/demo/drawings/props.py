"""Flat things that stand or lie at the scene: plates, numbered markers, cones, measuring tape."""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from evidence_service.demo.drawings.camera import Camera, Picture, Point3, blended
from evidence_service.demo.drawings.site import Place, Standing

Tone = tuple[int, int, int]


def stick(picture: Picture, camera: Camera, label: Picture, corners: Sequence[Point3]) -> None:
    """Puts a flat picture into the scene.

    Args:
        picture: the photograph, of shape (height, width, 3), blue first; it is changed.
        camera: that looks.
        label: of shape (height, width, 3), or 4 with alpha.
        corners: where its upper left, upper right, lower right and lower left corners are.
    """
    spots, depth = camera.project(np.asarray(corners))
    if (depth < 0.4).any():
        return
    low = np.floor(spots.min(0)).astype(int).clip(0)
    high = np.ceil(spots.max(0)).astype(int) + 1
    high = np.minimum(high, (camera.width, camera.height))
    if (high - low < 1).any():
        return
    rows, columns = label.shape[:2]
    reach = float(np.hypot(*(spots[1] - spots[0])))
    if columns > 2 * reach and columns > 8:  # so that far things do not glitter
        share = 2.0 ** -int(np.log2(columns / max(reach, 4.0)))
        size = (max(int(columns * share), 1), max(int(rows * share), 1))
        label = np.asarray(cv2.resize(label, size, interpolation=cv2.INTER_AREA), np.uint8)
        rows, columns = label.shape[:2]
    source = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    warp = cv2.getPerspectiveTransform(source, (spots - low).astype(np.float32))
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    if label.shape[2] == 3:
        label = np.dstack([label, np.full(label.shape[:2], 255, np.uint8)])
    laid = cv2.warpPerspective(label, warp, size, flags=cv2.INTER_LINEAR)
    part = picture[low[1] : high[1], low[0] : high[0]]
    alpha = np.asarray(laid[:, :, 3], np.float32) / np.float32(255)
    part[:] = blended(part, np.asarray(laid[:, :, :3], np.uint8), alpha)


@lru_cache(maxsize=64)
def lettered(
    text: str, size: tuple[int, int], paper: Tone, ink: Tone, rim: Tone | None = None
) -> Picture:
    """Makes a sign with one line of text; tones are red, green, blue."""
    picture = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(picture)
    height = size[1] * 0.74
    font = ImageFont.truetype(pylopdf_fonts_zh_cn.sans_path(), height)
    while draw.textlength(text, font=font) > size[0] * 0.88:
        height *= 0.95
        font = ImageFont.truetype(pylopdf_fonts_zh_cn.sans_path(), height)
    draw.text((size[0] / 2, size[1] / 2), text, fill=ink, font=font, anchor="mm", stroke_width=2)
    if rim:
        draw.rounded_rectangle((4, 4, size[0] - 5, size[1] - 5), 10, outline=rim, width=4)
    return np.asarray(picture)[:, :, ::-1].copy()


def plate(text: str) -> Picture:
    """Makes a blue number plate of 440 by 140 mm."""
    white = (240, 242, 245)
    return lettered(text, (440, 140), (22, 70, 168), white, white)


def plates_of(
    picture: Picture, camera: Camera, standing: Standing, text: str, *, front: bool
) -> None:
    """Puts the plate on the tail of a car, and on its nose where that is whole."""
    half = standing.length / 2 + 0.04
    for ahead, way, low in ((half, 1, 0.38), (-half, -1, 0.76))[0 if front else 1 :]:
        y = 0.235 * way
        corners = []
        for left, up in ((-y, 0.15), (y, 0.15), (y, 0.0), (-y, 0.0)):
            x0, y0 = standing.spot(ahead, left)
            corners.append((x0, y0, low + up))
        spots, _ = camera.project(corners)
        one, other = spots[1] - spots[0], spots[2] - spots[0]
        if one[0] * other[1] > one[1] * other[0]:  # not from behind
            stick(picture, camera, plate(text), corners)


def _facing(camera: Camera, place: Place, width: float, low: float, high: float) -> list[Point3]:
    dx, dy = place[0] - camera.eye[0], place[1] - camera.eye[1]
    reach = float(np.hypot(dx, dy))
    rx, ry = dy / reach * width / 2, -dx / reach * width / 2
    x, y = place
    return [
        (x - rx, y - ry, high),
        (x + rx, y + ry, high),
        (x + rx, y + ry, low),
        (x - rx, y - ry, low),
    ]


def marker(picture: Picture, camera: Camera, place: Place, number: int) -> None:
    """Stands a yellow board with a number on the road."""
    board = lettered(str(number), (120, 130), (246, 205, 20), (16, 16, 16))
    shade = np.zeros((24, 80, 4), np.uint8)
    cv2.ellipse(shade, (40, 12), (38, 10), 0, 0, 360, (10, 10, 10, 150), -1, cv2.LINE_AA)
    low = camera.eye[2] * 0.02
    stick(picture, camera, shade, _facing(camera, place, 0.34, -low, low))
    stick(picture, camera, board, _facing(camera, place, 0.22, 0.0, 0.25))


@lru_cache(maxsize=1)
def _cone_sprite() -> Picture:
    sprite = np.zeros((360, 240, 4), np.uint8)
    across = np.linspace(-1, 1, 240)
    light = 0.62 + 0.38 * np.sqrt(np.clip(1 - (across + 0.3) ** 2 / 1.7, 0, 1))
    for row in range(14, 330):
        half = int(14 + (row - 14) * 0.245)
        band = 90 < row < 150 or 205 < row < 265
        tone = np.array((222, 224, 226) if band else (38, 84, 232))
        span = slice(120 - half, 120 + half)
        inner = np.interp(np.linspace(0, 239, 2 * half), np.arange(240), light)
        sprite[row, span, :3] = (tone * inner[:, None]).clip(0, 255)
        sprite[row, span, 3] = 255
    cv2.ellipse(sprite, (120, 334), (112, 22), 0, 0, 360, (28, 28, 30, 255), -1, cv2.LINE_AA)
    for row in range(300, 334):
        half = int(14 + (row - 14) * 0.245)
        sprite[row, 120 - half : 120 + half, :3] = (np.array((38, 84, 232)) * 0.7).astype(np.uint8)
    return sprite


def cone(picture: Picture, camera: Camera, place: Place) -> None:
    """Stands a traffic cone of 70 cm on the road."""
    stick(picture, camera, _cone_sprite(), _facing(camera, place, 0.47, -0.03, 0.67))


@lru_cache(maxsize=1)
def _tape() -> Picture:
    tape = np.full((40, 2400, 3), (70, 205, 240), np.uint8)
    for tick in range(241):
        long = 38 if tick % 10 == 0 else 22 if tick % 5 == 0 else 13
        cv2.line(tape, (tick * 10, 0), (tick * 10, long), (20, 20, 20), 1 if tick % 10 else 2)
    for number in range(1, 24):
        spot = (number * 100 + 6, 35)
        tone = (20, 20, 190) if number % 10 == 0 else (20, 20, 20)
        cv2.putText(
            tape, str(number * 10), spot, cv2.FONT_HERSHEY_SIMPLEX, 0.62, tone, 2, cv2.LINE_AA
        )
    return tape


def tape(picture: Picture, camera: Camera, a: Place, b: Place, width: float = 0.04) -> None:
    """Lays a measuring tape on the road from `a` to `b`, repeated every 2.4 metres."""
    start, end = np.asarray(a, float), np.asarray(b, float)
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    across = np.array([-along[1], along[0]]) * width / 2
    for at in np.arange(0, length - 0.05, 2.4):
        p, q = start + along * at, start + along * min(at + 2.4, length)
        part = _tape()[:, : int(1000 * min(2.4, length - at))]
        corners = [
            (*(p + across), 0.01),
            (*(q + across), 0.01),
            (*(q - across), 0.01),
            (*(p - across), 0.01),
        ]
        stick(picture, camera, part, [(float(x), float(y), z) for x, y, z in corners])


def lying_plate(picture: Picture, camera: Camera, place: Place, angle: float, text: str) -> None:
    """Lays a torn-off number plate on the road."""
    lying = Standing(place[0], place[1], angle, 0.44, 0.14)
    corners = [
        lying.spot(a, b) for a, b in ((-0.22, 0.07), (0.22, 0.07), (0.22, -0.07), (-0.22, -0.07))
    ]
    stick(picture, camera, plate(text), [(x, y, 0.02) for x, y in corners])


def glow(
    light: npt.NDArray[np.float32], camera: Camera, at: Point3, tone: Tone, size: float
) -> None:
    """Adds a lamp's light to a field of a quarter of the picture's size; `size` in metres."""
    spots, depth = camera.project([at])
    if depth[0] < 0.5:
        return
    radius = max(int(camera.focal * size / depth[0] / 4), 1)
    centre = (int(spots[0, 0] / 4), int(spots[0, 1] / 4))
    cv2.circle(light, centre, radius, tuple(float(t) for t in tone), -1, cv2.LINE_AA)
