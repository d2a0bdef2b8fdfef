"""The pages of the appraisal that reckon speed: from video, from skid marks, and the curve."""

from itertools import pairwise

import numpy as np

from evidence_service.demo.drawings import site
from evidence_service.demo.drawings.appraisal_parts import (
    LEFT,
    WIDTH,
    Report,
    caption,
    heading,
    paragraphs,
    root,
)
from evidence_service.demo.drawings.forms import table
from evidence_service.demo.drawings.sheet import GREY, INK, Sheet

_MARKS = (  # reference point, frame of the video, metres from the first
    ("灯杆W15", 0, 0.0), ("灯杆W16", 14, 9.0), ("灯杆W17", 28, 18.0),
    ("停止线", 35, 22.4), ("印迹起点", 38, 24.3), ("接触点", 66, 38.9),
)  # fmt: skip
_FRAMES_PER_SECOND = 25


def from_video(sheet: Sheet, *, report: Report) -> None:
    """Reckons the speed from frames of the video."""
    del report
    texts = [
        (
            "（三）车速鉴定。依据GB/T 33195-2016《道路交通事故车辆速度鉴定》，采用视频图像法，"
            "并以制动印迹长度验算。"
        ),
        (
            "1．视频图像法。逐帧分析路口北侧监控视频，帧率25帧/秒，选取灯杆、停止线等固定物为参照，"
            "实地测量各参照点间距，甲车前轮经过各参照点的帧号见表5。"
        ),
    ]
    y = paragraphs(sheet, 40, texts)
    caption(sheet, y + 2, "表5　参照点与时间")
    rows = [("序号", "参照点", "帧号", "时刻（s）", "累计距离（m）")]
    for number, (name, frame, metres) in enumerate(_MARKS, 1):
        moment = f"{frame / _FRAMES_PER_SECOND:.3f}"
        rows.append((str(number), name, str(1200 + frame), moment, f"{metres:.2f}"))
    y = table(sheet, (LEFT, y + 5), (18, 40, 30, 35, 35), rows, height=9, size=11) + 11
    y = paragraphs(
        sheet, y, ("灯杆W15至灯杆W17间距18.00m，甲车历时28帧，取时间误差±1帧，按下式计算：",)
    )
    sheet.text((70, y + 4), "v = 3.6 × s ÷ t", 14)
    sheet.text((140, y + 4), "（1）", 12)
    y += 16
    reckoned = []
    for frames in (29, 28, 27):
        seconds = frames / _FRAMES_PER_SECOND
        result = f"v = 3.6×18.00÷{seconds:.2f} = {3.6 * 18.0 / seconds:.1f}km/h；"
        reckoned.append(f"t = {frames}÷25 = {seconds:.2f}s时，{result}")
    y = paragraphs(sheet, y, reckoned)
    texts = [
        (
            "即甲车在进入路口前、制动之前的行驶速度为55.9km/h至60.0km/h。参照点间距经两次测量，误差不大于0.02m，"
            "对结果的影响小于0.1km/h，可以忽略。"
        ),
    ]
    paragraphs(sheet, y, texts)


