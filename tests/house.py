"""One real installation for tests of the API, and quick ways to people, cases and documents."""

import dataclasses
import io
import itertools
import secrets

import pytest
import structlog

from evidence_service.app import build_parts, create_app
from evidence_service.clock import rfc3339, system_clock
from evidence_service.identity import accounts, sessions
from evidence_service.identity.passwords import Passwords
from evidence_service.keys import make_keyring
from evidence_service.settings import Settings
from evidence_service.use_cases.staffing import NewStaff, NewUnit, Office, add_staff, add_unit
from evidence_service.use_cases.upkeep import Upkeep

PASSWORD = "lantern willow bridge 47"
STAFF = {
    "lead": "officer",
    "second": "officer",
    "outsider": "officer",
    "head": "unit_head",
    "supervisor": "supervisor",
}
OF_THE_API = (
    "accounts",
    "cases",
    "copies",
    "determinations",
    "documents",
    "log",
    "me",
    "sessions",
    "uploads",
    "viewings",
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_numbers = itertools.count(1)


def fresh_id_number():
    """An ID number that could be one, different each time."""
    body = f"33080119900101{next(_numbers):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def jpeg():
    """A small picture, different each time."""
    import cv2
    import numpy as np

    pixels = np.frombuffer(secrets.token_bytes(48 * 64 * 3), np.uint8).reshape(48, 64, 3)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


class Asker:
    """Somebody with a token, who asks the API."""

    def __init__(self, app, token=""):
        self._client = app.test_client()
        self.token = token

    def send(self, method, path, **request):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= request.pop("headers", {})
        if path.startswith(OF_THE_API):
            path = f"/api/v1/{path}"
        return self._client.open(path, method=method, headers=headers, **request)

    def get(self, path, **request):
        return self.send("GET", path, **request)

    def post(self, path, json=None, **request):
        return self.send("POST", path, json=json, **request)

    def made(self, path, json=None, **request):
        answer = self.post(path, json, **request)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.get_json()


@dataclasses.dataclass
class Scene:
    """A case with one document, one party who has an account, and who handles it."""

    case: str
    party: str
    id_number: str
    document: str
    asker: Asker


class House:
    """An installation: its parts, its app, and its people."""

    password = PASSWORD

    def __init__(self, folder):
        self.settings = Settings.from_env(
            {
                "EVIDENCE_MODE": "demo",
                "EVIDENCE_DATA_DIR": str(folder / "data"),
                "EVIDENCE_KEYRING": str(folder / "keys" / "keyring.json"),
                "EVIDENCE_CHECKPOINT_DIR": str(folder / "checkpoints"),
                "EVIDENCE_LOG_ORIGIN": "evidence.example/log/test",
                "EVIDENCE_MULTIPART_MAX_BYTES": str(1 << 20),
                "EVIDENCE_CHUNK_MAX_BYTES": "65536",
                "EVIDENCE_FILE_MAX_BYTES": str(4 << 20),
            }
        )
        make_keyring(self.settings.keyring, demo=True)
        parts = build_parts(self.settings)
        self.parts = dataclasses.replace(parts, passwords=Passwords.insecure_for_tests())
        Upkeep(self.parts).tick()  # this process lives: keys of requests that run are its own
        self.app = self.app_with()
        self._accounts = {}
        self._hire()

    def app_with(self, **parts):
        """The service with some parts exchanged."""
        return create_app(self.settings, dataclasses.replace(self.parts, **parts))

    def app_later(self, delta):
        """The service as it is some time later; the log keeps its own clock."""
        return self.app_with(clock=lambda: system_clock() + delta)

    def as_(self, who, app=None, now=None):
        """Give somebody of the staff, signed in."""
        return self.signed_in(self._accounts[who], app, now)

    def signed_in(self, account_id, app=None, now=None):
        now = now or self.parts.clock()
        with self.parts.database.writing() as session:
            sid = sessions.open_session(session, account_id, now)
        return Asker(app or self.app, self.parts.tokens.issue(sessions.reference_of(sid), now))

    def stranger(self, app=None):
        return Asker(app or self.app)

    def account_of(self, id_number):
        with self.parts.database.reading() as session:
            return accounts.find_by_id_number(session, self.parts.keyring, id_number).id

    def log_size(self):
        from evidence_service.audit import reader

        with self.parts.database.reading() as session:
            return reader.head_size(session)

    def entries_since(self, size):
        from evidence_service.audit import reader
        from evidence_service.audit.entry import decode

        with self.parts.database.reading() as session:
            end = reader.head_size(session)
            return [decode(each.body) for each in reader.entries(session, size, end)]

    def stored(self):
        """What lies in the stores and tables of evidence: the same before and after a refusal."""
        from sqlalchemy import func, select

        from evidence_service.records.models import Document, DocumentFile, ResumableUpload

        with self.parts.database.reading() as session:
            rows = [
                session.scalar(select(func.count()).select_from(table))
                for table in (Document, DocumentFile, ResumableUpload)
            ]
        root = self.settings.data_dir
        files = {
            str(path.relative_to(root))
            for name in ("originals", "key_records", "spool", "sealing", "copies")
            for path in (root / name).rglob("*")
            if path.is_file()
        }
        return rows, files

    def fresh_case(self):
        lead = self.as_("lead")
        stated = {
            "case_no": f"330899-2026-{next(_numbers):06d}",
            "procedure": "general",
            "happened_at": "2026-01-02T03:04:05Z",
            "place": "环城北路",
        }
        case = lead.made("cases", stated)["id"]
        self.as_("head").made(f"cases/{case}/assignments", {"badge_no": "B-second"})
        return case

    def scene(self, *, served=True, released=True, kind="scene_photo"):
        """Make a case and everything up to what a party may see."""
        case, lead, number = self.fresh_case(), self.as_("lead"), fresh_id_number()
        stated = {"name": "林宁", "id_number": number, "part": "driver"}
        party = lead.made(f"cases/{case}/parties", stated)["id"]
        asker = self.party_account(case, party, number)
        document = self.document(case, kind)
        if released:
            self.as_("second").made(f"documents/{document}/release")
        if served:
            self.serve(case, party)
        return Scene(case, party, number, document, asker)

    def party_account(self, case, party, number):
        voucher = self.as_("lead").made(f"cases/{case}/vouchers", {"party_id": party})
        person = {
            "reference": voucher["reference"],
            "code": voucher["code"],
            "name": "林宁",
            "id_number": number,
            "password": "violet harbour stone 93",
        }
        assert self.stranger().made("accounts", person) == {"case_id": case}
        return self.signed_in(self.account_of(number))

    def document(self, case, kind="scene_photo", data=None, who="lead"):
        form = {"kind": kind, "files": (io.BytesIO(data or jpeg()), "p.jpg")}
        return self.as_(who).made(f"cases/{case}/documents", data=form)["id"]

    def serve(self, case, party):
        stated = {"form": "determination", "number": "第0001号", "made_on": "2026-01-05"}
        paper = self.as_("lead").made(f"cases/{case}/determinations", stated)["id"]
        self.as_("lead").made(f"determinations/{paper}/services", self.service(party))
        return paper

    def service(self, party, **more):
        return {
            "party_id": party,
            "manner": "handed_over",
            "served_at": rfc3339(self.parts.clock()),
            "proof_sha256": "ab" * 32,
            **more,
        }

    def viewing(self, scene):
        return scene.asker.made(f"documents/{scene.document}/viewings", {"purpose": "check"})["id"]

    def _hire(self):
        office = Office(
            mode=self.settings.mode,
            clock=self.parts.clock,
            keyring=self.parts.keyring,
            database=self.parts.database,
            log=self.parts.log,
            passwords=self.parts.passwords,
        )
        unit = NewUnit(
            name="一中队",
            place="环城北路 1 号",
            phone="0570-1234567",
            complaints_phone="0570-7654321",
            hours="8:30-17:30",
        )
        self.unit = add_unit(office, unit).id
        self.office = office
        for name, role in STAFF.items():
            new = NewStaff(
                sign_in_name=name,
                name="周淑宁",
                role=role,
                unit_id="" if role == "supervisor" else self.unit,
                badge_no=f"B-{name}",
                password=PASSWORD,
            )
            add_staff(office, new)
            with self.parts.database.reading() as session:
                found = accounts.find_by_sign_in_name(session, self.parts.keyring, name)
                self._accounts[name] = found.id


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())  # says nothing aloud
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.parts.renderer.close()
    made.parts.database.engine.dispose()
    structlog.reset_defaults()


@pytest.fixture
def scene(house):
    return house.scene()


@pytest.fixture
def marked(house, scene):
    """A viewing's first page of a scene."""
    return f"viewings/{house.viewing(scene)}/pages/1"


@pytest.fixture
def copy(house, scene):
    made = scene.asker.made(f"viewings/{house.viewing(scene)}/copies", {"pages": "1"})
    return f"copies/{made['id']}"
