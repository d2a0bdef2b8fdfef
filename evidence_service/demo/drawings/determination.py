"""道路交通事故认定书: the five parts of art. 64, and the rights that art. 65 has told."""

from collections.abc import Sequence
from functools import partial

from evidence_service.demo.cast import DemoCase, DemoParty
from evidence_service.demo.drawings import site
from evidence_service.demo.drawings.forms import page_number, seal, table
from evidence_service.demo.drawings.sheet import RED, Sheet, vector_pdf

_LEFT, _WIDTH = 28.0, 154.0
_SIZE = 12.0


def determination_number(case: DemoCase) -> str:
    """The document's own number, made from the case's."""
    return f"云公交（望）认字〔{case.determined_on:%Y}〕第{case.case_no[-5:]}号"


def determination(case: DemoCase) -> bytes:
    """Draws 道路交通事故认定书: three A4 pages of real text with the special seal.

    Args:
        case: that was determined.
    """
    pages = [partial(page, case=case) for page in (_first, _second, _third)]
    return vector_pdf(
        pages, title=f"道路交通事故认定书 {case.case_no}", made_by="示例交通事故处理系统 3.2"
    )


def _texts(sheet: Sheet, y: float, parts: Sequence[tuple[str, Sequence[str]]]) -> float:
    """Sets headings and their paragraphs and gives the baseline below."""
    for heading, paragraphs in parts:
        if heading:
            sheet.text((_LEFT, y), heading, _SIZE, bold=True)
            y += 8.2
        for paragraph in paragraphs:
            y = sheet.paragraph((_LEFT, y), _WIDTH, paragraph, _SIZE, leading=1.72) + 0.8
        y += 1.6
    return y


def _party(party: DemoParty) -> str:
    person, vehicle = party.person, party.vehicle
    return (
        f"{party.label}方当事人：{person.name}，{person.sex}，{person.born:%Y年%m月%d日}出生，"
        f"公民身份号码{person.id_number}，住{party.address}，电话{person.phone}，"
        f"驾驶证号{party.licence_no}，准驾车型{party.licence_class}，驾驶{vehicle.plate}"
        f"{vehicle.colour}色{vehicle.model}{vehicle.kind}，车辆识别代号{vehicle.vin}，"
        f"机动车交通事故责任强制保险：{vehicle.insurer}。"
    )


def _first(sheet: Sheet, *, case: DemoCase) -> None:
    sheet.text((105, 32), case.unit_name, 20, bold=True, colour=RED, align="centre")
    sheet.line([(_LEFT, 37), (_LEFT + _WIDTH, 37)], 0.9, RED)
    sheet.line([(_LEFT, 38.3), (_LEFT + _WIDTH, 38.3)], 0.25, RED)
    sheet.text((105, 52), "道路交通事故认定书", 22, bold=True, align="centre")
    sheet.text((_LEFT + _WIDTH, 61), determination_number(case), 12, align="right")
    when = case.local_time
    rows = (
        ("事故编号", case.case_no, "事故时间", f"{when:%Y年%m月%d日%H时%M分}"),
        ("事故地点", case.place, "天　　气", case.weather),
    )
    bottom = table(sheet, (_LEFT, 65), (24, 53, 24, 53), rows, height=9, size=10.5, head=False)
    environment = (
        "道路和交通环境：望亭路东西走向，双向四车道，中心以双黄实线分隔，两侧设非机动车道，路面宽19.00米；"
        "柳浪街南北走向，路面宽12.00米。两路十字相交，由信号灯控制，事故时信号灯工作正常。"
        f"路面{case.surface}，平直，白天，视线良好。望亭路限速{site.SPEED_LIMIT_KMH}公里每小时。"
    )
    a, b = case.party_a.vehicle, case.party_b.vehicle
    course = (
        f"{when:%Y年%m月%d日%H时%M分}许，{case.party_a.person.name}驾驶{a.plate}{a.kind}"
        f"沿望亭路由西向东行驶至与柳浪街交叉路口，遇对向{case.party_b.person.name}驾驶"
        f"{b.plate}{b.kind}由东向南左转弯，甲车前部与乙车右侧相撞，造成{case.party_b.person.name}"
        "受伤、两车损坏的道路交通事故。"
    )
    parts = (
        (
            "一、当事人、车辆、道路和交通环境等基本情况",
            [*(_party(party) for party in case.parties), environment],
        ),
        ("二、道路交通事故发生经过", [course]),
    )
    _texts(sheet, bottom + 11, parts)
    page_number(sheet, 1, 3)


