"""The pages of the appraisal on the vehicles: their damage, their state, their traces compared."""

from evidence_service.demo.drawings.appraisal_parts import (
    LEFT,
    Report,
    caption,
    heading,
    paragraphs,
    photo,
)
from evidence_service.demo.drawings.forms import table
from evidence_service.demo.drawings.sheet import Sheet


def vehicle_a(sheet: Sheet, *, report: Report) -> None:
    """Describes the damage of the first vehicle."""
    y = heading(sheet, 38, "四、鉴定过程")
    texts = [
        "（一）车辆检验。依据GA 801-2019、GB 7258-2017，对两车进行勘验、测量和拍照。",
        (
            "1．甲车。前保险杠右侧碎裂缺失，前格栅脱落，引擎盖右前部拱起，右前照灯总成缺失，"
            "右前翼子板向后变形，前横梁后移。前端距地高35cm至82cm范围内附着深蓝色漆。"
        ),
    ]
    y = paragraphs(sheet, y, texts)
    photo(sheet, report, (LEFT + 22, y - 3), 114, shot=2)
    caption(sheet, y + 88.5, "图1　甲车前部损坏")
    caption(sheet, y + 98, "表2　甲车前部变形量（自右向左，cm）")
    rows = (
        ("测点", "C1", "C2", "C3", "C4", "C5", "C6"),
        ("距地高50cm", "41.5", "38.0", "31.2", "22.6", "12.4", "6.1"),
        ("距地高70cm", "38.6", "35.1", "27.9", "19.0", "9.8", "4.0"),
    )
    table(sheet, (LEFT, y + 101), (38, 20, 20, 20, 20, 20, 20), rows, height=8.2, size=10.5)


def vehicle_b(sheet: Sheet, *, report: Report) -> None:
    """Describes the damage of the second vehicle, and the state of both."""
    text = (
        "2．乙车。右前门、右后门自前向后凹陷变形，右侧中柱内移，右侧门槛变形，右前门玻璃破碎。"
        "凹陷面附着银灰色漆及黑色塑料转移物，痕迹方向由右向左、略向前。"
    )
    y = paragraphs(sheet, 40, [text])
    photo(sheet, report, (LEFT + 22, y - 3), 114, shot=3)
    caption(sheet, y + 88.5, "图2　乙车右侧损坏")
    caption(sheet, y + 98, "表3　两车安全技术状况检验结果")
    rows = (
        ("项目", "甲车", "乙车", "标准要求", "判定"),
        ("行车制动", "有效", "有效", "GB 7258-2017", "符合"),
        ("转向系", "连接可靠", "连接可靠", "GB 7258-2017", "符合"),
        ("轮胎花纹深度（mm）", "4.2～5.0", "5.1～5.8", "≥1.6", "符合"),
        ("转向灯、制动灯", "正常", "正常", "GB 7258-2017", "符合"),
        ("前照灯", "左侧正常", "正常", "GB 7258-2017", "碰撞损坏除外"),
    )
    table(sheet, (LEFT, y + 101), (40, 28, 28, 34, 28), rows, height=8.2, size=10.5)


def traces(sheet: Sheet, *, report: Report) -> None:
    """Compares the traces of both by height, shape and paint."""
    del report
    texts = [
        "（二）痕迹比对。将甲车前部痕迹与乙车右侧痕迹按距地高度、形态、附着物逐项比对，结果见图3和表4。",
    ]
    y = paragraphs(sheet, 40, texts)
    left, top, high = LEFT + 30, y, 76.0
    sheet.line([(left - 14, top + high), (left + 112, top + high)], 0.5)
    for part, (name, low, up) in enumerate((("甲车前部", 35, 82), ("乙车右侧", 33, 85))):
        x = left + 56 * part
        sheet.box(x, top + high - up * 0.8, 38, (up - low) * 0.8, 0.4, fill=(0.86, 0.87, 0.89))
        sheet.text((x + 19, top + high + 6), name, 10.5, align="centre")
        sheet.text((x + 39.5, top + high - up * 0.8 + 3), f"{up}", 9.5)
        sheet.text((x + 39.5, top + high - low * 0.8), f"{low}", 9.5)
    for centimetres in range(0, 91, 10):
        mark = top + high - centimetres * 0.8
        sheet.line([(left - 14, mark), (left - 11.5, mark)], 0.25)
        sheet.text((left - 15.5, mark + 1.2), str(centimetres), 8.5, align="right")
    sheet.line([(left - 14, top + high), (left - 14, top + high - 74)], 0.3)
    caption(sheet, top + high + 14, "图3　痕迹距地高度对应关系（cm）")
    caption(sheet, top + high + 25, "表4　痕迹比对")
    rows = (
        ("比对项目", "甲车前部", "乙车右侧", "结论"),
        ("距地高度（cm）", "35～82", "33～85", "对应"),
        ("痕迹宽度（cm）", "124", "131", "对应"),
        ("受力方向", "由前向后、偏右", "由右向左、略向前", "对应"),
        ("附着物", "深蓝色漆", "银灰色漆", "互为转移"),
        ("漆片红外光谱", "与乙车原漆一致", "与甲车原漆一致", "同种类"),
        ("灯具碎片", "与右前照灯断口吻合", "—", "整体分离"),
    )
    table(sheet, (LEFT, top + high + 28), (36, 46, 46, 30), rows, height=8.6, size=10.5)
