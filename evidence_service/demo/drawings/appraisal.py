"""鉴定意见书: the appraisal opinion on speed and traces, with all that art. 54 asks for."""

from datetime import timedelta
from functools import partial
from typing import Protocol

from evidence_service.demo.cast import DemoCase
from evidence_service.demo.drawings import site
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
from evidence_service.demo.drawings.appraisal_speed import curve, from_marks, from_video
from evidence_service.demo.drawings.appraisal_vehicles import traces, vehicle_a, vehicle_b
from evidence_service.demo.drawings.forms import page_number, seal, table
from evidence_service.demo.drawings.scan import scanned_pdf
from evidence_service.demo.drawings.sheet import Painter, Sheet


class Page(Protocol):
    """Draws what stands on one page of a report."""

    def __call__(self, sheet: Sheet, /, *, report: Report) -> None:
        """Draws onto the sheet."""


APPRAISERS = ("程拙", "傅微")
_BODY_PAGES = 12


def appraisal_opinion(case: DemoCase, pages: int = 12) -> bytes:
    """Draws 司法鉴定意见书: scanned A4 pages at 200 dpi, one JPEG each.

    Args:
        case: the accident.
        pages: how many, from 12; more than 12 add pages of photographs at the end.

    Raises:
        ValueError: fewer than 12 pages were asked for.
    """
    if pages < _BODY_PAGES:
        raise ValueError("an appraisal opinion has at least 12 pages")
    report = Report(case, f"衡度鉴〔{case.appraised_on:%Y}〕第{case.case_no[-4:]}号", pages)
    body: tuple[Page, ...] = (
        _cover, _statement, _basics, _summary, vehicle_a, vehicle_b, traces,
        from_video, from_marks, curve, _opinion, _annex,
    )  # fmt: skip
    painters: list[Painter] = [
        partial(_numbered, report=report, number=number, body=page)
        for number, page in enumerate(body, 1)
    ]
    painters += [
        partial(
            _numbered, report=report, number=number, body=partial(_more_photos, first=2 * number)
        )
        for number in range(_BODY_PAGES + 1, pages + 1)
    ]
    return scanned_pdf(painters, title=f"司法鉴定意见书 {report.number}", seed=5401)


def _numbered(sheet: Sheet, *, report: Report, number: int, body: Page) -> None:
    if number > 1:
        running_head(sheet, report)
        page_number(sheet, number, report.pages)
    body(sheet, report=report)


def _cover(sheet: Sheet, *, report: Report) -> None:
    case = report.case
    sheet.text((105, 62), case.institute_name, 20, bold=True, align="centre")
    sheet.text((105, 92), "司法鉴定意见书", 34, bold=True, align="centre")
    sheet.line([(52, 99), (158, 99)], 0.5)
    rows = (
        ("文书编号", report.number),
        ("鉴定事项", "车速鉴定、车辆痕迹鉴定、车辆安全技术状况鉴定"),
        ("委托单位", case.unit_name),
        ("事故编号", case.case_no),
        (
            "签发日期",
            f"{case.appraised_on.year}年{case.appraised_on.month}月{case.appraised_on.day}日",
        ),
    )
    for number, (label, value) in enumerate(rows):
        y = 140 + 13 * number
        sheet.text((42, y), label, 13)
        sheet.line([(66, y + 1.6), (172, y + 1.6)], 0.2)
        size = min(13, 13 * 104 / sheet.measure(value, 13))
        sheet.text((68, y), value, size)
    sheet.text((105, 238), "司法鉴定许可证号：330899000（示例）", 11, align="centre")
    sheet.text((105, 246), "地址：云河市清平路1号　电话：0599-000 0170", 11, align="centre")
    seal(sheet, (146, 196), case.institute_name, "司法鉴定专用章", radius=20, turn=7)


