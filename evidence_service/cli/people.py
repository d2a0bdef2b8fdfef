"""`evidence people`: accounts of staff, made at the machine; codes of demonstrations."""

from pathlib import Path

import click

from evidence_service.cli import place
from evidence_service.cli.opening import opened_office
from evidence_service.cli.output import Exit, Stop, say, say_json
from evidence_service.clock import rfc3339
from evidence_service.errors import AlreadyThere, Busy, FieldWrong, NotFound
from evidence_service.use_cases.staffing import (
    NewStaff,
    NewUnit,
    add_staff,
    add_unit,
    code_now,
)

ROLES = ("officer", "unit_head", "supervisor", "administrator")

_WRONG = {
    "too_short": "the password is too short: 12 characters or more",
    "too_long": "the password is too long: 128 characters at most",
    "too_easy": "the password is too easy to guess",
    "demonstration": "this is the password of demonstrations; production needs another",
    "demonstrations_only": "codes are given out in demonstrations only",
    "unknown": "there is no such unit; `evidence people add-unit` makes one",
}


@click.group()
def people() -> None:
    """Accounts of staff. Each one that is made is an entry in the log."""


@people.command()
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person may be.")
@click.option("--name", required=True, help="The name in full.")
@click.option("--sign-in", required=True, metavar="NAME", help="What the person signs in with.")
@click.option("--unit", default="", metavar="ID", help="The unit, as `add-unit` printed it.")
@click.option("--badge", default="", metavar="NO", help="The badge number.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="Asked for when it is not given; options can be seen by others on this machine.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def add(
    role: str,
    name: str,
    sign_in: str,
    unit: str,
    badge: str,
    password: str,
    as_json: bool,
    data: Path | None,
) -> None:
    """Make an account, and show the address for its authenticator once."""
    new = NewStaff(
        sign_in_name=sign_in, name=name, role=role, unit_id=unit, badge_no=badge, password=password
    )
    with opened_office(place.settings(data)) as office:
        try:
            made = add_staff(office, new)
        except (FieldWrong, AlreadyThere, Busy) as wrong:
            raise Stop(_sentence(wrong)) from wrong
    if as_json:
        say_json({"sign_in": sign_in, "role": role, "entry": made.entry, "otpauth": made.otpauth})
    else:
        say(f"{sign_in} can sign in as {role}; entry {made.entry} of the log says so.")
        say(f"For the authenticator, shown this once: {made.otpauth}")


@people.command("add-unit")
@click.option("--name", required=True, help="The unit's name in full.")
@click.option("--place", "address", required=True, help="Where it is.")
@click.option("--phone", required=True, help="Whom parties call.")
@click.option("--complaints-phone", required=True, help="Whom parties call about the unit.")
@click.option("--hours", default="", help="When it is open.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def add_handling_unit(
    name: str,
    address: str,
    phone: str,
    complaints_phone: str,
    hours: str,
    as_json: bool,
    data: Path | None,
) -> None:
    """Make a handling unit, which officers and their cases belong to."""
    new = NewUnit(
        name=name, place=address, phone=phone, complaints_phone=complaints_phone, hours=hours
    )
    with opened_office(place.settings(data)) as office:
        try:
            made = add_unit(office, new)
        except FieldWrong as wrong:
            raise Stop(_sentence(wrong)) from wrong
    if as_json:
        say_json({"unit": made.id, "entry": made.entry})
    else:
        say(f"{made.id} is {name}; entry {made.entry} of the log says so.")


@people.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@place.data_option
def code(name: str, as_json: bool, data: Path | None) -> None:
    """Print the one-time code with which NAME signs in next (demonstrations only)."""
    with opened_office(place.settings(data)) as office:
        try:
            given = code_now(office, name)
        except NotFound as unknown:
            raise Stop(f"nobody of staff signs in as {name}") from unknown
        except FieldWrong as wrong:
            raise Stop(_sentence(wrong), Exit.NO) from wrong
        wait_seconds = max(0, round((given.valid_from - office.clock()).total_seconds()))
    if as_json:
        times = {"valid_from": given.valid_from, "valid_until": given.valid_until}
        say_json({"code": given.code} | {name: rfc3339(at) for name, at in times.items()})
    elif wait_seconds:
        say(f"{given.code}   (the present one was used; this one works in {wait_seconds} s)")
    else:
        say(given.code)


def _sentence(wrong: FieldWrong | AlreadyThere | Busy) -> str:
    if isinstance(wrong, AlreadyThere):
        return "somebody signs in with this name already"
    if isinstance(wrong, Busy):
        return "too many passwords are being hashed; try again"
    return _WRONG.get(wrong.problem, f"{wrong.field} cannot be taken: {wrong.problem}")
