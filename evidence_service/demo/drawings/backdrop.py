"""What stands around the crossing in the photographs: the sky and the houses."""

from functools import lru_cache

import cv2
import numpy as np

from evidence_service.demo.drawings.camera import Camera, Picture, Point3
from evidence_service.demo.drawings.props import lettered, stick

_HAZE = np.array([222, 216, 210], np.float64)
_HOUSES = (  # west, south, east, north edge, height, kind
    (16, 17, 40, 30, 21, 0), (44, 17, 74, 32, 33, 1), (78, 18, 110, 34, 24, 2),
    (16, -32, 38, -17, 15, 2), (42, -34, 70, -17, 27, 0), (74, -34, 112, -18, 18, 1),
    (-40, 17, -16, 31, 18, 2), (-74, 17, -44, 32, 30, 0), (-112, 18, -78, 34, 21, 1),
    (-44, -34, -17, -17, 24, 1), (-80, -34, -48, -17, 15, 0), (-114, -34, -84, -17, 30, 2),
    (15, 34, 32, 62, 27, 1), (-32, 34, -15, 62, 21, 0), (14, -64, 32, -36, 24, 2),
    (-32, -66, -15, -38, 18, 1),
)  # fmt: skip


def _octaves(
    height: int, width: int, seed: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    rng = np.random.default_rng(seed)
    field = np.zeros((height, width), np.float32)
    for step, weight in ((4, 1.0), (9, 0.6), (20, 0.35), (44, 0.2), (90, 0.1)):
        coarse = rng.normal(0, 1, (step, step * 2)).astype(np.float32)
        field += weight * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return field


def sky(camera: Camera) -> Picture:
    """Paints a bright, cloudy sky down to the horizon."""
    rows = max(camera.horizon, 4)
    up = np.linspace(1, 0, rows, dtype=np.float32)[:, None, None]
    low, high = np.array([226, 220, 214], np.float32), np.array([214, 182, 150], np.float32)
    base = low + (high - low) * up**0.8
    clouds = _octaves(rows // 4 + 1, camera.width // 4, 18)
    cover = cv2.resize(np.clip(clouds * 0.45 + 0.42, 0, 1), (camera.width, rows))[:, :, None]
    cloud = np.array([232, 230, 228], np.float32) - 26 * (1 - cover)
    return np.asarray(base + (cloud - base) * cover * 0.85, np.uint8)


@lru_cache(maxsize=3)
def _front(kind: int) -> Picture:
    """One bay of a house: a wall with windows, three storeys of three metres."""
    rng = np.random.default_rng(kind)
    wall = ((170, 186, 196), (150, 160, 170), (188, 190, 192))[kind]
    bay = np.full((360, 280, 3), wall, np.uint8)
    for storey in range(3):
        top = 120 * storey
        cv2.rectangle(bay, (0, top + 112), (280, top + 120), tuple(int(w * 0.82) for w in wall), -1)
        for left in (22, 156):
            tone = int(rng.uniform(60, 110))
            cv2.rectangle(
                bay, (left, top + 26), (left + 102, top + 98), (tone + 14, tone + 6, tone), -1
            )
            sheen = np.array(
                [
                    (left, top + 98),
                    (left + 40, top + 26),
                    (left + 66, top + 26),
                    (left + 26, top + 98),
                ]
            )
            cv2.fillPoly(bay, [sheen], (tone + 44, tone + 34, tone + 24))
            for bar in (left, left + 50, left + 102):
                cv2.line(bay, (bar, top + 26), (bar, top + 98), (210, 212, 212), 4)
            cv2.rectangle(bay, (left - 4, top + 96), (left + 106, top + 102), (205, 206, 206), -1)
            if rng.random() < 0.45:
                cv2.rectangle(
                    bay, (left + 30, top + 100), (left + 72, top + 116), (196, 198, 198), -1
                )
    return bay


@lru_cache(maxsize=3)
def _shop(kind: int) -> Picture:
    """The ground floor of a bay: a shop with a sign."""
    shop = np.full((160, 280, 3), (96, 92, 88), np.uint8)
    name = ("南桥便利", "柳浪餐馆", "望亭五金")[kind]
    paper = ((150, 40, 36), (30, 90, 60), (40, 60, 130))[kind]
    shop[:52] = lettered(name, (280, 52), paper, (240, 236, 210))
    for left in (10, 100, 190):
        cv2.rectangle(shop, (left, 62), (left + 80, 150), (70, 62, 54), -1)
        cv2.rectangle(shop, (left, 62), (left + 80, 150), (150, 150, 150), 3)
    return shop


@lru_cache(maxsize=16)
def _lit(variant: int) -> Picture:
    """The lights of one bay at night: some windows, the rest black."""
    rng = np.random.default_rng(300 + variant)
    bay = np.zeros((360, 280, 3), np.uint8)
    for storey in range(3):
        for left in (22, 156):
            if rng.random() < 0.22:
                tone = np.array((120, 205, 240)) * rng.uniform(0.4, 0.9)
                colour = tuple(float(t) for t in tone)
                corner = (left + 102, 120 * storey + 98)
                cv2.rectangle(bay, (left, 120 * storey + 26), corner, colour, -1)
                middle = (left + 51, 120 * storey + 26)
                cv2.line(bay, middle, (middle[0], middle[1] + 72), (20, 30, 40), 5)
    return bay


def veil_of(metres: float) -> int:
    """How much haze lies before a thing, in twelve steps, so that few pictures need be made."""
    return round(12 * (1 - float(np.exp(-metres / 190))))


def hazed(picture: Picture, veil: int, shade: float = 1.0) -> Picture:
    """Lays haze over a picture; `shade` darkens it first."""
    share = veil / 12
    return np.asarray(picture * (shade * (1 - share)) + _HAZE * share, np.uint8)


@lru_cache(maxsize=200)
def _hazed_front(kind: int, veil: int, shade: float) -> Picture:
    return hazed(_front(kind), veil, shade)


@lru_cache(maxsize=200)
def _hazed_shop(kind: int, veil: int, shade: float) -> Picture:
    return hazed(_shop(kind), veil, shade)


def _wall(
    picture: Picture,
    camera: Camera,
    ends: tuple[tuple[float, float], tuple[float, float]],
    high: float,
    kind: int,
    *,
    dark: bool,
) -> None:
    a, b = ends
    length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
    count = max(int(length / 7), 1)
    shade = 1.0 if abs(b[1] - a[1]) < abs(b[0] - a[0]) else 0.8
    for bay in range(count):
        p = tuple(a[k] + (b[k] - a[k]) * bay / count for k in (0, 1))
        q = tuple(a[k] + (b[k] - a[k]) * (bay + 1) / count for k in (0, 1))
        away = float(np.hypot((p[0] + q[0]) / 2 - camera.eye[0], (p[1] + q[1]) / 2 - camera.eye[1]))
        veil = veil_of(away)
        front = _hazed_front(kind, veil, shade)
        floors = np.arange(4.0, high, 9.0)
        for low in floors[::-1]:
            if dark:
                front = _lit(int(p[0] * 3 + p[1] * 5 + low) % 16)
                front = front[:240] if low < 5 else front  # trees hide the first floor
            bottom = low + 3.0 if dark and low < 5 else low
            stick(picture, camera, front, _upright(p, q, bottom, low + 9.0))
        if dark:
            continue
        shop = _hazed_shop((kind + bay) % 3, veil, shade)
        stick(picture, camera, shop, _upright(p, q, 0.0, 4.0))


def _upright(p: tuple[float, ...], q: tuple[float, ...], low: float, high: float) -> list[Point3]:
    return [(p[0], p[1], high), (q[0], q[1], high), (q[0], q[1], low), (p[0], p[1], low)]


def houses(picture: Picture, camera: Camera, *, dark: bool = False) -> None:
    """Draws the houses, the far ones first, by the walls that are seen; `dark`: their lights."""
    ex, ey = camera.eye[:2]

    def away(house: tuple[int, ...]) -> float:
        return float(np.hypot((house[0] + house[2]) / 2 - ex, (house[1] + house[3]) / 2 - ey))

    for west, south, east, north, high, kind in sorted(_HOUSES, key=away, reverse=True):
        walls = []
        if ey > north:
            walls.append(((east, north), (west, north)))
        if ey < south:
            walls.append(((west, south), (east, south)))
        if ex < west:
            walls.append(((west, north), (west, south)))
        if ex > east:
            walls.append(((east, south), (east, north)))
        for ends in walls:
            _wall(picture, camera, ends, high, kind, dark=dark)
