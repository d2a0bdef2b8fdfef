"""车辆损失鉴定（附照片）: a large scanned report, for uploads that are taken up again."""

from functools import partial

from evidence_service.demo.cast import DemoCase
from evidence_service.demo.drawings.appraisal_parts import (
    LEFT,
    WIDTH,
    Report,
    caption,
    heading,
    paragraphs,
    photo,
    running_head,
)
from evidence_service.demo.drawings.forms import page_number, seal, table
from evidence_service.demo.drawings.photographs import SHOTS
from evidence_service.demo.drawings.scan import scanned_pdf
from evidence_service.demo.drawings.sheet import Painter, Sheet

_PARTS = (
    ("前保险杠", "更换", "1"), ("前格栅", "更换", "1"), ("引擎盖", "更换", "1"),
    ("右前照灯总成", "更换", "1"), ("右前翼子板", "更换", "1"), ("前横梁", "校正", "1"),
    ("散热器", "更换", "1"), ("冷凝器", "更换", "1"), ("正面安全气囊", "更换", "2"),
    ("右前门", "更换", "1"), ("右后门", "更换", "1"), ("右侧中柱", "校正", "1"),
    ("右侧气帘", "更换", "1"), ("右前门玻璃", "更换", "1"), ("全车喷漆", "部分", "—"),
)  # fmt: skip
_PHOTO_PAGES = 14


def vehicle_appraisal_with_photos(case: DemoCase) -> bytes:
    """Draws 车辆损坏鉴定意见书（附照片）: sixteen scanned colour pages, 25 to 40 MB.

    Args:
        case: the accident.
    """
    number = f"衡度鉴〔{case.appraised_on:%Y}〕第{int(case.case_no[-4:]) + 1:04d}号"
    report = Report(case, number, _PHOTO_PAGES + 2)
    painters: list[Painter] = [partial(_first, report=report), partial(_list, report=report)]
    painters += [partial(_photos, report=report, page=page) for page in range(_PHOTO_PAGES)]
    return scanned_pdf(
        painters, title=f"车辆损坏鉴定意见书 {number}", seed=6300, quality=96, strength=7.0
    )


def _first(sheet: Sheet, *, report: Report) -> None:
    case = report.case
    running_head(sheet, report)
    sheet.text((105, 46), "车辆损坏鉴定意见书（附照片）", 20, bold=True, align="centre")
    rows = (
        ("委托人", case.unit_name),
        ("委托事项", "两车损坏部位、损坏程度和修复项目"),
        ("鉴定日期", f"{case.appraised_on:%Y年%m月%d日}"),
        ("甲车", f"{case.party_a.vehicle.plate}，{case.party_a.vehicle.model}"),
        ("乙车", f"{case.party_b.vehicle.plate}，{case.party_b.vehicle.model}"),
    )
    y = table(sheet, (LEFT, 56), (34, WIDTH - 34), rows, height=10, size=11.5, head=False)
    y = heading(sheet, y + 14, "鉴定意见")
    texts = (
        "甲车前部、乙车右侧损坏均为本次碰撞形成，损坏部位和修复项目见第2页清单，照片见第3页以后。",
        "除清单所列项目外，未见与本次事故有关的其他损坏；陈旧划痕不计入。",
    )
    y = paragraphs(sheet, y, texts, size=13, leading=2.0) + 24
    sheet.text((86, y), "司法鉴定人：", 12.5)
    sheet.hand((116, y + 0.6), "程拙", 8, 730, joined=True)
    sheet.hand((142, y + 0.6), "傅微", 8, 731, joined=True)
    day = case.appraised_on
    seal(sheet, (142, y + 21), case.institute_name, "司法鉴定专用章", radius=20.5, turn=6)
    sheet.text((142, y + 26), f"{day.year}年{day.month}月{day.day}日", 12.5, align="centre")
    page_number(sheet, 1, report.pages)


def _list(sheet: Sheet, *, report: Report) -> None:
    running_head(sheet, report)
    y = heading(sheet, 40, "损坏部位和修复项目清单")
    rows = [("序号", "车辆", "损坏部位", "修复方式", "数量")]
    for number, (part, way, count) in enumerate(_PARTS, 1):
        rows.append((str(number), "甲车" if number < 10 else "乙车", part, way, count))
    table(sheet, (LEFT, y - 2), (18, 28, 62, 28, 22), rows, height=10, size=11.5)
    page_number(sheet, 2, report.pages)


def _photos(sheet: Sheet, *, report: Report, page: int) -> None:
    running_head(sheet, report)
    for place in (0, 1):
        number = 2 * page + place
        shot = (number * 5 + page) % len(SHOTS)
        y = 32 + 119 * place
        photo(sheet, report, (LEFT + 5, y), 148, shot=shot)
        caption(sheet, y + 116, f"照片{number + 1}　{SHOTS[shot].name}")
    page_number(sheet, page + 3, report.pages)
