"""The tests' own PostgreSQL: where none runs, one is started, so that nothing is ever skipped; nothing is left."""

from pathlib import Path

from badges_server.storage.database import Database
from tests.databases import postgresql_supplier


def test_server_is_started_where_none_is_found(tmp_path: Path) -> None:
    with postgresql_supplier(candidates=()) as supplier:
        url = supplier.fresh(tmp_path, migrated=True)
        database = Database(url)
        assert database.is_current()
        database.close()
