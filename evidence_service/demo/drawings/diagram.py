"""The scene diagram: a crossing to scale on A3, with all that art. 33 has signed on it."""

from datetime import timedelta
from functools import partial

from evidence_service.demo.cast import DemoCase
from evidence_service.demo.drawings import dimensions, roadway, site
from evidence_service.demo.drawings.fonts import HEI, SONG
from evidence_service.demo.drawings.forms import seal, signing_line, table
from evidence_service.demo.drawings.roadway import Plan
from evidence_service.demo.drawings.sheet import A3_LANDSCAPE, Sheet, vector_pdf

_FRAME = (14.0, 12.0, 392.0, 273.0)
_PLAN = (14.0, 51.0, 286.0, 192.0)
_PANEL_X = 300.0


def scene_diagram(case: DemoCase) -> bytes:
    """Draws 道路交通事故现场图: one A3 page of lines and real text, at 1:200.

    Args:
        case: whose scene it is.
    """
    return vector_pdf(
        [partial(_page, case=case)],
        title=f"道路交通事故现场图 {case.case_no}",
        size=A3_LANDSCAPE,
        made_by="示例事故现场绘图系统",
    )


def _page(sheet: Sheet, *, case: DemoCase) -> None:
    sheet.text((210, 24), "道路交通事故现场图", 22, face=HEI, bold=True, align="centre")
    sheet.box(*_FRAME, 0.6)
    _heading(sheet, case)
    plan = Plan(sheet, _PLAN, middle=(-6.2, -0.4), scale=5.0)
    roadway.roads(plan)
    roadway.traces(plan)
    roadway.vehicles(plan)
    dimensions.measures(plan)
    dimensions.names(plan)
    sheet.box(*_PLAN, 0.35)
    _panel(sheet)
    _foot(sheet, case)


def _heading(sheet: Sheet, case: DemoCase) -> None:
    when = case.local_time
    drawn = when + timedelta(minutes=95)
    rows = (
        (
            ("事故编号", case.case_no, 26, 66),
            ("事故时间", f"{when:%Y年%m月%d日%H时%M分}", 26, 66),
            ("天气", case.weather, 26, 44),
            ("路面性质", case.surface, 26, 112),
        ),
        (
            ("事故地点", case.place, 26, 158),
            ("绘图时间", f"{drawn:%Y年%m月%d日%H时%M分}", 26, 70),
            ("比例、单位", "1:200，米（m）", 26, 86),
        ),
    )
    y = 31.0
    for row in rows:
        x = _FRAME[0]
        for label, value, label_width, value_width in row:
            sheet.box(x, y, label_width, 10)
            sheet.text((x + label_width / 2, y + 6.6), label, 10.5, face=HEI, align="centre")
            x += label_width
            sheet.box(x, y, value_width, 10)
            sheet.text((x + 3, y + 6.6), value, 10.5, face=HEI)
            x += value_width
        y += 10


def _panel(sheet: Sheet) -> None:
    x, width = _PANEL_X, 106.0
    sheet.box(x, _PLAN[1], width, _PLAN[3], 0.35)
    sheet.text((x + width / 2, 58), "测量数据（m）", 11, face=HEI, bold=True, align="centre")
    rows = [("序号", "测量点", "距基准线", "距基准点")]
    for number, point in enumerate(site.measured_points(), 1):
        rows.append((str(number), point.name, f"{point.off_line:.2f}", f"{point.along:.2f}"))
    bottom = table(sheet, (x + 4, 61), (12, 40, 23, 23), rows, height=7.2, size=9.5, face=HEI)
    notes = (
        "基准点：路口西南角灯杆W17中心。",
        "基准线：望亭路南侧路缘石线及其延长线。",
        "距基准点为沿基准线方向的距离，向东为正。",
    )
    for number, note in enumerate(notes):
        sheet.text((x + 4, bottom + 6 + 5.2 * number), note, 8.5, face=HEI)
    dimensions.legend(sheet, (x + 4, bottom + 28), width - 8)
    sheet.line([(x, bottom + 67), (x + width, bottom + 67)])
    sheet.text((x + width / 2, bottom + 73), "附　注", 11, face=HEI, bold=True, align="centre")
    lines = (
        f"右制动印迹起点位于停止线以西{-site.STOP_LINE - site.SKID_START_X:.2f}m。",
        "路口信号灯工作正常，照明良好，视线无遮挡。",
        "两车停止位置未变动，轮胎外缘着地点为测点。",
    )
    for number, line in enumerate(lines):
        sheet.text((x + 4, bottom + 79 + 5.2 * number), line, 8.5, face=HEI)


def _foot(sheet: Sheet, case: DemoCase) -> None:
    y = _PLAN[1] + _PLAN[3]
    note = (
        f"说明：甲车（{case.party_a.vehicle.plate}，{case.party_a.vehicle.kind}）由西向东直行，"
        f"乙车（{case.party_b.vehicle.plate}，{case.party_b.vehicle.kind}）由东向南左转弯；"
        "车辆位置为停止位置，虚线为接触时位置。"
    )
    sheet.text((_FRAME[0] + 4, y + 7), note, 10, face=HEI)
    sheet.line([(_FRAME[0], y + 10.5), (_FRAME[0] + _FRAME[2], y + 10.5)])
    left, middle = _FRAME[0] + 6, _FRAME[0] + 152
    officers = [case.officer.name, case.co_officer.name]
    signing_line(sheet, (left, y + 19), "勘查交通警察：", officers, 11)
    signing_line(sheet, (middle, y + 19), "绘图员：", [case.co_officer.name], 15)
    end = signing_line(sheet, (left, y + 32), "当　事　人：", [case.party_a.person.name], 21)
    sheet.text((end + 1, y + 32), "（乙方送医，无法到场签名，已记录在案）", 9)
    signing_line(sheet, (middle, y + 32), "见证人：", [case.attesting_witness.name], 31)
    sheet.text((_FRAME[0] + 235, y + 19), "审核：", 10.5)
    sheet.hand((_FRAME[0] + 249, y + 19.4), case.unit_head.name, 6.4, 44, joined=True)
    seal(sheet, (_FRAME[0] + 284, y + 26), case.unit_name, "事故处理专用章", radius=15.5, turn=5)
    sheet.text((_FRAME[0] + 235, y + 32), case.unit_name, 10.5, face=SONG)
    drawn = f"{case.local_time:%Y年%m月%d日}"
    sheet.text((_FRAME[0] + 252, y + 38.5), drawn, 10.5, face=SONG)
