"""The history of the tables, run by the program itself: one folder of revisions for each kind of database.

A change of `storage/tables/` comes with a new revision in the same commit; a test compares the two.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from badges_server.storage.tables import Base, PersonKeysBase

METADATA: dict[str, MetaData] = {"main": Base.metadata, "person_keys": PersonKeysBase.metadata}


def upgrade(connection: Connection, kind: str, revision: str = "head") -> None:
    """Bring the database behind `connection` up to `revision`, inside the transaction that is open on it."""
    command.upgrade(_config(kind, connection), revision)


def downgrade(connection: Connection, kind: str, revision: str) -> None:
    """Take the database behind `connection` back to `revision`, inside the transaction that is open on it."""
    command.downgrade(_config(kind, connection), revision)


def is_current(connection: Connection, kind: str) -> bool:
    """Tell whether every revision of `kind`, and none that this program does not know, has been applied."""
    applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(_config(kind)).get_heads())


def revisions(kind: str) -> list[str]:
    """List the revisions of `kind`, oldest first."""
    scripts = ScriptDirectory.from_config(_config(kind))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def _config(kind: str, connection: Connection | None = None) -> Config:
    here = Path(__file__).parent
    config = Config()
    # Alembic reads '%' as the start of an interpolation, and a folder's name may hold one.
    config.set_main_option("script_location", str(here).replace("%", "%%"))
    config.set_main_option("version_locations", str(here / kind).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = METADATA[kind]
    return config
