"""Transactions, and what is said when a database does not do its part."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import URL, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from badges_server.storage.database import (
    Database,
    DatabaseBusyError,
    DatabaseError,
    DatabaseUnavailableError,
    StorageFullError,
)
from badges_server.storage.tables import AchievementRow
from tests.databases import Supplier


def rows(*slugs: str) -> list[dict[str, object]]:
    return [{"slug": slug, "code": slug.upper(), "current_version": "1", "retired": False} for slug in slugs]


def slugs_in(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AchievementRow.slug).order_by(AchievementRow.slug)))


def add_then_fail(session: Session) -> None:
    session.execute(insert(AchievementRow), rows("c"))
    session.execute(insert(AchievementRow), rows("d", "d"))


@pytest.fixture
def impatient(supplier: Supplier, tmp_path: Path) -> Iterator[Database]:
    """A database that waits one second for a lock."""
    url = supplier.fresh(tmp_path, migrated=True)
    database = Database(url, lock_wait=1)
    yield database
    database.close()
    supplier.drop(url)


def test_transaction_keeps_all_or_nothing(database: Database) -> None:
    with database.transaction() as session:
        session.execute(insert(AchievementRow), rows("a", "b"))
    with pytest.raises(IntegrityError), database.transaction() as session:
        add_then_fail(session)
    assert slugs_in(database) == ["a", "b"]


def test_broken_constraint_is_no_failure_of_the_database(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(insert(AchievementRow), rows("a", "a"))
    assert slugs_in(database) == []


def test_error_message_never_holds_the_values(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.execute(insert(AchievementRow), [{**row, "current_version": "canary"} for row in rows("a", "a")])
    assert "canary" not in str(caught.value)


def test_reading_sees_one_picture_while_others_write(database: Database) -> None:
    count = select(func.count()).select_from(AchievementRow)
    with database.reading() as session:
        before = session.scalar(count)
        with database.transaction() as other:
            other.execute(insert(AchievementRow), rows("a"))
        assert session.scalar(count) == before == 0
    assert slugs_in(database) == ["a"]


def test_reading_refuses_to_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only"), database.reading() as session:
        session.execute(insert(AchievementRow), rows("a"))
    assert slugs_in(database) == []


def test_busy_database_says_so_and_works_again(impatient: Database) -> None:
    with impatient.transaction() as holder:
        holder.execute(insert(AchievementRow), rows("a"))
        holder.execute(text("UPDATE chain_heads SET sequence = 1 WHERE name = 'audit'"))
        with pytest.raises(DatabaseBusyError, match="try again"), impatient.transaction() as session:
            session.execute(text("UPDATE chain_heads SET sequence = 2 WHERE name = 'audit'"))
    with impatient.transaction() as session:
        session.execute(insert(AchievementRow), rows("b"))
    assert slugs_in(impatient) == ["a", "b"]


def test_too_many_transactions_at_once_are_a_busy_database(impatient: Database) -> None:
    with ExitStack() as stack:
        for _ in range(15):
            stack.enter_context(impatient.reading()).execute(text("SELECT 1"))
        with pytest.raises(DatabaseBusyError, match="try again"), impatient.reading() as session:
            session.execute(text("SELECT 1"))
    assert slugs_in(impatient) == []


def test_write_transactions_on_sqlite_follow_one_another_from_their_first_statement(sqlite_database: Database) -> None:
    """A read-then-write transaction never fails half-way because somebody wrote in between."""
    failures: list[Exception] = []

    def add_one() -> None:
        try:
            with sqlite_database.transaction() as session:
                count = session.scalar(select(func.count()).select_from(AchievementRow)) or 0
                session.execute(insert(AchievementRow), rows(f"a{count:03}"))
        except (DatabaseError, IntegrityError) as error:
            failures.append(error)

    threads = [threading.Thread(target=add_one) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert slugs_in(sqlite_database) == [f"a{number:03}" for number in range(30)]


# Every state is raised by the server itself, as it would when the thing really happened.
@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("40P01", DatabaseBusyError),
        ("40001", DatabaseBusyError),
        ("55P03", DatabaseBusyError),
        ("53300", DatabaseBusyError),
        ("53100", StorageFullError),
        ("57P01", DatabaseUnavailableError),
        ("58030", DatabaseUnavailableError),
    ],
)
def test_postgresql_state_becomes_our_error(postgresql_database: Database, state: str, kind: type[Exception]) -> None:
    statement = text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = 'on purpose'; END $$")
    with pytest.raises(kind) as caught, postgresql_database.transaction() as session:
        session.execute(statement)
    assert type(caught.value) is kind
    assert postgresql_database.place in str(caught.value)


def test_tables_that_are_not_there_are_an_uninitialized_database(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    if database.file is not None:
        database.file.touch()
    with pytest.raises(DatabaseUnavailableError, match="badges-server init"):
        slugs_in(database)
    database.close()


def test_mistake_in_a_statement_is_no_failure_of_the_database(database: Database) -> None:
    with pytest.raises(DBAPIError, match="nonsense"), database.reading() as session:
        session.execute(text("nonsense"))


def test_lost_postgresql_connection_is_unavailable_then_comes_back(postgresql_database: Database) -> None:
    def write_over_a_cut_line(session: Session) -> None:
        victim = session.scalar(text("SELECT pg_backend_pid()"))
        with postgresql_database.transaction() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": victim})
        session.execute(insert(AchievementRow), rows("a"))

    with pytest.raises(DatabaseUnavailableError), postgresql_database.transaction() as session:
        write_over_a_cut_line(session)
    assert slugs_in(postgresql_database) == []


def test_message_never_holds_the_password() -> None:
    database = Database("postgresql://badges:opensesame@127.0.0.1:1/badges")
    with pytest.raises(DatabaseUnavailableError) as caught, database.reading() as session:
        session.execute(text("SELECT 1"))
    assert "opensesame" not in f"{caught.value} {caught.value.value} {database.place}"
    assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:"])
def test_url_that_names_no_database_of_ours_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnavailableError):
        Database(url)


def test_missing_file_is_not_created_by_reading(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'none.db'}")
    assert database.is_current() is False
    with pytest.raises(DatabaseUnavailableError, match="badges-server init"):
        database.transaction().__enter__()
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_bytes(b"Dear database, " * 100)
    with pytest.raises(DatabaseUnavailableError, match="not a database"):
        Database(f"sqlite:///{path}").is_current()


def test_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailableError, match="cannot be created"):
        Database(f"sqlite:///{tmp_path / 'file' / 'badges.db'}").upgrade()


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        url = URL.create("sqlite", database=str(tmp_path / "new" / "a%20 #é.db"))
        database = Database(url.render_as_string())
        database.upgrade()
        with database.transaction() as session:
            session.execute(insert(AchievementRow), rows("a"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    finally:
        os.umask(old)
    assert modes == {"a%20 #é.db": 0o600, "a%20 #é.db-wal": 0o600, "a%20 #é.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert database.is_current()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 5000)],
)
def test_sqlite_is_set_to_be_durable_and_strict(sqlite_database: Database, pragma: str, value: object) -> None:
    with sqlite_database.transaction() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value
    with sqlite_database.reading() as session:
        assert session.scalar(text(f"PRAGMA {pragma}")) == value


# Writes until the file may not grow any more, says which error came, and how much was kept.
_FILL = """
import resource, sys
from sqlalchemy import URL, func, insert, select
from badges_server.storage.database import Database
from badges_server.storage.tables import AchievementRow

