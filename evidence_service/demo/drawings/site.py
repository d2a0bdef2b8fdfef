"""Where everything lay: the one geometry behind diagram, record, appraisal and photographs.

Metres; the origin is the middle of the crossing, x points east along 望亭路, y north along 柳浪街.
Angles in degrees from east, against the clock.
"""

from dataclasses import dataclass
from math import cos, radians, sin, sqrt

Place = tuple[float, float]

MAIN_HALF = 9.5  # 望亭路: two lanes of 3.5 and one for bicycles of 2.5 on each side
SIDE_HALF = 6.0  # 柳浪街: one lane of 3.5 and one for bicycles of 2.5 on each side
CORNER = 5.0  # radius of the kerb
LANE = 3.5
ZEBRA = (11.6, 15.6)  # from the middle of 柳浪街, along 望亭路
ZEBRA_SIDE = (15.0, 18.0)  # from the middle of 望亭路, along 柳浪街
STOP_LINE = 16.6
STOP_LINE_SIDE = 19.0
LAMP = (-13.2, -11.0)  # lamp post W17, the base point
SPEED_LIMIT_KMH = 50
GRAVITY = 9.81


@dataclass(frozen=True)
class Standing:
    """How a vehicle stands: its middle, where its nose points, its length and width."""

    x: float
    y: float
    angle: float
    length: float
    width: float

    def spot(self, ahead: float, left: float) -> Place:
        """A point of the vehicle, in metres ahead and to the left of its middle."""
        turn = radians(self.angle)
        return (
            self.x + ahead * cos(turn) - left * sin(turn),
            self.y + ahead * sin(turn) + left * cos(turn),
        )

    def wheel(self, *, front: bool, left: bool) -> Place:
        """Where a wheel touches the road."""
        return self.spot(
            0.29 * self.length * (1 if front else -1), 0.43 * self.width * (1 if left else -1)
        )


A_AT_REST = Standing(-1.55, -5.62, -6.0, 4.62, 1.78)
B_AT_REST = Standing(3.5, -7.2, -57.0, 4.55, 1.80)
A_AT_CONTACT = Standing(-5.2, -5.25, 0.0, 4.62, 1.78)
B_AT_CONTACT = Standing(-1.97, -4.98, -104.0, 4.55, 1.80)
CONTACT = (-2.9, -5.0)
SKID_START_X = -18.46
SKID_METRES = 14.6
SKID_END_X = SKID_START_X + SKID_METRES
SKID_LEFT_Y, SKID_RIGHT_Y = -4.49, -6.01
DEBRIS = (-0.1, -3.9)
BASE_LINE_Y = -MAIN_HALF


def skid_lines() -> list[list[Place]]:
    """The two marks of the first vehicle's locked front wheels."""
    return [
        [(SKID_START_X, y), ((SKID_START_X + SKID_END_X) / 2, y + 0.03), (SKID_END_X, y)]
        for y in (SKID_LEFT_Y, SKID_RIGHT_Y)
    ]


def scuff_lines() -> list[list[Place]]:
    """The marks of the second vehicle's tyres, pushed sideways to where it came to rest."""
    lines = []
    for front in (True, False):
        start = B_AT_CONTACT.wheel(front=front, left=False)
        end = B_AT_REST.wheel(front=front, left=False)
        bend = -0.35 if front else 0.5
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + bend)
        lines.append([start, middle, end])
    return lines


@dataclass(frozen=True)
class Measured:
    """A measured point: metres off the base line, and along it from the base point."""

    name: str
    place: Place

    @property
    def off_line(self) -> float:
        """Metres north of the base line, the southern kerb of 望亭路."""
        return self.place[1] - BASE_LINE_Y

    @property
    def along(self) -> float:
        """Metres east of the lamp post, along the base line."""
        return self.place[0] - LAMP[0]


def measured_points() -> tuple[Measured, ...]:
    """The points that the officers measured, in the order of the list on the diagram."""
    return (
        Measured("甲车右前轮", A_AT_REST.wheel(front=True, left=False)),
        Measured("甲车右后轮", A_AT_REST.wheel(front=False, left=False)),
        Measured("乙车右前轮", B_AT_REST.wheel(front=True, left=False)),
        Measured("乙车右后轮", B_AT_REST.wheel(front=False, left=False)),
        Measured("接触点", CONTACT),
        Measured("左制动印迹起点", (SKID_START_X, SKID_LEFT_Y)),
        Measured("左制动印迹止点", (SKID_END_X, SKID_LEFT_Y)),
        Measured("右制动印迹起点", (SKID_START_X, SKID_RIGHT_Y)),
        Measured("右制动印迹止点", (SKID_END_X, SKID_RIGHT_Y)),
        Measured("散落物中心", DEBRIS),
    )


FRICTION = (0.55, 0.60)  # of a car with locked wheels on used, dry asphalt
CONTACT_KMH = (33.0, 36.0)


def entry_speeds_kmh() -> tuple[float, float]:
    """Speed before braking, from the length of the mark and the speed left at contact."""
    low, high = (
        3.6 * sqrt(2 * GRAVITY * friction * SKID_METRES + (left / 3.6) ** 2)
        for friction, left in zip(FRICTION, CONTACT_KMH, strict=True)
    )
    return low, high
