"""Bring a database to the present schema, from empty or from any earlier version (Alembic)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from evidence_service.db import Database, translated
from evidence_service.errors import CannotStart

SCRIPTS = Path(__file__).with_name("migrations")


def migrate(database: Database) -> None:
    """Run the migrations that are missing, in one transaction.

    Raises:
        CannotStart: the database is newer than this program.
        DatabaseDown: it cannot be written.
    """
    with translated(), database.engine.connect().execution_options(writes=True) as connection:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as unknown:
            raise CannotStart(
                "the database was made by a newer version of this program"
            ) from unknown
        connection.commit()