database = Database(sys.argv[1])
limit = 3 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
kept = 0
try:
    while True:
        with database.transaction() as session:
            session.execute(insert(AchievementRow), [
                {"slug": f"{kept + n:080}", "code": f"{kept + n:040}", "current_version": "1", "retired": False}
                for n in range(500)
            ])
        kept += 500
except Exception as error:
    print(type(error).__name__)
with database.reading() as session:
    print(kept, session.scalar(select(func.count()).select_from(AchievementRow)))
"""


def test_full_disk_loses_nothing_that_was_reported(sqlite_database: Database) -> None:
    url = f"sqlite:///{sqlite_database.file}"
    run = subprocess.run([sys.executable, "-c", _FILL, url], capture_output=True, text=True, check=True, timeout=60)
    error, counts = run.stdout.splitlines()
    reported, there = map(int, counts.split())
    assert error == "StorageFullError"
    assert reported == there > 0
    with sqlite_database.transaction() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        session.execute(insert(AchievementRow), rows("space-again"))
    assert len(slugs_in(sqlite_database)) == reported + 1


def test_page_limit_of_the_file_is_a_full_disk(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(StorageFullError, match="free disk space"), sqlite_database.transaction() as session:
        session.execute(insert(AchievementRow), rows(*(f"{number:080}" for number in range(2000))))
    assert slugs_in(sqlite_database) == []


def test_purge_leaves_no_bytes_of_deleted_rows(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        session.execute(insert(AchievementRow), rows("canary-to-forget"))
    with sqlite_database.transaction() as session:
        session.execute(text("DELETE FROM achievements"))
    assert b"canary-to-forget" in _bytes_of(sqlite_database), "the log still holds it, which is what purging is for"
    sqlite_database.purge_deleted("achievements")
    assert b"canary-to-forget" not in _bytes_of(sqlite_database)


def test_purge_says_when_a_reader_stands_in_its_way(sqlite_database: Database) -> None:
    database = Database(f"sqlite:///{sqlite_database.file}", lock_wait=1)
    with database.transaction() as session:
        session.execute(insert(AchievementRow), rows("a"))
    with database.reading() as session:
        session.execute(select(AchievementRow)).all()
        with database.transaction() as writer:
            writer.execute(text("DELETE FROM achievements"))
        with pytest.raises(DatabaseBusyError, match="a reader keeps their traces"):
            database.purge_deleted("achievements")
    database.purge_deleted("achievements")
    database.close()


def test_purge_writes_a_postgresql_table_anew(postgresql_database: Database) -> None:
    with postgresql_database.transaction() as session:
        session.execute(insert(AchievementRow), rows("a", "b"))
    with postgresql_database.transaction() as session:
        before = session.scalar(text("SELECT pg_relation_filenode('achievements')"))
        session.execute(text("DELETE FROM achievements WHERE slug = 'a'"))
    postgresql_database.purge_deleted("achievements")
    with postgresql_database.reading() as session:
        assert session.scalar(text("SELECT pg_relation_filenode('achievements')")) != before
    assert slugs_in(postgresql_database) == ["b"]


def _bytes_of(database: Database) -> bytes:
    assert database.file is not None
    return b"".join(path.read_bytes() for path in database.file.parent.glob(f"{database.file.name}*"))


def test_damaged_file_is_unavailable(sqlite_database: Database) -> None:
    assert sqlite_database.file is not None
    sqlite_database.close()
    size = sqlite_database.file.stat().st_size
    with sqlite_database.file.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(DatabaseUnavailableError, match="malformed"), sqlite_database.reading() as session:
        session.execute(select(AchievementRow)).all()
