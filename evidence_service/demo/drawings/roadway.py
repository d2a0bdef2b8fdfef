"""The plan of the crossing in the drawing manner of scene diagrams (after GA/T 49)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from evidence_service.demo.drawings import site
from evidence_service.demo.drawings.fonts import HEI
from evidence_service.demo.drawings.sheet import BLACK, GREY, RED, Colour, Sheet, Spot
from evidence_service.demo.drawings.site import Place, Standing

GROUND: Colour = (0.93, 0.94, 0.94)
YELLOW: Colour = (0.80, 0.6, 0.05)
BLUE: Colour = (0.1, 0.25, 0.6)


@dataclass(frozen=True)
class Plan:
    """A window onto the site: `area` in millimetres, `middle` in metres, `scale` in mm per m."""

    sheet: Sheet
    area: tuple[float, float, float, float]
    middle: Place
    scale: float

    def spot(self, place: Place) -> Spot:
        """Where a place of the site lies on the sheet, kept inside the window."""
        left, top, width, height = self.area
        x = left + width / 2 + (place[0] - self.middle[0]) * self.scale
        y = top + height / 2 - (place[1] - self.middle[1]) * self.scale
        return (min(max(x, left), left + width), min(max(y, top), top + height))

    def line(
        self, places: Sequence[Place], width: float = 0.25, colour: Colour = BLACK, dash: str = ""
    ) -> None:
        """Draws a line through places."""
        self.sheet.line([self.spot(place) for place in places], width, colour, dash)

    def shape(self, places: Sequence[Place], **kinds: Colour | float | None) -> None:
        """Draws a closed shape; `fill`, `edge`, `width` as `Sheet.shape` has them."""
        draw: Callable[..., None] = self.sheet.shape
        draw([self.spot(place) for place in places], **kinds)

    def text(self, place: Place, text: str, size: float = 9.0, *, turn: float = 0.0) -> None:
        """Writes around a place."""
        self.sheet.text(self.spot(place), text, size, face=HEI, align="centre", turn=turn)


def _corner(east: int, north: int) -> list[Place]:
    """The kerb of one quarter, from 柳浪街 round to 望亭路."""
    centre = (site.SIDE_HALF + site.CORNER, site.MAIN_HALF + site.CORNER)
    bend = [
        (centre[0] - site.CORNER * cos(t), centre[1] - site.CORNER * sin(t))
        for t in np.linspace(0, pi / 2, 13)
    ]
    line = [(site.SIDE_HALF, 60.0), *bend, (60.0, site.MAIN_HALF)]
    return [(east * x, north * y) for x, y in line]


def roads(plan: Plan) -> None:
    """Draws ground, kerbs, lanes, stop lines, zebra crossings and arrows."""
    left, top, width, height = plan.area
    plan.sheet.box(left, top, width, height, 0.2, fill=GROUND)
    for east, north in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        kerb = _corner(east, north)
        plan.shape([*kerb, (60.0 * east, 60.0 * north)], fill=(1, 1, 1), edge=None)
        plan.line(kerb, 0.5)
        plan.line([(x + 0.35 * east, y + 0.35 * north) for x, y in kerb], 0.15, GREY)
    for side in (-1, 1):
        far, near = 60.0 * side, site.STOP_LINE * side
        for y in (-0.12, 0.12):
            plan.line([(near, y), (far, y)], 0.3, YELLOW)
        for y in (site.LANE, -site.LANE):
            plan.line([(near, y), (far, y)], 0.25, BLACK, "" if y * side > 0 else "10 10")
        for y in (2 * site.LANE, -2 * site.LANE):
            plan.line([(near, y), (far, y)], 0.3)
        plan.line([(near, 0.12 * side), (near, site.MAIN_HALF * side)], 0.9)
        far, near = 60.0 * side, site.STOP_LINE_SIDE * side
        plan.line([(0, near), (0, far)], 0.4, YELLOW)
        plan.line([(0, near), (-site.SIDE_HALF * side, near)], 0.9)
        for x in (site.LANE, -site.LANE):
            plan.line([(x, near), (x, far)], 0.3)
    _zebras(plan)
    for y, x in ((-1.75, -28.0), (-5.25, -28.0), (1.75, 19.7), (5.25, 19.7)):
        _arrow(plan, (x, y), 1 if y < 0 else -1, left=abs(y) < 2)


def _zebras(plan: Plan) -> None:
    for side in (-1, 1):
        a, b = (side * edge for edge in site.ZEBRA)
        for y in np.arange(-8.8, 9.0, 1.1):
            plan.shape(
                [(a, y - 0.22), (b, y - 0.22), (b, y + 0.22), (a, y + 0.22)],
                fill=(1, 1, 1),
                width=0.15,
            )
        a, b = (side * edge for edge in site.ZEBRA_SIDE)
        for x in np.arange(-5.4, 5.6, 1.1):
            plan.shape(
                [(x - 0.22, a), (x - 0.22, b), (x + 0.22, b), (x + 0.22, a)],
                fill=(1, 1, 1),
                width=0.15,
            )


def _arrow(plan: Plan, at: Place, way: int, *, left: bool) -> None:
    """An arrow on the lane: straight on, or straight on and left."""
    x, y = at
    plan.line([(x - 2.4 * way, y), (x + 1.4 * way, y)], 0.5)
    head = [(x + 2.4 * way, y), (x + 1.3 * way, y + 0.45), (x + 1.3 * way, y - 0.45)]
    plan.shape(head, fill=BLACK, edge=None)
    if left:
        plan.line([(x - 0.6 * way, y), (x + 0.2 * way, y + 0.9 * way)], 0.5)
        tip = (x + 0.7 * way, y + 1.5 * way)
        plan.shape(
            [tip, (x - 0.15 * way, y + 1.05 * way), (x + 0.5 * way, y + 0.6 * way)],
            fill=BLACK,
            edge=None,
        )


def traces(plan: Plan) -> None:
    """Draws skid marks, scuffs and debris."""
    for line in site.skid_lines():
        plan.line(line, 1.0, (0.2, 0.2, 0.22))
    for line in site.scuff_lines():
        plan.line(line, 0.5, (0.3, 0.3, 0.32), "2 1.2")
    rng = np.random.default_rng(33)
    for dx, dy in rng.normal(0, 1, (26, 2)):
        place = (site.DEBRIS[0] + 1.15 * float(dx), site.DEBRIS[1] + 0.42 * float(dy))
        plan.sheet.circle(plan.spot(place), 0.45, fill=GREY, width=0.1)


def vehicles(plan: Plan) -> None:
    """Draws both vehicles at rest, dashed where they touched, and the point of contact."""
    for standing in (site.A_AT_CONTACT, site.B_AT_CONTACT):
        plan.line([*_body(standing), _body(standing)[0]], 0.25, GREY, "1.4 1")
    for standing, label in ((site.A_AT_REST, "甲"), (site.B_AT_REST, "乙")):
        _vehicle(plan, standing, label)
    x, y = site.CONTACT
    for dx in (-0.4, 0.4):
        plan.line([(x - 0.4, y - dx), (x + 0.4, y + dx)], 0.6, RED)
    plan.line([(-25.2, -5.25), (-19.8, -5.25)], 0.3, BLUE, "3 1.5")
    turning = [(14 - 1.0 * t, 1.75) for t in range(9)]
    turning += [(6 - 7.9 * sin(t), 1.75 - 6.2 * (1 - cos(t))) for t in np.linspace(0.1, 1.25, 10)]
    plan.line(turning, 0.3, BLUE, "3 1.5")
    for place, way in (((-19.8, -5.25), 0.0), (turning[-1], 250.0)):
        _tip(plan, place, way)


def _tip(plan: Plan, place: Place, angle: float) -> None:
    here = Standing(*place, angle, 0, 0)
    plan.shape([here.spot(0.9, 0), here.spot(0, 0.3), here.spot(0, -0.3)], fill=BLUE, edge=None)


def _body(car: Standing) -> list[Place]:
    ahead, side = car.length / 2, car.width / 2
    outline = (
        (1, 0.55), (0.9, 0.95), (0.5, 1), (-0.8, 1), (-0.97, 0.85),
        (-0.97, -0.85), (-0.8, -1), (0.5, -1), (0.9, -0.95), (1, -0.55),
    )  # fmt: skip
    return [car.spot(a * ahead, s * side) for a, s in outline]


def _vehicle(plan: Plan, car: Standing, label: str) -> None:
    plan.shape(_body(car), fill=(1, 1, 1), width=0.5)
    ahead, side = car.length / 2, car.width / 2
    for front, back, wide, narrow in ((0.42, 0.2, 0.86, 0.7), (-0.78, -0.6, 0.8, 0.66)):
        pane = [(front, wide), (back, narrow), (back, -narrow), (front, -wide)]
        plan.shape([car.spot(a * ahead, s * side) for a, s in pane], fill=GROUND, width=0.25)
    for front in (True, False):
        for left in (True, False):
            plan.sheet.circle(plan.spot(car.wheel(front=front, left=left)), 0.5, fill=BLACK)
    x, y = plan.spot(car.spot(-0.25, 0))
    plan.sheet.text((x, y + 1.6), label, 12, face=HEI, bold=True, align="centre")
