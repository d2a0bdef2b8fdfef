"""The people and the case of the demonstration: all invented, and plainly so.

The city 云河, its police unit and its laboratories do not exist. ID numbers carry the area code
330899, which GB/T 2260 never assigned, with a valid check digit (GB 11643). Number plates have
the letter Z after 浙, which is not issued. Telephone numbers begin with 0 after the area code.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

CHINA_TIME = timezone(timedelta(hours=8), "CST")
UNASSIGNED_AREA = "330899"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def id_number(born: date, order: int) -> str:
    """Makes an ID number that is valid in form and belongs to nobody.

    Args:
        born: the invented day of birth.
        order: the three digits of order, 0 to 999; odd for men, even for women.
    """
    body = f"{UNASSIGNED_AREA}{born:%Y%m%d}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECK_DIGITS[total % 11]


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demonstration. `role` is a word of the glossary, `login` an account name."""

    role: str
    login: str
    name: str
    sex: str
    born: date
    order: int
    phone: str
    staff_no: str = ""

    @property
    def id_number(self) -> str:
        """The eighteen characters of the invented ID number."""
        return id_number(self.born, self.order)


@dataclass(frozen=True)
class DemoVehicle:
    """A vehicle of the demonstration; `paint` is red, green, blue from 0 to 255."""

    label: str
    plate: str
    kind: str
    model: str
    colour: str
    paint: tuple[int, int, int]
    vin: str
    insurer: str


@dataclass(frozen=True)
class DemoParty:
    """One side of the accident: the driver, the vehicle, and how the determination divides it."""

    label: str
    person: DemoPerson
    vehicle: DemoVehicle
    address: str
    licence_class: str
    licence_no: str
    liability: str


@dataclass(frozen=True)
class DemoCase:
    """All that the documents of one case say about it. Times carry their zone."""

    case_no: str
    city: str
    place: str
    unit_name: str
    unit_address: str
    unit_phone: str
    supervision_phone: str
    happened_at: datetime
    weather: str
    surface: str
    party_a: DemoParty
    party_b: DemoParty
    officer: DemoPerson
    co_officer: DemoPerson
    unit_head: DemoPerson
    attesting_witness: DemoPerson
    institute_name: str
    laboratory_name: str
    commissioned_on: date
    appraised_on: date
    determined_on: date

    @property
    def local_time(self) -> datetime:
        """The time of the accident as the clock on the wall showed it."""
        return self.happened_at.astimezone(CHINA_TIME)

    @property
    def parties(self) -> tuple[DemoParty, DemoParty]:
        """Both sides, the first named first."""
        return (self.party_a, self.party_b)


OFFICER = DemoPerson(
    "officer", "gao.minglan", "高明岚", "女", date(1986, 4, 12), 326, "0599-000 0122", "Z00147"
)
CO_OFFICER = DemoPerson(
    "co_officer", "chen.jibai", "陈既白", "男", date(1991, 9, 3), 613, "0599-000 0123", "Z00152"
)
UNIT_HEAD = DemoPerson(
    "unit_head", "zheng.yanqiu", "郑砚秋", "男", date(1977, 1, 25), 57, "0599-000 0120", "Z00003"
)
SUPERVISOR = DemoPerson(
    "supervisor", "shen.tinglan", "沈听澜", "女", date(1982, 11, 8), 788, "0599-000 0110", "Z00021"
)
ADMINISTRATOR = DemoPerson(
    "administrator", "he.shu", "何述", "男", date(1989, 6, 30), 235, "0599-000 0119", "Z00066"
)
DRIVER_A = DemoPerson(
    "driver", "lin.zhiyuan", "林知远", "男", date(1990, 3, 15), 241, "0599-000 0147"
)
DRIVER_B = DemoPerson(
    "driver", "zhou.shuning", "周淑宁", "女", date(1993, 7, 9), 562, "0599-000 0148"
)
STRANGER = DemoPerson(
    "driver", "su.wanzhou", "苏晚舟", "女", date(1988, 12, 2), 904, "0599-000 0152"
)
ATTESTING_WITNESS = DemoPerson(
    "attesting_witness", "", "许南枝", "女", date(1995, 5, 21), 448, "0599-000 0160"
)
PEOPLE = (
    OFFICER,
    CO_OFFICER,
    UNIT_HEAD,
    SUPERVISOR,
    ADMINISTRATOR,
    DRIVER_A,
    DRIVER_B,
    STRANGER,
)

DEMO_CASE = DemoCase(
    case_no="330899-2026-000147",
    city="云河市",
    place="云河市望亭路与柳浪街路口",
    unit_name="云河市公安局交通警察支队望亭大队",
    unit_address="云河市望亭路88号二楼",
    unit_phone="0599-000 0122",
    supervision_phone="0599-000 0110",
    happened_at=datetime(2026, 10, 28, 16, 20, tzinfo=CHINA_TIME),
    weather="多云",
    surface="沥青，干燥",
    party_a=DemoParty(
        "甲",
        DRIVER_A,
        DemoVehicle(
            "甲车",
            "浙Z·8K6M2",
            "小型轿车",
            "示例牌SL7150",
            "银灰",
            (176, 180, 184),
            "LZZ0DEMO0T0000147",
            "示例财产保险云河支公司",
        ),
        "云河市望亭街道南桥里12号",
        "C1",
        "330899000147",
        "次要责任",
    ),
    party_b=DemoParty(
        "乙",
        DRIVER_B,
        DemoVehicle(
            "乙车",
            "浙Z·3Q17W",
            "小型轿车",
            "示例牌SL6420",
            "深蓝",
            (34, 62, 118),
            "LZZ0DEMO0T0000148",
            "样本财产保险云河支公司",
        ),
        "云河市清平街道柳浪新村5幢301室",
        "C2",
        "330899000148",
        "主要责任",
    ),
    officer=OFFICER,
    co_officer=CO_OFFICER,
    unit_head=UNIT_HEAD,
    attesting_witness=ATTESTING_WITNESS,
    institute_name="云河市衡度司法鉴定所",
    laboratory_name="云河市衡度检测中心",
    commissioned_on=date(2026, 10, 29),
    appraised_on=date(2026, 11, 9),
    determined_on=date(2026, 11, 20),
)
