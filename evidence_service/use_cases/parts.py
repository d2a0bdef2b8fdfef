"""The few things with a real and a fake implementation, built once in `app.py`."""

from dataclasses import dataclass, field

from evidence_service.audit.checkpoints import CheckpointKeeper
from evidence_service.audit.log import Log
from evidence_service.clock import Clock
from evidence_service.db import Database
from evidence_service.identity.passwords import Passwords
from evidence_service.identity.tokens import Tokens
from evidence_service.keys import Keyring
from evidence_service.settings import Settings
from evidence_service.use_cases.health import Health
from policies.engine import PolicyEngine
from policies.work_calendar import WorkCalendar
from storage.derived import DerivedStore
from storage.sealed import SealedStore
from storage.spool import CopySpool
from watermark.render import Renderer


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything a use case may reach."""

    settings: Settings
    clock: Clock
    keyring: Keyring = field(repr=False)
    database: Database
    log: Log
    checkpoints: CheckpointKeeper
    passwords: Passwords
    tokens: Tokens
    policies: PolicyEngine
    calendar: WorkCalendar
    originals: SealedStore
    prepared: DerivedStore
    copies: CopySpool
    renderer: Renderer
    health: Health