def _statement(sheet: Sheet, *, report: Report) -> None:
    del report
    sheet.text((105, 52), "声　明", 20, bold=True, align="centre")
    texts = [
        "1．本机构和鉴定人依照法律、法规和技术标准，独立、客观、公正地进行鉴定，不受任何单位和个人干涉。",
        "2．委托单位应当向本机构提供真实、完整、充分的鉴定材料，并对材料的真实性、合法性负责。",
        "3．鉴定意见属于专业意见，是否采信由办案机关或者人民法院结合其他证据决定。",
        "4．鉴定人与本事故各方当事人没有利害关系，不存在应当回避的情形。",
        "5．本意见书未经本机构书面同意不得部分复制；复印件未重新加盖本机构印章的无效。",
        (
            "6．当事人对鉴定意见有异议的，可以自公安机关交通管理部门送达之日起三日内，"
            "向办案单位书面申请重新鉴定。"
        ),
    ]
    y = paragraphs(sheet, 70, texts, size=13, leading=2.0)
    sheet.text((105, y + 22), "目　录", 16, bold=True, align="centre")
    entries = (
        ("一、基本情况", 3), ("二、基本案情", 4), ("三、资料摘要", 4), ("四、鉴定过程", 5),
        ("五、分析说明", 10), ("六、鉴定意见", 11), ("七、附件", 12),
    )  # fmt: skip
    for number, (entry, page) in enumerate(entries):
        line = y + 34 + 8.6 * number
        sheet.text((52, line), entry, 12)
        start = 54 + sheet.measure(entry, 12)
        sheet.line([(start, line - 0.6), (154, line - 0.6)], 0.25, dash="0.3 1.2")
        sheet.text((160, line), str(page), 12, align="right")


def _basics(sheet: Sheet, *, report: Report) -> None:
    case = report.case
    y = heading(sheet, 38, "一、基本情况")
    asked = case.commissioned_on
    begun, ended = asked + timedelta(days=1), case.appraised_on
    rows = (
        ("委托人", case.unit_name),
        ("委托日期", f"{asked:%Y年%m月%d日}"),
        ("委托事项", "1．甲车碰撞前的行驶速度；2．两车接触部位；3．两车制动、转向性能"),
        ("受理日期", f"{asked:%Y年%m月%d日}"),
        ("鉴定时间", f"{begun:%Y年%m月%d日}至{ended:%m月%d日}"),
        ("鉴定地点", "云河市望亭停车场、本机构实验室"),
        ("在场人员", f"{case.co_officer.name}（委托单位）、{case.party_a.person.name}"),
    )
    y = table(sheet, (LEFT, y - 3), (30, WIDTH - 30), rows, height=9.4, size=11, head=False)
    sheet.text((LEFT, y + 9), "提交的鉴定材料：", 12, bold=True)
    given = [("序号", "材料名称", "数量", "形式", "状态")]
    given += [
        ("1", "道路交通事故现场图", "1页", "复印件", "完整"),
        ("2", "现场勘查笔录", "3页", "复印件", "完整"),
        ("3", "现场照片", "6张", "电子文件", "清晰"),
        ("4", "路口北侧监控视频（25帧/秒，1920×1080）", "1段", "电子文件", "校验值一致"),
        ("5", "甲车、乙车实车", "各1辆", "实物", "封存"),
        ("6", "漆片、灯具碎片", "3份", "实物", "封装完好"),
    ]
    y = table(sheet, (LEFT, y + 12), (14, 74, 18, 26, 26), given, height=8.4, size=10.5)
    sheet.text((LEFT, y + 9), "被鉴定车辆：", 12, bold=True)
    cars = [("项目", "甲车", "乙车")]
    a, b = case.party_a.vehicle, case.party_b.vehicle
    cars += [
        ("号牌号码", a.plate, b.plate),
        ("车辆类型、颜色", f"{a.kind}，{a.colour}", f"{b.kind}，{b.colour}"),
        ("厂牌型号", a.model, b.model),
        ("车辆识别代号", a.vin, b.vin),
        ("总质量（kg）", "1685", "1720"),
    ]
    table(sheet, (LEFT, y + 12), (38, 60, 60), cars, height=8.4, size=10.5)


def _summary(sheet: Sheet, *, report: Report) -> None:
    case = report.case
    y = heading(sheet, 38, "二、基本案情")
    a, b = case.party_a.vehicle, case.party_b.vehicle
    texts = [
        (
            f"据委托书载：{case.local_time:%Y年%m月%d日%H时%M分}许，{case.party_a.person.name}驾驶{a.plate}"
            f"{a.kind}（以下称甲车）沿望亭路由西向东行驶至柳浪街路口，与对向左转弯的"
            f"{case.party_b.person.name}驾驶的{b.plate}{b.kind}（以下称乙车）相撞，"
            f"造成{case.party_b.person.name}受伤、两车损坏。"
        ),
    ]
    y = heading(sheet, paragraphs(sheet, y, texts) + 4, "三、资料摘要")
    texts = [
        (
            "现场图载明：事故现场为十字交叉路口，望亭路路面宽19.00m，柳浪街路面宽12.00m，沥青路面，干燥，平直。"
            f"甲车后方有平行制动印迹两条，长{site.SKID_METRES:.2f}m。以路口西南角灯杆W17为基准点，"
            "以望亭路南侧路缘石线为基准线，主要测点见表1。"
        ),
    ]
    y = paragraphs(sheet, y, texts)
    caption(sheet, y + 2, "表1　现场主要测点（m）")
    rows = [("序号", "测点", "距基准线", "距基准点")]
    for number, point in enumerate(site.measured_points(), 1):
        rows.append((str(number), point.name, f"{point.off_line:.2f}", f"{point.along:.2f}"))
    y = table(sheet, (LEFT, y + 5), (18, 64, 38, 38), rows, height=7.8, size=10.5)
    texts = [
        (
            "视频资料：画面左上角叠加时间与标准时间相差不足1s；画面中路口西侧两灯杆、停止线、人行横道线清晰可辨，"
            "可作为参照物。视频文件经校验，与委托单位提取时登记的校验值一致，未见剪辑、丢帧。"
        ),
    ]
    paragraphs(sheet, y + 9, texts)


