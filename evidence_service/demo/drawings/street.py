"""What stands along the streets in the photographs: trees, lamp posts, signals."""

from functools import lru_cache

import cv2
import numpy as np

from evidence_service.demo.drawings import site
from evidence_service.demo.drawings.backdrop import hazed, veil_of
from evidence_service.demo.drawings.camera import Camera, Picture, Point3
from evidence_service.demo.drawings.props import lettered, stick


@lru_cache(maxsize=3)
def _crown(kind: int) -> Picture:
    """A tree with leaves, of 4 channels."""
    rng = np.random.default_rng(50 + kind)
    tree = np.zeros((420, 360, 4), np.uint8)
    cv2.rectangle(tree, (172, 220), (188, 420), (52, 62, 72, 255), -1)
    round_ = rng.normal(0, 1, (2100, 2))
    spots = round_[np.hypot(*round_.T) < 1.95] * (78, 54) + (180, 142)
    for x, y in spots[np.argsort(-spots[:, 1])]:
        light = np.clip(1.15 - (y - 60) / 230 + rng.normal(0, 0.16), 0.25, 1.3)
        tone = np.clip(np.array([46, 92, 74]) * light, 0, 255)
        axes = (int(rng.uniform(4, 10)), int(rng.uniform(3, 7)))
        angle = float(rng.uniform(0, 180))
        colour = (*(float(t) for t in tone), 255.0)
        cv2.ellipse(tree, (int(x), int(y)), axes, angle, 0, 360, colour, -1, cv2.LINE_AA)
    return tree


@lru_cache(maxsize=60)
def _hazed_crown(kind: int, veil: int) -> Picture:
    crown = _crown(kind).copy()
    crown[:, :, :3] = hazed(crown[:, :, :3], veil)
    return crown


def trees_and_lamps(picture: Picture, camera: Camera) -> None:
    """Draws street trees, lamp posts and signals, the far ones first."""
    things: list[tuple[float, float, str]] = []
    for side in (-1, 1):
        things += [(x, 13.6 * side, "tree") for x in (*range(-95, -20, 9), *range(22, 100, 9))]
        things += [(9.6 * side, y, "tree") for y in (*range(-80, -20, 10), *range(22, 80, 10))]
        things += [(x, 11.0 * side, "lamp") for x in (-88.2, -63.2, -38.2, -13.2, 14, 39, 64, 89)]
    things += [(11.2, -10.4, "signal"), (-11.2, 10.4, "signal")]
    ex, ey = camera.eye[:2]
    for x, y, kind in sorted(things, key=lambda t: -((t[0] - ex) ** 2 + (t[1] - ey) ** 2)):
        if kind == "tree":
            _tree(picture, camera, (x, y))
        elif kind == "lamp":
            _lamp(picture, camera, (x, y))
        else:
            _signal(picture, camera, (x, y))


def _tree(picture: Picture, camera: Camera, place: tuple[float, float]) -> None:
    dx, dy = place[0] - camera.eye[0], place[1] - camera.eye[1]
    away = float(np.hypot(dx, dy))
    if away < 4:
        return
    rx, ry = dy / away * 2.9, -dx / away * 2.9
    kind = int(abs(place[0] * 7 + place[1])) % 3
    crown = _hazed_crown(kind, veil_of(away * 0.7))
    x, y = place
    corners = [
        (x - rx, y - ry, 6.6),
        (x + rx, y + ry, 6.6),
        (x + rx, y + ry, 0.0),
        (x - rx, y - ry, 0.0),
    ]
    stick(picture, camera, crown, corners)


def bar(
    picture: Picture, camera: Camera, a: Point3, b: Point3, thick: float, tone: tuple[int, int, int]
) -> None:
    """Draws a round bar between two points; `thick` in metres."""
    spots, depth = camera.project([a, b])
    if (depth < 0.5).any():
        return
    across = np.array([spots[1, 1] - spots[0, 1], spots[0, 0] - spots[1, 0]])
    across /= max(float(np.linalg.norm(across)), 1e-6)
    half = camera.focal * thick / 2 / depth[:, None]
    for share, light in ((1.0, 0.7), (0.5, 1.1)):
        shape = [spots[0] + across * half[0] * share, spots[1] + across * half[1] * share]
        shape += [spots[1] - across * half[1] * share, spots[0] - across * half[0] * share]
        colour = tuple(min(int(t * light), 255) for t in tone)
        cv2.fillPoly(
            picture, [np.round(np.array(shape) * 16).astype(np.int32)], colour, cv2.LINE_AA, 4
        )


def _lamp(picture: Picture, camera: Camera, place: tuple[float, float]) -> None:
    x, y = place
    over = y - 2.4 * (1 if y > 0 else -1)
    grey = (150, 152, 154)
    bar(picture, camera, (x, y, 0), (x, y, 8.6), 0.16, grey)
    bar(picture, camera, (x, y, 8.4), (x, over, 9.1), 0.09, grey)
    bar(
        picture,
        camera,
        (x, over + 0.5 * (1 if y > 0 else -1), 9.0),
        (x, over - 0.4 * (1 if y > 0 else -1), 9.12),
        0.22,
        (200, 202, 204),
    )
    if place == site.LAMP:
        sign = lettered("W17", (120, 60), (245, 245, 245), (20, 60, 150), (20, 60, 150))
        for way in (-1, 1):
            left, right = y + 0.15 * way, y - 0.15 * way
            if (camera.eye[0] < x) == (way > 0):
                upright = [(x, left, 2.3), (x, right, 2.3), (x, right, 2.15), (x, left, 2.15)]
                stick(picture, camera, sign, upright)


def _signal(picture: Picture, camera: Camera, place: tuple[float, float]) -> None:
    x, y = place
    way = 1 if y > 0 else -1
    bar(picture, camera, (x, y, 0), (x, y, 6.0), 0.2, (140, 142, 144))
    bar(picture, camera, (x, y, 5.7), (x, y - 6.5 * way, 5.9), 0.12, (140, 142, 144))
    for at in (3.6, 6.0):
        centre = y - at * way
        box = np.full((90, 220, 3), 22, np.uint8)
        for number, tone in enumerate(((40, 40, 60), (30, 60, 60), (150, 230, 90))):
            cv2.circle(box, (40 + 70 * number, 45), 26, tone, -1, cv2.LINE_AA)
        wide = 0.55 if x > 0 else -0.55
        corners = [
            (x, centre + wide, 6.3),
            (x, centre - wide, 6.3),
            (x, centre - wide, 5.85),
            (x, centre + wide, 5.85),
        ]
        stick(picture, camera, box, corners)
