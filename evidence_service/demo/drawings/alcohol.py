"""检验报告: the examination report on alcohol in blood, two scanned pages."""

from datetime import timedelta
from functools import partial

import numpy as np

from evidence_service.demo.cast import DemoCase, DemoParty
from evidence_service.demo.drawings.forms import page_number, seal, table
from evidence_service.demo.drawings.scan import scanned_pdf
from evidence_service.demo.drawings.sheet import BLACK, GREY, Sheet

_LEFT, _WIDTH = 26.0, 158.0
_EXAMINERS = ("蔺知秋", "祁远舟")


def blood_alcohol_report(case: DemoCase, party: DemoParty) -> bytes:
    """Draws 血液酒精检验报告 on one party: two scanned A4 pages with the laboratory's seal.

    Args:
        case: the accident.
        party: whose blood was examined.
    """
    pages = [partial(page, case=case, party=party) for page in (_first, _second)]
    return scanned_pdf(
        pages,
        title=f"检验报告（血液酒精） {case.case_no} {party.label}方",
        seed=5400 + ord(party.label),
    )


def _number(case: DemoCase, party: DemoParty) -> str:
    order = case.case_no[-4:]
    return f"衡度检〔{case.commissioned_on:%Y}〕毒检第{order}-{1 if party.label == '甲' else 2}号"


def _first(sheet: Sheet, *, case: DemoCase, party: DemoParty) -> None:
    sheet.text((105, 33), case.laboratory_name, 18, bold=True, align="centre")
    sheet.text((105, 46), "检　验　报　告", 22, bold=True, align="centre")
    sheet.text((_LEFT + _WIDTH, 55), _number(case, party), 11, align="right")
    sheet.line([(_LEFT, 58), (_LEFT + _WIDTH, 58)], 0.6)
    asked, drawn = case.commissioned_on, case.local_time + timedelta(minutes=72)
    person = party.person
    rows = (
        ("委托单位", case.unit_name, "委托日期", f"{asked:%Y年%m月%d日}"),
        ("委托事项", "血液中乙醇含量检验", "受理日期", f"{asked:%Y年%m月%d日}"),
        ("被检验人", f"{person.name}，{person.sex}", "身份号码", person.id_number),
        ("抽血时间", f"{drawn:%Y年%m月%d日%H时%M分}", "抽血地点", "云河市示例医院急诊科"),
        ("送检检材", "全血2份，各约3mL，抗凝管", "检材状态", "密封完好，4℃冷藏"),
        ("检验日期", f"{asked:%Y年%m月%d日}", "检验地点", f"{case.laboratory_name}毒物实验室"),
    )
    bottom = table(sheet, (_LEFT, 63), (24, 60, 24, 50), rows, height=10, size=10.5, head=False)
    y = bottom + 11
    parts = (
        ("一、检验依据", "GA/T 842-2019《血液酒精含量的检验方法》。"),
        (
            "二、检验仪器和条件",
            (
                "顶空气相色谱仪（设备编号HD-GC-07，检定有效期内），氢火焰离子化检测器；顶空加热温度65℃，"
                "平衡时间10min；载气为高纯氮气。以叔丁醇为内标物，双柱法定性，内标法定量。"
            ),
        ),
        (
            "三、检验过程",
            (
                "取检材1、检材2各100μL，各加入叔丁醇内标溶液500μL，混匀密封后进样，每份平行测定两次；"
                "同时以乙醇标准系列溶液建立工作曲线，并以空白血样和质控样品作对照。"
            ),
        ),
    )
    for heading, text in parts:
        sheet.text((_LEFT, y), heading, 12, bold=True)
        y = sheet.paragraph((_LEFT, y + 7.6), _WIDTH, text, 11.5) + 2
    _chromatogram(sheet, y - 1)
    page_number(sheet, 1, 2)


