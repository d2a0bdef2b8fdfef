"""现场勘查笔录: the form of the scene inspection, printed lines filled in by hand, then scanned."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from evidence_service.demo.cast import DemoCase
from evidence_service.demo.drawings import site
from evidence_service.demo.drawings.forms import fingerprint, page_number, seal
from evidence_service.demo.drawings.lines import broken
from evidence_service.demo.drawings.pen import advance
from evidence_service.demo.drawings.scan import scanned_pdf
from evidence_service.demo.drawings.sheet import GREY, Sheet

_LEFT, _WIDTH = 24.0, 164.0
_PITCH = 9.6
_SIZE = 5.1  # height of handwriting, in millimetres


def inspection_record(case: DemoCase) -> bytes:
    """Draws 道路交通事故现场勘查笔录: three scanned A4 pages.

    Args:
        case: whose scene it is.
    """
    pages = [partial(_first, case=case), partial(_second, case=case), partial(_third, case=case)]
    return scanned_pdf(pages, title=f"道路交通事故现场勘查笔录 {case.case_no}", seed=3300)


def _cell(
    sheet: Sheet, x: float, y: float, width: float, label: str, entry: str, seed: int
) -> None:
    """A box with a printed label and an entry by hand that is fitted into it."""
    label_width = 6 + sheet.measure(label, 10.5)
    sheet.box(x, y, width, 11)
    sheet.line([(x + label_width, y), (x + label_width, y + 11)])
    sheet.text((x + label_width / 2, y + 7.1), label, 10.5, align="centre")
    room = width - label_width - 4
    size = min(_SIZE, _SIZE * room / (hand_width(entry) * _SIZE))
    sheet.hand((x + label_width + 2, y + 7.4), entry, size, seed)


def hand_width(text: str) -> float:
    """About how wide a text by hand is, in its own heights."""
    return sum(advance(character) for character in text)


def _ruled(sheet: Sheet, top: float, texts: Sequence[str], lines: int, seed: int) -> None:
    """Fills ruled lines with paragraphs by hand."""
    for number in range(lines):
        y = top + _PITCH * (number + 1)
        sheet.line([(_LEFT, y), (_LEFT + _WIDTH, y)], 0.12, GREY)
    number = 0
    for text in texts:
        fitted = broken(text, (_WIDTH - 4) / _SIZE, hand_width, first_indent=2.0)
        for place, line in enumerate(fitted):
            indent = 0.0 if place else 2 * _SIZE
            y = top + _PITCH * (number + 1) - 1.9
            sheet.hand((_LEFT + 1 + indent, y), "".join(line), _SIZE, seed + number)
            number += 1
    rest = top + _PITCH * number + 3
    bottom = top + _PITCH * lines - 3
    if bottom - rest > 12:  # the empty rest of a record is struck through
        sheet.line([(_LEFT + _WIDTH - 30, rest), (_LEFT + 34, bottom)], 0.3, (0.06, 0.1, 0.42))


def _feet(sheet: Sheet, case: DemoCase, seed: int, number: int) -> None:
    y = 268.0
    x = _LEFT
    for label, name in (
        ("勘查民警：", case.officer.name),
        ("记录人：", case.co_officer.name),
        ("当事人：", case.party_a.person.name),
        ("见证人：", case.attesting_witness.name),
    ):
        sheet.text((x, y), label, 10)
        seed += 1
        sheet.hand((x + sheet.measure(label, 10), y + 0.3), name, 5.4, seed, joined=True)
        x += 41.5
    sheet.line([(_LEFT, 261), (_LEFT + _WIDTH, 261)], 0.35)
    page_number(sheet, number, 3)


def _first(sheet: Sheet, *, case: DemoCase) -> None:
    happened = case.local_time
    start, end = happened + timedelta(minutes=22), happened + timedelta(minutes=95)
    sheet.text((105, 27), case.unit_name, 14, align="centre")
    sheet.text((105, 39), "道路交通事故现场勘查笔录", 21, bold=True, align="centre")
    sheet.text((_LEFT + _WIDTH, 47), f"编号：{case.case_no}", 10, align="right")
    officers = f"{case.officer.name}、{case.co_officer.name}"
    inspected = f"{start:%m月%d日%H时%M分}至{end:%H时%M分}"
    rows = (
        (("事故时间", f"{happened:%Y年%m月%d日%H时%M分}", 108), ("天气", case.weather, 56)),
        (("事故地点", case.place, 108), ("路面", case.surface, 56)),
        (("勘查时间", inspected, 108), ("光线", "白天，自然光", 56)),
        (("勘查人员", officers, 82), ("单位", case.unit_name, 82)),
        (("当事人", "、".join(p.person.name for p in case.parties), 82),
         ("见证人", case.attesting_witness.name, 82)),
    )  # fmt: skip
    y = 51.0
    for line, row in enumerate(rows):
        x = _LEFT
        for column, (label, entry, width) in enumerate(row):
            _cell(sheet, x, y, width, label, entry, 100 + 10 * line + column)
            x += width
        y += 11
    sheet.text((_LEFT + 2, y + 8), "现场勘查情况：", 10.5, bold=True)
    a, b = case.party_a.vehicle, case.party_b.vehicle
    texts = (
        (
            f"{start:%H时%M分}到达现场，出示证件，设置警戒，已有救护车将乙车驾驶人送医。现场为原始现场，"
            "两车停止位置未经移动，见证人在场。"
        ),
        (
            "一、道路情况。望亭路为东西走向，双向四车道，沥青路面，中心双黄实线，路面宽19.00米；"
            "柳浪街为南北走向，路面宽12.00米。十字交叉路口，有信号灯控制，工作正常，限速50公里每小时，"
            "路面平整、干燥，视线良好。"
        ),
        (
            f"二、车辆情况。甲车{a.plate}，{a.kind}，{a.colour}色，头东尾西停于路口内；"
            f"乙车{b.plate}，{b.kind}，{b.colour}色，头东南尾西北停于甲车前方。两车均挂前进挡，"
            "安全气囊：甲车正面已弹出，乙车右侧气帘已弹出。"
        ),
    )
    _ruled(sheet, y + 10, texts, 14, 200)
    _feet(sheet, case, 20, 1)


def _second(sheet: Sheet, *, case: DemoCase) -> None:
    sheet.text((105, 24), "道路交通事故现场勘查笔录（续页）", 14, bold=True, align="centre")
    sheet.line([(_LEFT, 30), (_LEFT + _WIDTH, 30)], 0.35)
    before_line = -site.STOP_LINE - site.SKID_START_X
    points = {point.name: point for point in site.measured_points()}
    spots = "；".join(
        f"{name}距基准线{points[name].off_line:.2f}米、距基准点{points[name].along:.2f}米"
        for name in ("甲车右前轮", "甲车右后轮", "乙车右前轮", "乙车右后轮")
    )
    texts = (
        "三、位置测量。以路口西南角灯杆W17中心为基准点，以望亭路南侧路缘石线及其延长线为基准线。"
        + spots
        + "。",
        (
            f"四、路面痕迹。甲车后方有制动印迹两条，起自停止线以西{before_line:.2f}米处，"
            f"长{site.SKID_METRES:.2f}米，平行，间距1.52米，终点至甲车前轮间有轻微侧滑印迹；"
            "乙车右侧轮胎侧滑印迹两条，弧形，与停止位置相接。"
        ),
        (
            "五、散落物。甲车左前方路面散落灯具塑料碎片、玻璃碎片及深蓝色漆片，范围约4.0米乘1.6米，"
            "甲车前号牌脱落于散落物东侧；甲车前部下方有冷却液漏痕。"
        ),
        (
            "六、车辆痕迹。甲车前保险杠碎裂，引擎盖右侧拱起，右前照灯缺失，前端附着深蓝色漆；"
            "乙车右前门、右后门凹陷，中柱变形，凹陷面附着银灰色漆，最大凹陷深度约0.24米。"
        ),
        "七、人员情况。甲车驾驶人胸部不适，拒绝送医；乙车驾驶人右前臂受伤，由急救车送云河市示例医院。",
    )
    _ruled(sheet, 30, texts, 23, 300)
    _feet(sheet, case, 40, 2)


def _third(sheet: Sheet, *, case: DemoCase) -> None:
    sheet.text((105, 24), "道路交通事故现场勘查笔录（续页）", 14, bold=True, align="centre")
    sheet.line([(_LEFT, 30), (_LEFT + _WIDTH, 30)], 0.35)
    texts = (
        (
            "八、提取物证。提取甲车前保险杠附着漆片1份、乙车右前门附着漆片1份、散落灯具碎片1袋，"
            "当场编号封存；提取路口北侧监控视频1段，时长120秒。"
        ),
        "九、现场固定。拍摄现场照片，绘制现场图1张，测量数据经两名民警复核一致。",
        (
            "十、呼气检测。甲、乙车驾驶人现场呼气酒精检测结果均为0毫克每百毫升；"
            "乙车驾驶人送医后依法抽取血样2份备检。"
        ),
        "附记：18时28分夜间补拍照片1张后，两车由清障车移离现场，19时05分恢复通行。",
    )
    _ruled(sheet, 30, texts, 13, 400)
    top = 30 + _PITCH * 13 + 6
    sheet.text((_LEFT, top + 4), "以上笔录已向在场人员宣读，请核对后签名。", 10.5)
    sheet.hand((_LEFT + 4, top + 17), "以上记录属实，与现场一致。", 5.6, 470)
    rows = (
        ("勘查民警（签名）：", case.officer.name, 0),
        ("勘查民警（签名）：", case.co_officer.name, 0),
        ("甲方当事人（签名、捺印）：", case.party_a.person.name, 1),
        ("见证人（签名、捺印）：", case.attesting_witness.name, 1),
    )
    for number, (label, name, printed) in enumerate(rows):
        x, y = _LEFT + (number % 2) * 84, top + 30 + (number // 2) * 16
        sheet.text((x, y), label, 10.5)
        x += sheet.measure(label, 10.5)
        sheet.hand((x, y + 0.4), name, 6.2, 480 + number, joined=True)
        if printed:
            fingerprint(sheet, (x + 13, y - 2), 490 + number, 10)
    note = "乙方当事人因送医未能到场签名，已记录在案。"
    sheet.text((_LEFT, top + 60), "备注：", 10.5)
    sheet.hand((_LEFT + 13, top + 60.4), note, 5.2, 500)
    signed = case.local_time + timedelta(minutes=160)
    seal(sheet, (152, top + 66), case.unit_name, "事故处理专用章", radius=19, turn=-6)
    sheet.text((150, top + 72), f"{signed:%Y年%m月%d日}", 10.5, align="centre")
    page_number(sheet, 3, 3)
