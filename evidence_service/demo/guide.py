"""What `scripts/demo` prints: where to look, and who to sign in as."""

from pathlib import Path
from shlex import quote

from evidence_service.demo.cast import DEMO_CASE, DRIVER_A, DRIVER_B, STRANGER
from evidence_service.demo.people import PASSWORD, STAFF
from evidence_service.demo.told import PARTY_PASSWORD

ON_WHOM = (
    (DRIVER_A, "the determination was served on this party"),
    (DRIVER_B, "not served on this party: refused, with the reason"),
    (STRANGER, "a party of another case: learns nothing"),
)


def guide(url: str, data: Path) -> list[str]:
    """Give the lines.

    Args:
        url: where the service listens.
        data: its data folder.
    """
    place = quote(str(data))
    evidence = "  .venv/bin/evidence"
    return [
        "",
        f"The service runs at {url}   (Ctrl-C ends it; its data stay)",
        f"  about the API   {url}/api/v1/openapi.json",
        f"  its state       {url}/readyz",
        "",
        f"One invented case: {DEMO_CASE.case_no}, {DEMO_CASE.place}",
        "",
        f'Staff (password "{PASSWORD}", and a one-time code):',
        *(f"  {person.login:<16} {role:<14} {person.name}" for person, role in STAFF),
        "  a code:",
        f"{evidence} people code NAME --data {place}",
        "",
        f'Parties (the ID number is the name, password "{PARTY_PASSWORD}"):',
        *(f"  {person.id_number}  {person.name}  {what}" for person, what in ON_WHOM),
        "",
        "Sign in, and go on with the token:",
        f"  curl -s {url}/api/v1/sessions -H 'Content-Type: application/json' \\",
        f"""    -d '{{"name": "{DRIVER_A.id_number}", "password": "{PARTY_PASSWORD}"}}'""",
        "",
        "Check the log, upload something:",
        f"{evidence} log verify --data {place}",
        f"{evidence} upload {DEMO_CASE.case_no} FILE --kind scene_photo --url {url} \\",
        f"    --sign-in {STAFF[0][0].login} --data {place}",
        "",
    ]
