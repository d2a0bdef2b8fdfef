"""Painting a car: its body lit by a cloudy sky, its wheels, its dents."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from evidence_service.demo.drawings.bodywork import Skin, skin_of
from evidence_service.demo.drawings.camera import Camera, Floats, Picture
from evidence_service.demo.drawings.site import Standing


@dataclass(frozen=True)
class Car:
    """What to draw: where it stands, paint (red, green, blue), plate, and where it is dented."""

    standing: Standing
    paint: tuple[int, int, int]
    plate: str
    dent: str = ""
    police: bool = False


def _placed(points: npt.ArrayLike, standing: Standing) -> Floats:
    """Turns metres ahead, left, up of a car into metres of the site."""
    at = np.asarray(points, np.float64)
    turn = np.radians(standing.angle)
    x = standing.x + at[..., 0] * np.cos(turn) - at[..., 1] * np.sin(turn)
    y = standing.y + at[..., 0] * np.sin(turn) + at[..., 1] * np.cos(turn)
    return np.stack([x, y, at[..., 2]], -1)


def _mirrored_sky(away: Floats) -> Floats:
    """What a polished face shows of its surroundings: sky above, houses level, road below."""
    up = away[..., 2]
    tone = np.interp(up, [-1, -0.1, 0.0, 0.1, 0.3, 1], [60, 74, 84, 128, 226, 244])
    return np.stack([tone * 1.03, tone, tone * 0.97], -1)


def _colours(car: Car, skin: Skin, places: Floats, camera: Camera) -> Floats:
    along, across = np.gradient(places, axis=0), np.gradient(places, axis=1)
    normal = np.cross(along, across)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    look = places - np.asarray(camera.eye)
    look /= np.linalg.norm(look, axis=-1, keepdims=True)
    facing = np.sum(normal * look, -1, keepdims=True)
    normal = np.where(facing > 0, -normal, normal)
    cosine = np.abs(facing)
    mirrored = _mirrored_sky(look + 2 * cosine * normal)
    gloss = 0.06 + 0.5 * (1 - cosine) ** 4 + 0.07
    sun = np.clip(normal @ np.array([-0.62, -0.45, 0.64]), 0, 1)[..., None]
    paint: Floats = np.array(car.paint[::-1], np.float64)
    if car.police:
        band = (skin.corners[..., 2:] > 0.6) & (skin.corners[..., 2:] < 0.8)
        paint = np.where(band & (np.abs(skin.corners[..., 1:2]) > 0.5), (150, 70, 20), paint)
    lit = 0.45 + 0.24 * (normal[..., 2:] + 1) / 2 + 0.5 * sun
    shade = paint * lit * (1 - gloss) + mirrored * gloss
    bare = np.array([120, 124, 128]) * lit
    shade += (bare - shade) * (0.75 * skin.scratched[..., None])
    glass = np.array([38, 36, 32]) * (0.6 + 0.4 * lit) + mirrored * (
        0.1 + 0.75 * (1 - cosine) ** 3 + 0.08
    )
    shade = np.where(skin.glass[..., None], glass, shade)
    shade = np.where(skin.dark[..., None], 26 + 8 * lit, shade)
    front = np.array([214, 216, 216]) * (0.5 + 0.5 * lit)
    rear = np.array([40, 34, 168]) * (0.55 + 0.5 * lit)
    shade = np.where((skin.lamp == 1)[..., None], front, shade)
    return np.asarray(np.clip(np.where((skin.lamp == 2)[..., None], rear, shade), 0, 255))


def _wheel(picture: Picture, camera: Camera, car: Car, *, front: bool, left: bool) -> None:
    side = (car.standing.width / 2 - 0.015) * (1 if left else -1)
    ahead = 0.58 * car.standing.length / 2 * (1 if front else -1)
    ring = np.linspace(0, 2 * np.pi, 45)[:-1]
    discs = (
        (0.39, 0.0, (15, 15, 16)),
        (0.33, -0.2, (20, 20, 21)),
        (0.33, 0, (34, 34, 35)),
        (0.225, 0, (136, 138, 140)),
    )
    for radius, inward, tone in discs:
        y = side + np.sign(side) * inward
        high = 0.33 + radius * np.sin(ring)
        if radius > 0.35:  # the arch is cut out of the body, not of the road
            high = np.maximum(high, 0.22)
        points = np.stack([ahead + radius * np.cos(ring), np.full(44, y), high], -1)
        _fill(picture, camera.project(_placed(points, car.standing))[0], tone)
    for spoke in range(5):
        angle = 2 * np.pi * spoke / 5 + 0.3 + 0.63
        bend = angle + np.array([-0.36, 0.36, 0.22, -0.22])
        short = np.array([0.2, 0.2, 0.08, 0.08])
        points = np.stack(
            [ahead + short * np.cos(bend), np.full(4, side), 0.33 + short * np.sin(bend)], -1
        )
        _fill(picture, camera.project(_placed(points, car.standing))[0], (46, 46, 48))


def _fill(picture: Picture, spots: Floats, tone: tuple[int, ...]) -> None:
    cv2.fillPoly(picture, [np.round(spots * 16).astype(np.int32)], tone, cv2.LINE_AA, 4)


def draw_car(picture: Picture, camera: Camera, car: Car) -> None:
    """Draws a car into a picture of shape (height, width, 3), blue first."""
    near = np.hypot(car.standing.x - camera.eye[0], car.standing.y - camera.eye[1]) < 14
    standing = car.standing
    skin = skin_of(standing.length, standing.width, car.dent, fine=bool(near))
    places = _placed(skin.corners, car.standing)
    spots, depth = camera.project(places)
    colours = _colours(car, skin, places, camera)
    aside = _aside(camera, car.standing)
    hidden = abs(aside) < standing.width / 2  # seen from straight behind or before
    for front in (True, False):
        for left in (True, False):
            if hidden or left != (aside > 0):
                _wheel(picture, camera, car, front=front, left=left)
    corner = [(0, 0), (1, 0), (1, 1), (0, 1)]
    rows, columns = spots.shape[0] - 1, spots.shape[1] - 1
    quads = np.stack([spots[a : a + rows, b : b + columns] for a, b in corner], -2)
    tones = np.mean([colours[a : a + rows, b : b + columns] for a, b in corner], 0)
    deep = np.mean([depth[a : a + rows, b : b + columns] for a, b in corner], 0).ravel()
    quads, tones = quads.reshape(-1, 4, 2), tones.reshape(-1, 3)
    one, other = quads[:, 2] - quads[:, 0], quads[:, 3] - quads[:, 1]
    turn = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    seen = np.flatnonzero((turn > 0) & (deep > 0.5))
    ordered = seen[np.argsort(-deep[seen])]
    fixed = np.round(quads * 16).astype(np.int32)
    middle = fixed.mean(1, keepdims=True)
    fixed = np.round(middle + (fixed - middle) * 1.06).astype(np.int32)
    for number, tone in zip(ordered, tones[ordered].tolist(), strict=True):
        cv2.fillConvexPoly(picture, fixed[number], tone, cv2.LINE_8, 4)
    for front in (True, False):
        if not hidden:
            _wheel(picture, camera, car, front=front, left=aside > 0)


def _aside(camera: Camera, standing: Standing) -> float:
    """How far to the left of the car's middle line the camera stands, in metres."""
    turn = np.radians(standing.angle)
    dx, dy = camera.eye[0] - standing.x, camera.eye[1] - standing.y
    return float(-dx * np.sin(turn) + dy * np.cos(turn))