def _opinion(sheet: Sheet, *, report: Report) -> None:
    case = report.case
    low, high = (round(speed) for speed in site.entry_speeds_kmh())
    a, b = case.party_a.vehicle, case.party_b.vehicle
    y = heading(sheet, 38, "六、鉴定意见")
    texts = [
        f"1．{a.plate}{a.kind}制动前的行驶速度为{low}km/h至{high}km/h；碰撞时的行驶速度为33km/h至36km/h。",
        f"2．{a.plate}{a.kind}前部与{b.plate}{b.kind}右侧发生过碰撞，首次接触部位为甲车前部右侧与乙车右前门。",
        "3．两车行车制动、转向性能符合GB 7258-2017的要求；除碰撞损坏外，未见影响行车安全的故障。",
    ]
    y = paragraphs(sheet, y, texts, size=13, leading=2.0) + 26
    for number, name in enumerate(APPRAISERS):
        sheet.text((86, y), "司法鉴定人：", 12.5)
        sheet.hand((116, y + 0.6), name, 8, 720 + number, joined=True)
        sheet.text((142, y), f"执业证号 33089900{17 + number}", 10.5)
        y += 15
    day = case.appraised_on
    seal(sheet, (143, y + 19), case.institute_name, "司法鉴定专用章", radius=20.5, turn=-5)
    sheet.text((142, y + 17), case.institute_name, 12.5, align="centre")
    sheet.text((142, y + 27), f"{day.year}年{day.month}月{day.day}日", 12.5, align="centre")
    note = "（本页以下空白。附件：照片、鉴定机构和鉴定人资质证明复印件。）"
    paragraphs(sheet, 262, [note], size=10.5)


def _annex(sheet: Sheet, *, report: Report) -> None:
    y = heading(sheet, 38, "七、附件")
    photo(sheet, report, (LEFT, y - 3), 76, shot=4)
    photo(sheet, report, (LEFT + 82, y - 3), 76, shot=1)
    caption(sheet, y + 60, "附图1　制动印迹", middle=LEFT + 38)
    caption(sheet, y + 60, "附图2　现场概貌", middle=LEFT + 120)
    licences = (
        ("司法鉴定许可证（复印件）", (
            ("机构名称", report.case.institute_name), ("许可证号", "330899000（示例）"),
            ("业务范围", "车辆、痕迹、车速鉴定"), ("有效期至", "2029年6月30日"))),
        ("司法鉴定人执业证（复印件）", (
            ("姓名", "、".join(APPRAISERS)), ("执业证号", "3308990017、3308990018"),
            ("执业类别", "道路交通事故鉴定"), ("有效期至", "2028年12月31日"))),
    )  # fmt: skip
    top = y + 70
    for number, (name, rows) in enumerate(licences):
        x = LEFT + 82 * number
        sheet.box(x, top, 76, 96, 0.6)
        sheet.box(x + 2, top + 2, 72, 92, 0.2)
        sheet.text((x + 38, top + 14), name, 11.5, bold=True, align="centre")
        for line, (label, value) in enumerate(rows):
            at = top + 28 + 11 * line
            sheet.text((x + 6, at), f"{label}：", 10)
            size = min(10, 10 * 48 / sheet.measure(value, 10))
            sheet.text((x + 26, at), value, size)
        seal(
            sheet,
            (x + 54, top + 76),
            "云河市示例司法局",
            "资质专用章",
            radius=13,
            turn=9 - 15 * number,
        )


def _more_photos(sheet: Sheet, *, report: Report, first: int) -> None:
    for place in (0, 1):
        y = 36 + 112 * place
        photo(sheet, report, (LEFT + 15, y), 128, shot=first + place)
        caption(sheet, y + 103, f"附图{first + place - 22}")