def from_marks(sheet: Sheet, *, report: Report) -> None:
    """Reckons the speed from the length of the skid marks."""
    del report
    low, high = site.entry_speeds_kmh()
    texts = [
        (
            "2．制动印迹法验算。甲车前轮制动印迹起点至接触位置前轮着地点的长度"
            f"s = {site.SKID_METRES:.2f}m，路面为使用多年的干燥沥青路面，平直，纵坡小于1%，"
            "查GB/T 33195-2016，纵滑附着系数φ取0.55至0.60；重力加速度g = 9.81m/s²。"
        ),
        (
            "根据两车变形量、停止位置和碰撞后运动过程，按动量守恒和能量守恒计算，"
            f"甲车碰撞时的速度v₁为{site.CONTACT_KMH[0]:.0f}km/h至{site.CONTACT_KMH[1]:.0f}km/h"
            "（计算过程见原始记录）。制动前的速度按下式计算："
        ),
    ]
    y = paragraphs(sheet, 40, texts) + 6
    root(sheet, (58, y), "v₀ = 3.6 ×", "2gφs + (v₁÷3.6)²", "（2）", 14)
    caption(sheet, y + 16, "表6　计算参数与结果")
    rows = [("序号", "φ", "s（m）", "v₁（km/h）", "v₀（km/h）")]
    for number, (friction, left, speed) in enumerate(
        zip(site.FRICTION, site.CONTACT_KMH, (low, high), strict=True), 1
    ):
        metres = f"{site.SKID_METRES:.2f}"
        rows.append((str(number), f"{friction:.2f}", metres, f"{left:.1f}", f"{speed:.1f}"))
    y = table(sheet, (LEFT, y + 19), (22, 30, 34, 36, 36), rows, height=9, size=11) + 13
    for friction, left, speed in zip(site.FRICTION, site.CONTACT_KMH, (low, high), strict=True):
        inside = f"2×9.81×{friction:.2f}×{site.SKID_METRES:.2f} + ({left:.0f}÷3.6)²"
        root(sheet, (LEFT + 8, y), "v₀ = 3.6 ×", inside, f"= {speed:.1f}km/h", 12)
        y += 12
    texts = [
        (
            f"验算结果为{low:.1f}km/h至{high:.1f}km/h，与视频图像法的结果相互印证。"
            "印迹起点之前车辆已有短时制动而未留印迹，按印迹长度计算的结果偏低，不影响结论。"
        ),
    ]
    paragraphs(sheet, y + 2, texts)


def curve(sheet: Sheet, *, report: Report) -> None:
    """Draws speed over time and says what follows from it."""
    del report
    caption(sheet, 42, "图4　甲车速度—时间曲线")
    left, top, width, height = LEFT + 14, 47.0, WIDTH - 22, 84.0
    sheet.box(left, top, width, height, 0.4)
    for kmh in range(0, 71, 10):
        y = top + height * (1 - kmh / 70)
        sheet.line([(left, y), (left + width, y)], 0.12, GREY)
        sheet.text((left - 2, y + 1.2), str(kmh), 9, align="right")
    for tenth in range(0, 33, 4):
        x = left + width * tenth / 32
        sheet.line([(x, top), (x, top + height)], 0.12, GREY)
        sheet.text((x, top + height + 5), f"{tenth / 10:.1f}", 9, align="centre")
    moments = np.array([0, 0.56, 1.12, 1.52, 2.0, 2.64, 2.7, 2.9, 3.05])
    speeds = np.array([57.9, 57.9, 57.8, 57.4, 49.0, 35.0, 18.0, 8.0, 0.0])
    smooth = np.linspace(0, 3.05, 90)
    line = [
        (left + width * float(t) / 3.2, top + height * (1 - float(v) / 70))
        for t, v in zip(smooth, np.interp(smooth, moments, speeds), strict=True)
    ]
    for a, b in pairwise(line):
        sheet.line([a, b], 0.6, INK)
    y = top + height * (1 - site.SPEED_LIMIT_KMH / 70)
    sheet.line([(left, y), (left + width, y)], 0.4, (0.75, 0.1, 0.1), "3 1.5")
    sheet.text((left + width - 2, y - 1.5), f"限速{site.SPEED_LIMIT_KMH}km/h", 9, align="right")
    x = left + width * 2.64 / 3.2
    sheet.line([(x, top), (x, top + height)], 0.3, dash="1.2 1")
    sheet.text((x - 1.5, top + 6), "接触", 9, align="right")
    sheet.text(
        (left + width / 2, top + height + 11), "时间（s）　纵轴：速度（km/h）", 9.5, align="centre"
    )
    y = heading(sheet, 156, "五、分析说明")
    texts = [
        (
            "1．视频图像法采用的参照物位置固定、间距经实地测量，帧率稳定，结果可靠；制动印迹法的结果与其一致。"
            "取两种方法结果的共同范围，作为甲车制动前的行驶速度。"
        ),
        (
            "2．甲车前部痕迹与乙车右侧痕迹在高度、宽度、受力方向上相对应，附着漆相互转移，"
            "灯具碎片与甲车右前照灯断口吻合，可以认定两处部位发生过碰撞。"
        ),
        "3．首次接触时甲车车头向东，乙车车头向南偏西，乙车纵轴线与甲车纵轴线夹角约76°，符合直行车与左转弯车相撞的特征。",
        "4．检验未见两车制动、转向系统存在影响行车安全的故障。",
    ]
    paragraphs(sheet, y, texts)
