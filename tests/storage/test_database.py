"""Transactions, migrations and failures of the main database."""

from sqlalchemy import select

from badges_server.storage.database import Database
from badges_server.storage.tables import ChainHeadRow


def test_migrated_database_is_current(database: Database) -> None:
    assert database.is_current()
    with database.reading() as session:
        heads = session.execute(select(ChainHeadRow.name, ChainHeadRow.sequence)).all()
    assert {tuple(head) for head in heads} == {("audit", 0), ("issuance", 0)}
