"""The history of the tables: up to those that the program uses, down, and up again, with data, on both databases."""

import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, inspect, text

from badges_server.storage import migrations
from badges_server.storage.database import Database, DatabaseUnavailableError
from badges_server.storage.engines import migrating_engine, read_url
from badges_server.storage.tables import Base, PersonKeysBase

# One row for each table of the first revisions, enough to see that it stays or goes.
DATA = {
    "0001": "INSERT INTO profiles (slug, kind, name, email, description, updated_at)"
    " VALUES ('p', 'member', 'n', 'e@example.org', 'd', '2026-01-01 00:00:00')",
    "0002": "INSERT INTO achievements (slug, code, current_version, retired) VALUES ('a', 'A', '1', false)",
    "0003": "INSERT INTO people (id, organisation_slug, created_at) VALUES ('i', 'p', '2026-01-01 00:00:00')",
    "0004": "INSERT INTO status_lists (id, issuer_slug, sequence, length, used, version)"
    " VALUES ('l', 'p', 1, 131072, 0, 0)",
    "0005": "INSERT INTO audit (sequence, at, actor, action, subject, detail_digest, previous_hash, hash)"
    " VALUES (1, '2026-01-01 00:00:00', 'a', 'b', 'c', 'd', 'e', 'f')",
}
TABLE = {"0001": "profiles", "0002": "achievements", "0003": "people", "0004": "status_lists", "0005": "audit"}


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    yield database
    database.close()


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    """A plain way in, past everything of ours."""
    made = create_engine(read_url(empty_database_url))
    yield made
    made.dispose()


def tables_in(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


@pytest.mark.parametrize(("kind", "metadata"), [("main", Base.metadata), ("person_keys", PersonKeysBase.metadata)])
def test_revisions_lead_to_the_tables_of_the_program(empty_database_url: str, kind: str, metadata: MetaData) -> None:
    database = Database(empty_database_url, "main" if kind == "main" else "person_keys")
    database.upgrade()
    engine = create_engine(read_url(empty_database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, metadata) == [], "a change of storage/tables/ needs a revision"
    engine.dispose()
    database.close()


def test_every_step_goes_up_and_down_and_up_with_data(empty: Database, engine: Engine) -> None:
    steps = migrations.revisions("main")
    assert steps == sorted(DATA), "give the new revision a row here"
    for step in steps:
        empty.upgrade(step)
        with engine.begin() as connection:
            connection.execute(text(DATA[step]))
    assert empty.is_current()
    for step, before in zip(reversed(steps), [*reversed(steps[:-1]), "base"], strict=True):
        empty.downgrade(before)
        assert TABLE[step] not in tables_in(engine)
        kept = [other for other in steps if other < step]
        assert [_count(engine, TABLE[other]) for other in kept] == [1] * len(kept)
    assert tables_in(engine) == set()
    empty.upgrade()
    assert empty.is_current()
    assert tables_in(engine) == set(Base.metadata.tables)


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def test_upgrade_of_what_is_current_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text(DATA["0001"]))
    database.upgrade()
    assert database.is_current()
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM profiles")) == 1


def test_database_of_another_program_version_is_not_current(database: Database, empty: Database) -> None:
    assert not empty.is_current()
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not database.is_current()


def test_programs_that_start_together_migrate_once(empty: Database, engine: Engine) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            empty.upgrade()
        except DatabaseUnavailableError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert empty.is_current()
    assert _count(engine, "chain_heads") == 2


def test_migration_that_would_break_references_changes_nothing(sqlite_database: Database) -> None:
    engine = migrating_engine(read_url(f"sqlite:///{sqlite_database.file}"), 5)
    orphan = text("INSERT INTO memberships (profile_slug, joined_on) VALUES ('nobody', '2026-01-01')")
    with pytest.raises(DatabaseUnavailableError, match="would break references"), engine.begin() as connection:
        connection.execute(orphan)
    engine.dispose()
    with sqlite_database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM memberships")) == 0


def test_failing_migration_leaves_nothing_behind(empty: Database, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE people (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        empty.upgrade()
    assert tables_in(engine) == {"people"}
    assert not empty.is_current()


def test_store_of_keys_goes_up_and_down_and_up(empty_database_url: str, engine: Engine) -> None:
    store = Database(empty_database_url, "person_keys")
    store.upgrade()
    assert tables_in(engine) == {"person_keys", "erasures"}
    store.downgrade("base")
    assert tables_in(engine) == set()
    assert not store.is_current()
    store.upgrade()
    assert store.is_current()
    store.close()