def _chromatogram(sheet: Sheet, top: float) -> None:
    """The curve of one run: only the inner standard shows a peak."""
    left, width, height = _LEFT + 16, _WIDTH - 32, 50.0
    sheet.box(left, top, width, height, 0.3)
    minutes = np.linspace(0, 5, 260)
    level = 0.03 + 0.006 * np.sin(minutes * 9) + 0.82 * np.exp(-(((minutes - 3.12) / 0.055) ** 2))
    level += 0.05 * np.exp(-(((minutes - 0.62) / 0.04) ** 2))
    curve = [
        (left + width * float(t) / 5, top + height * (0.95 - 0.9 * float(v)))
        for t, v in zip(minutes, level, strict=True)
    ]
    sheet.line(curve, 0.28)
    for minute in range(6):
        x = left + width * minute / 5
        sheet.line([(x, top + height), (x, top + height + 1.4)], 0.2)
        sheet.text((x, top + height + 5), str(minute), 8.5, align="centre")
    marked = left + width * 2.05 / 5
    sheet.line([(marked, top + 14), (marked, top + height - 4)], 0.18, GREY, "1.2 1")
    sheet.text((marked, top + 12), "乙醇保留时间2.05min，无峰", 8.5, align="centre")
    sheet.text((left + width * 3.2 / 5, top + 7), "叔丁醇3.12min", 8.5, colour=BLACK)
    caption = "图1　检材1气相色谱图（横轴：时间，min；纵轴：响应）"
    sheet.text((105, top + height + 11), caption, 9.5, align="centre")


def _second(sheet: Sheet, *, case: DemoCase, party: DemoParty) -> None:
    sheet.text((_LEFT, 28), f"{case.laboratory_name}检验报告", 10)
    sheet.text((_LEFT + _WIDTH, 28), _number(case, party), 10, align="right")
    sheet.line([(_LEFT, 31), (_LEFT + _WIDTH, 31)], 0.3)
    sheet.text((_LEFT, 43), "四、检验结果", 12, bold=True)
    rows = (
        ("检材", "第1次（mg/100mL）", "第2次（mg/100mL）", "平均值（mg/100mL）", "判定"),
        ("检材1", "未检出", "未检出", "未检出", "阴性"),
        ("检材2（备份）", "未检出", "未检出", "未检出", "阴性"),
        ("空白血样", "未检出", "未检出", "未检出", "符合"),
        ("质控样（20.0）", "19.8", "20.1", "20.0", "符合"),
        ("质控样（80.0）", "79.4", "80.3", "79.9", "符合"),
    )
    bottom = table(sheet, (_LEFT, 47), (30, 36, 36, 36, 20), rows, height=9.5, size=10.5)
    sheet.text((_LEFT, bottom + 6), "注：方法检出限为1mg/100mL，定量下限为5mg/100mL。", 9.5)
    y = bottom + 20
    sheet.text((_LEFT, y), "五、检验结论", 12, bold=True)
    text = f"送检的{party.person.name}的血液中未检出乙醇。"
    y = sheet.paragraph((_LEFT, y + 8.5), _WIDTH, text, 13, bold=True) + 20
    for number, name in enumerate(_EXAMINERS):
        sheet.text((92, y), "检验人：", 12)
        sheet.hand((112, y + 0.5), name, 7.2, 540 + number, joined=True)
        sheet.text((142, y), f"执业证号 33089900{41 + number}", 10)
        y += 14
    sheet.text((92, y), "授权签字人：", 12)
    sheet.hand((119, y + 0.5), "卫若谷", 7.2, 548, joined=True)
    signed = case.commissioned_on + timedelta(days=1)
    seal(sheet, (150, y + 14), case.laboratory_name, "检验专用章", radius=19.5, turn=-4)
    sheet.text((150, y + 20), f"{signed.year}年{signed.month}月{signed.day}日", 12, align="centre")
    notes = (
        "说明：1．本报告仅对送检检材负责。2．未经本中心书面同意，不得部分复制本报告。"
        "3．对检验结论有异议的，可自收到之日起三日内向委托单位提出重新检验申请。"
    )
    sheet.paragraph((_LEFT, 262), _WIDTH, notes, 9.5, indent=0, leading=1.6)
    page_number(sheet, 2, 2)