def _second(sheet: Sheet, *, case: DemoCase) -> None:
    low, high = (round(speed) for speed in site.entry_speeds_kmh())
    number = case.case_no[-4:]
    evidence = [
        "证实以上事实的证据有：",
        (
            f"1．现场图一张、现场勘查笔录三页、现场照片，证实现场道路状况、两车停止位置、"
            f"长{site.SKID_METRES:.2f}米的制动印迹及散落物分布。"
        ),
        "2．路口监控视频，证实两车进入路口时东西方向信号灯均为圆形绿灯，乙车左转弯时未停车等候。",
        (
            f"3．{case.institute_name}鉴定意见书（衡度鉴〔{case.appraised_on:%Y}〕第{number}号），"
            f"意见为：甲车制动前的行驶速度为{low}至{high}公里每小时，碰撞时为33至36公里每小时；"
            "甲车前部与乙车右侧发生过碰撞；两车制动、转向性能符合标准要求。"
        ),
        (
            f"4．{case.laboratory_name}检验报告，结论为：送检的{case.party_b.person.name}血液中未检出乙醇；"
            f"现场呼气检测，{case.party_a.person.name}酒精含量为0毫克每百毫升。"
        ),
        "5．当事人陈述，与上述证据能够相互印证的部分予以采信。",
    ]
    cause = [
        (
            f"{case.party_b.person.name}驾驶机动车在有信号灯控制的路口左转弯时，未让对向被放行的直行车辆先行，"
            "是造成事故的主要原因，其行为违反《中华人民共和国道路交通安全法》第三十八条、"
            "《中华人民共和国道路交通安全法实施条例》第三十八条第一款第一项的规定。"
        ),
        (
            f"{case.party_a.person.name}驾驶机动车超过限速标志标明的最高时速行驶，发现危险后采取制动措施不及，"
            "是造成事故的次要原因，其行为违反《中华人民共和国道路交通安全法》第四十二条第一款的规定。"
        ),
    ]
    y = _texts(sheet, 34, (("三、道路交通事故证据及事故形成原因分析", [*evidence, *cause]),))
    parts = (
        (
            "四、当事人导致道路交通事故的过错及责任",
            [
                (
                    "根据《中华人民共和国道路交通安全法》第七十三条、《中华人民共和国道路交通安全法实施条例》"
                    "第九十一条、《道路交通事故处理程序规定》第六十条第一款第二项的规定，认定如下："
                ),
            ],
        ),
    )
    y = _texts(sheet, y, parts)
    for party in (case.party_b, case.party_a):
        text = f"{party.person.name}承担此事故的{party.liability}。"
        sheet.text((_LEFT + 8.5, y), text, 13, bold=True)
        y += 9.5
    page_number(sheet, 2, 3)


def _third(sheet: Sheet, *, case: DemoCase) -> None:
    rights = [
        (
            "当事人对本认定有异议的，可以自本认定书送达之日起三日内，向上一级公安机关交通管理部门提出书面复核申请。"
            "复核申请应当载明复核请求及其理由和主要证据。同一事故的复核以一次为限。"
        ),
        (
            "各方当事人一致请求调解的，可以自收到本认定书之日起十日内，向本部门提出书面调解申请；"
            "当事人也可以直接向人民法院提起民事诉讼。"
        ),
        (
            "当事人收到本认定书后，可以依照《道路交通事故处理程序规定》第六十五条第二款的规定，"
            "查阅、复制、摘录本部门处理本事故的证据材料。"
        ),
    ]
    y = _texts(sheet, 36, (("五、权利告知", rights),)) + 12
    sheet.text((112, y), "交通警察：", _SIZE, align="right")
    sheet.hand((115, y + 0.5), case.officer.name, 7.4, 640, joined=True)
    sheet.hand((145, y + 0.5), case.co_officer.name, 7.4, 641, joined=True)
    seal(sheet, (150, y + 25), case.unit_name, "事故处理专用章", radius=21, turn=3)
    sheet.text((182, y + 18), case.unit_name, _SIZE, align="right")
    made = case.determined_on
    sheet.text((178, y + 27), f"{made.year}年{made.month}月{made.day}日", _SIZE, align="right")
    rows = [("当事人", "送达方式", "签收人（签名）", "签收时间")]
    rows += [(party.person.name, "", "", "年　月　日　时　分") for party in case.parties]
    sheet.text((_LEFT, y + 56), "送达情况：", 11)
    table(sheet, (_LEFT, y + 59), (28, 30, 46, 50), rows, height=10, size=10.5)
    sheet.text((_LEFT, y + 96), f"办案单位地址：{case.unit_address}　电话：{case.unit_phone}", 10)
    sheet.text((_LEFT, y + 102), f"监督电话：{case.supervision_phone}", 10)
    page_number(sheet, 3, 3)
