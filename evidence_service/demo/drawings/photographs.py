"""Photographs of the scene, as a camera of the police would have taken them, with its EXIF."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

import cv2
import numpy as np
from PIL import ExifTags, Image

from evidence_service.demo.cast import DemoCase
from evidence_service.demo.drawings import backdrop, ground, night, props, site, street
from evidence_service.demo.drawings.camera import Camera, Picture, Point3
from evidence_service.demo.drawings.car import Car, draw_car
from evidence_service.demo.drawings.site import Place, Standing

_WIDE = ((-50.0, 34.0), (100.0, 68.0), 22.0)
_NEAR = ((-7.0, 0.0), (15.0, 11.5), 150.0)
_MARKERS = ((-18.46, -7.0), (-3.7, -3.9), (-2.9, -3.3), (0.6, -3.2), (1.3, -5.0))
_CONES = ((-30.0, -6.8), (-27.0, -4.6), (-24.0, -2.2), (12.5, -1.0), (13.5, -6.2), (6.6, -10.5))


@dataclass(frozen=True)
class Shot:
    """One photograph: where the camera stood, and what it was to show."""

    name: str
    eye: Point3
    target: Point3
    view: float
    minutes: int  # after the accident
    near: bool = False
    dark: bool = False
    located: bool = False
    taped: bool = False


SHOTS = (
    Shot("方位照：由西向东", (-30.5, -9.0, 1.7), (0.0, -3.6, 1.5), 58, 26),
    Shot(
        "概貌照：由东北向西南", (7.2, -0.3, 1.75), (0.7, -6.2, 0.5), 58, 28, near=True, located=True
    ),
    Shot("甲车前部损坏", (3.6, -3.3, 1.5), (-0.5, -5.6, 0.55), 58, 33, near=True),
    Shot("乙车右侧损坏", (0.1, -10.6, 1.45), (3.1, -7.4, 0.6), 62, 35, near=True),
    Shot("制动印迹", (-20.6, -5.9, 1.6), (-12.5, -5.1, 0.0), 60, 41, taped=True),
    Shot("夜间概貌照：由西向东", (-13.5, -8.2, 1.7), (1.0, -5.3, 1.0), 64, 128, dark=True),
    Shot("散落物分布", (-1.9, -1.6, 1.6), (0.6, -4.6, 0.0), 60, 44, near=True),
    Shot("甲车左前部", (0.4, -1.3, 1.4), (-1.0, -5.4, 0.6), 58, 47, near=True),
    Shot("乙车前部", (6.9, -10.4, 1.5), (3.6, -7.3, 0.6), 55, 49, near=True),
    Shot("概貌照：由北向南", (-1.5, 9.5, 1.75), (1.0, -6.0, 0.8), 60, 52),
    Shot("甲车后部号牌", (-7.2, -6.6, 1.3), (-2.6, -5.6, 0.65), 48, 55, near=True),
    Shot("乙车后部号牌", (0.2, -2.4, 1.4), (2.9, -6.2, 0.7), 50, 58, near=True),
)


def _cars(case: DemoCase) -> list[Car]:
    a, b = case.party_a.vehicle, case.party_b.vehicle
    return [
        Car(site.A_AT_REST, a.paint, a.plate, "nose"),
        Car(site.B_AT_REST, b.paint, b.plate, "flank"),
        Car(Standing(-35.5, -4.6, 8.0, 4.7, 1.84), (232, 234, 236), "浙Z·0119警", police=True),
        Car(Standing(31.0, 1.75, 180.0, 4.5, 1.8), (120, 30, 32), "浙Z·60T7X"),
        Car(Standing(38.5, 1.75, 180.0, 4.6, 1.8), (220, 220, 216), "浙Z·2M90C"),
        Car(Standing(24.5, 5.25, 180.0, 4.4, 1.75), (52, 54, 58), "浙Z·71K5D"),
        Car(Standing(-1.8, 26.0, -90.0, 4.5, 1.8), (190, 176, 150), "浙Z·9Q26V"),
        Car(Standing(1.8, -27.0, 90.0, 4.5, 1.8), (70, 92, 84), "浙Z·44R8B"),
    ]


def _things(picture: Picture, camera: Camera, case: DemoCase, shot: Shot) -> None:
    """Draws cars, cones and markers, the far ones first."""
    ex, ey = camera.eye[:2]

    def away(place: Place) -> float:
        return -((place[0] - ex) ** 2 + (place[1] - ey) ** 2)

    if shot.taped:
        props.tape(picture, camera, (-18.46, -6.55), (-8.8, -6.4))
    props.lying_plate(picture, camera, (1.75, -4.55), 24, case.party_a.vehicle.plate)
    placed: list[tuple[Place, Car | int]] = [
        ((car.standing.x, car.standing.y), car) for car in _cars(case)
    ]
    placed += [(place, 0) for place in _CONES]
    placed += [(place, number) for number, place in enumerate(_MARKERS, 1)]
    for place, thing in sorted(placed, key=lambda item: away(item[0])):
        if isinstance(thing, Car):
            draw_car(picture, camera, thing)
            whole = thing.dent != "nose"
            props.plates_of(picture, camera, thing.standing, thing.plate, front=whole)
        elif thing == 0:
            props.cone(picture, camera, place)
        else:
            props.marker(picture, camera, place, thing)


def drawn(case: DemoCase, shot: Shot, width: int, height: int) -> Picture:
    """Draws what a shot shows, of shape (height, width, 3), blue first."""
    camera = Camera(shot.eye, shot.target, shot.view, width, height)
    picture = np.empty((height, width, 3), np.uint8)
    picture[: max(camera.horizon, 4)] = backdrop.sky(camera)[: max(camera.horizon, 4)]
    cars = tuple(car.standing for car in _cars(case))
    boards = [ground.painted(*part, cars) for part in ((_WIDE, _NEAR) if shot.near else (_WIDE,))]
    picture[camera.horizon :] = ground.seen_ground(camera, boards)
    if camera.horizon > 0:
        backdrop.houses(picture, camera)
        street.trees_and_lamps(picture, camera)
    _things(picture, camera, case, shot)
    if shot.dark:
        picture = night.at_night(picture, camera)
    return _taken(picture, shot)


def _taken(picture: Picture, shot: Shot) -> Picture:
    """Lens and sensor: softness, darker corners, noise."""
    height, width = picture.shape[:2]
    soft = cv2.GaussianBlur(picture, (0, 0), width / 2600)
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None]
    corner = (286 * (1 - 0.14 * (x * x + y * y) ** 1.4 / 2)).astype(np.uint16)
    rng = np.random.default_rng(shot.minutes)
    strength = 7.0 if shot.dark else 3.0
    grain = rng.normal(128, strength, (height // 4, width, 3)).clip(0, 255).astype(np.uint8)
    grain = np.concatenate([np.roll(grain, 97 * k, 1) for k in range(4)] + [grain])[:height]
    lit = cv2.multiply(soft.astype(np.uint16), cv2.merge([corner] * 3), scale=1 / 256)
    return np.asarray(cv2.addWeighted(cv2.convertScaleAbs(lit), 1, grain, 1, -128), np.uint8)


def _taken_at(case: DemoCase, shot: Shot) -> datetime:
    return case.local_time + timedelta(minutes=shot.minutes, seconds=shot.minutes * 37 % 60)


def _stamped(picture: Picture, case: DemoCase, shot: Shot) -> None:
    """Writes date and time into the corner as such cameras do."""
    taken = _taken_at(case, shot)
    height, width = picture.shape[:2]
    text, scale = f"{taken:%Y-%m-%d %H:%M:%S}", width / 1500
    spot = (int(width * 0.665), int(height * 0.965))
    for tone, thick in (((20, 30, 60), 5), ((60, 150, 250), 2)):
        thickness = max(int(thick * scale), 1)
        cv2.putText(
            picture, text, spot, cv2.FONT_HERSHEY_SIMPLEX, scale, tone, thickness, cv2.LINE_AA
        )


def _exif(case: DemoCase, shot: Shot) -> Image.Exif:
    taken = _taken_at(case, shot)
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SHILI"
    exif[ExifTags.Base.Model] = "SL-D610 Police"
    exif[ExifTags.Base.Software] = "SL-D610 Ver.1.02"
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = f"{taken:%Y:%m:%d %H:%M:%S}"
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    inner[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    inner[ExifTags.Base.ISOSpeedRatings] = 3200 if shot.dark else 200
    inner[ExifTags.Base.FNumber] = 2.8 if shot.dark else 5.6
    inner[ExifTags.Base.ExposureTime] = 1 / 30 if shot.dark else 1 / 320
    inner[ExifTags.Base.FocalLength] = 24.0
    inner[ExifTags.Base.Flash] = 1 if shot.dark else 0
    if shot.located:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        gps[ExifTags.GPS.GPSLatitude] = (27.0, 0.0, 14.7)  # in the sea, where no city is
        gps[ExifTags.GPS.GPSLongitude] = (124.0, 0.0, 14.7)
    return exif


def scene_photographs(case: DemoCase, count: int = 6) -> list[bytes]:
    """Takes the photographs of the scene: JPEG, 2000 by 1500, with EXIF.

    The second one carries a GPS position, the others none; the sixth was taken at night.

    Args:
        case: whose scene it is.
        count: how many; beyond the twelve standpoints the camera steps a little aside.
    """
    taken = []
    for number in range(count):
        shot = SHOTS[number % len(SHOTS)]
        if number >= len(SHOTS):
            step = 0.35 * (number // len(SHOTS))
            eye = (shot.eye[0] + step, shot.eye[1] - step, shot.eye[2])
            shot = replace(shot, eye=eye, minutes=shot.minutes + 60 + number, located=False)
        picture = drawn(case, shot, 2000, 1500)
        _stamped(picture, case, shot)
        target = BytesIO()
        image = Image.fromarray(picture[:, :, ::-1])
        image.save(target, "JPEG", quality=96, exif=_exif(case, shot), subsampling=2)
        taken.append(target.getvalue())
    return taken
