"""The staff of the demonstration, made directly in a fresh installation; each one is an entry.

Their password is printed on purpose. Production refuses it, and refuses these keys too.
"""

import contextlib

from evidence_service.demo.cast import (
    ADMINISTRATOR,
    CO_OFFICER,
    DEMO_CASE,
    OFFICER,
    SUPERVISOR,
    UNIT_HEAD,
)
from evidence_service.errors import AlreadyThere
from evidence_service.use_cases.staffing import (
    DEMONSTRATION_PASSWORD,
    NewStaff,
    NewUnit,
    Office,
    add_staff,
    add_unit,
    unit_of,
)

PASSWORD = DEMONSTRATION_PASSWORD
UNIT = NewUnit(
    name=DEMO_CASE.unit_name,
    place=DEMO_CASE.unit_address,
    phone=DEMO_CASE.unit_phone,
    complaints_phone=DEMO_CASE.supervision_phone,
    hours="周一至周五 8:30-17:30",
)
STAFF = (
    (OFFICER, "officer"),
    (CO_OFFICER, "officer"),
    (UNIT_HEAD, "unit_head"),
    (SUPERVISOR, "supervisor"),
    (ADMINISTRATOR, "administrator"),
)
OF_THE_UNIT = frozenset({"officer", "unit_head"})


def add_people(office: Office) -> None:
    """Make the unit and its people; those that are there already stay, so it can be begun again.

    Raises:
        LogDown: the rest was not made.
    """
    unit_id = unit_of(office, OFFICER.login) or add_unit(office, UNIT).id
    for person, role in STAFF:
        new = NewStaff(
            sign_in_name=person.login,
            name=person.name,
            role=role,
            unit_id=unit_id if role in OF_THE_UNIT else "",
            badge_no=person.staff_no,
            password=PASSWORD,
        )
        with contextlib.suppress(AlreadyThere):
            add_staff(office, new)
