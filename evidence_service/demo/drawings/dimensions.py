"""What is written on the plan: distances with their lines, names, north, scale and legend."""

from itertools import pairwise
from math import atan2, degrees, hypot

from evidence_service.demo.drawings import site
from evidence_service.demo.drawings.fonts import HEI
from evidence_service.demo.drawings.roadway import BLUE, GROUND, Plan
from evidence_service.demo.drawings.sheet import BLACK, GREY, RED, Sheet, Spot
from evidence_service.demo.drawings.site import Place

_SIZE = 8.5


def _distance(plan: Plan, a: Place, b: Place, text: str = "", *, share: float = 0.5) -> None:
    """Draws a measure between two places with arrows at its ends and its length in metres.

    Args:
        plan: to draw on.
        a: left or lower end.
        b: right or upper end.
        text: instead of the bare length.
        share: where along the line the text stands, 0 to 1.
    """
    metres = hypot(b[0] - a[0], b[1] - a[1])
    (x0, y0), (x1, y1) = plan.spot(a), plan.spot(b)
    long = hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / long, (y1 - y0) / long
    sheet = plan.sheet
    sheet.line([(x0, y0), (x1, y1)], 0.15)
    for x, y, way in ((x0, y0, 1), (x1, y1, -1)):
        tip = [(x, y), (x + way * ux * 1.8 + uy * 0.5, y + way * uy * 1.8 - ux * 0.5)]
        tip.append((x + way * ux * 1.8 - uy * 0.5, y + way * uy * 1.8 + ux * 0.5))
        sheet.shape(tip, fill=BLACK, edge=None)
    turn = degrees(atan2(-(y1 - y0), x1 - x0))
    text = text or f"{metres:.2f}"
    half = sheet.measure(text, _SIZE, HEI) / 2
    x, y = x0 + share * (x1 - x0) + 1.0 * uy, y0 + share * (y1 - y0) - 1.0 * ux
    patch = [(-half, 0.4), (half, 0.4), (half, -2.6), (-half, -2.6)]
    placed = [(x + p * ux - q * uy, y + p * uy + q * ux) for p, q in patch]
    sheet.shape(placed, fill=GROUND, edge=None)
    sheet.text((x, y), text, _SIZE, face=HEI, align="centre", turn=turn)


def measures(plan: Plan) -> None:
    """Draws the measured distances: what the list beside the plan has in numbers."""
    plan.line([(-34, site.BASE_LINE_Y), (23, site.BASE_LINE_Y)], 0.2, RED, "6 1.5 1 1.5")
    a_rear, a_front = (site.A_AT_REST.wheel(front=front, left=False) for front in (False, True))
    b_front = site.B_AT_REST.wheel(front=True, left=False)
    for place in (a_rear, a_front, (site.SKID_START_X, site.SKID_RIGHT_Y)):
        _distance(plan, (place[0], site.BASE_LINE_Y), place)
    y = site.SKID_LEFT_Y + 1.5
    for x in (site.SKID_START_X, site.SKID_END_X):
        plan.line([(x, site.SKID_LEFT_Y), (x, y + 0.25)], 0.12)
    length = f"制动印迹 {site.SKID_METRES:.2f}"
    _distance(plan, (site.SKID_START_X, y), (site.SKID_END_X, y), length)
    below = site.BASE_LINE_Y - 2.6
    for x in (a_rear[0], a_front[0]):
        plan.line([(x, site.BASE_LINE_Y), (x, below - 0.25)], 0.12)
    for foot in (b_front, site.LAMP):
        plan.line([foot, (foot[0], below - 0.25)], 0.12)
    marks = (site.LAMP[0], a_rear[0], a_front[0], b_front[0])
    for number, (left, right) in enumerate(pairwise(marks)):
        share = 0.78 if number == 0 else 0.5
        _distance(plan, (left, below), (right, below), share=share)
    widths = (-9.5, -7.0, -3.5, 0.0, 3.5, 7.0, 9.5)
    for low, high in pairwise(widths):
        _distance(plan, (-31.6, low), (-31.6, high))
    _distance(plan, (-33.2, -9.5), (-33.2, 9.5))
    _distance(plan, (-6.0, 13.9), (6.0, 13.9))


