"""${message}"""

import sqlalchemy as sa
from alembic import op

import evidence_service.db

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Refuse: the log and the facts are never taken back."""
    raise RuntimeError("there is no way back")