def names(plan: Plan) -> None:
    """Writes the names of roads, points and traces, with lines to what they name."""
    plan.text((-26.5, 11.6), "望　亭　路", 13)
    plan.text((-22.0, 10.2), "（双向四车道，限速50km/h）", 8)
    plan.text((17.5, -12.2), "望　亭　路", 13)
    plan.text((8.2, 15.4), "柳　浪　街", 13, turn=90)
    plan.text((-7.4, -15.9), "柳　浪　街", 13, turn=90)
    x, y = plan.spot(site.LAMP)
    plan.sheet.shape([(x, y - 1.6), (x + 1.5, y + 1.1), (x - 1.5, y + 1.1)], edge=RED, width=0.4)
    plan.text((site.LAMP[0] - 4.7, site.LAMP[1] - 0.35), "基准点 灯杆W17", _SIZE)
    plan.text((-21.0, site.BASE_LINE_Y - 0.95), "基准线（路缘石线）", _SIZE)
    _named(plan, site.CONTACT, (-8.4, -0.9), "接触点")
    _named(plan, site.DEBRIS, (4.4, -1.6), "散落物（玻璃、塑料碎片）")
    _named(plan, (1.6, -6.3), (5.9, -5.1), "乙车轮胎侧滑印迹")
    _north(plan.sheet, (plan.area[0] + plan.area[2] - 14, plan.area[1] + 8))
    _scale(plan, (plan.area[0] + plan.area[2] - 62, plan.area[1] + plan.area[3] - 6))


def _named(plan: Plan, place: Place, label_at: Place, text: str) -> None:
    plan.line([place, label_at], 0.15)
    x, y = plan.spot(label_at)
    away = 1 if label_at[0] > place[0] else -1
    length = plan.sheet.measure(text, _SIZE, HEI)
    plan.sheet.line([(x, y), (x + away * (length + 1), y)], 0.15)
    plan.sheet.text((x + away * (length + 1) / 2, y - 0.8), text, _SIZE, face=HEI, align="centre")


def _north(sheet: Sheet, top: Spot) -> None:
    x, y = top
    sheet.shape([(x, y), (x + 3.4, y + 15), (x, y + 12)], fill=BLACK)
    sheet.shape([(x, y), (x - 3.4, y + 15), (x, y + 12)], fill=(1, 1, 1))
    sheet.text((x, y + 20), "北", 12, face=HEI, bold=True, align="centre")


def _scale(plan: Plan, left: Spot) -> None:
    x, y = left
    for number in range(5):
        fill = BLACK if number % 2 == 0 else (1.0, 1.0, 1.0)
        plan.sheet.box(x + number * 2 * plan.scale, y, 2 * plan.scale, 1.6, 0.2, fill=fill)
    for number in range(6):
        spot = (x + number * 2 * plan.scale, y - 1)
        plan.sheet.text(spot, f"{2 * number}", 7.5, face=HEI, align="centre")
    plan.sheet.text((x + 10.4 * plan.scale, y + 1.6), "m", 7.5, face=HEI)


def legend(sheet: Sheet, at: Spot, width: float) -> None:
    """Explains the signs of the plan in two columns."""
    x, y = at
    sheet.text((x + width / 2, y), "图　例", 11, face=HEI, bold=True, align="centre")
    entries = (
        "制动印迹",
        "侧滑印迹",
        "接触点",
        "散落物",
        "基准点",
        "行驶方向",
        "停止位置",
        "接触位置",
    )
    for number, entry in enumerate(entries):
        left = x + 2 + (number % 2) * width / 2
        line = y + 8 + (number // 2) * 8.2
        _sign(sheet, entry, (left, line - 1.3))
        sheet.text((left + 18, line), entry, 9.5, face=HEI)


def _sign(sheet: Sheet, entry: str, at: Spot) -> None:
    x, y = at
    if entry in {"停止位置", "接触位置"}:
        dash = "1.4 1" if entry == "接触位置" else ""
        corners = [(x + 1, y - 2), (x + 13, y - 2), (x + 13, y + 2), (x + 1, y + 2), (x + 1, y - 2)]
        sheet.line(corners, 0.25 if dash else 0.5, GREY if dash else BLACK, dash)
    elif entry == "行驶方向":
        sheet.line([(x, y), (x + 11, y)], 0.3, BLUE, "3 1.5")
        sheet.shape([(x + 14, y), (x + 10.5, y - 1.2), (x + 10.5, y + 1.2)], fill=BLUE, edge=None)
    else:
        _sign_of_trace(sheet, entry, at)


def _sign_of_trace(sheet: Sheet, entry: str, at: Spot) -> None:
    x, y = at
    if entry == "制动印迹":
        sheet.line([(x, y), (x + 14, y)], 1.0, (0.2, 0.2, 0.22))
    elif entry == "侧滑印迹":
        sheet.line([(x, y), (x + 14, y)], 0.5, (0.3, 0.3, 0.32), "2 1.2")
    elif entry == "接触点":
        for way in (-1, 1):
            sheet.line([(x + 5, y - 2 * way), (x + 9, y + 2 * way)], 0.6, RED)
    elif entry == "散落物":
        for number in range(5):
            spot = (x + 2.5 + 2.2 * number, y + (number % 2) * 1.6 - 0.8)
            sheet.circle(spot, 0.45, fill=GREY, width=0.1)
    elif entry == "基准点":
        sheet.shape([(x + 7, y - 1.8), (x + 8.7, y + 1.3), (x + 5.3, y + 1.3)], edge=RED, width=0.4)
