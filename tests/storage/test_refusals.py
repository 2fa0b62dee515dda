"""What the database itself refuses, whoever asks: the triggers."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges_server.credentials.entropy import Entropy
from badges_server.storage.chains import AuditEntry, append_audit, append_issuances, check_chains
from badges_server.storage.database import Database
from tests.clock import Clock

TWO_STATUS_ENTRIES = """
INSERT INTO profiles (slug, kind, name, email, description, updated_at)
VALUES ('p', 'member', 'n', 'e@example.org', 'd', '2026-01-01 00:00:00');
INSERT INTO status_lists (id, issuer_slug, sequence, length, used, version)
VALUES ('l', 'p', 1, 131072, 2, 0), ('m', 'p', 2, 131072, 2, 0);
INSERT INTO status_entries (list_id, "index", set_at) VALUES ('l', 7, '2026-01-01 00:00:00'), ('l', 8, NULL)
"""


@pytest.fixture
def filled(database: Database, entropy: Entropy, clock: Clock, secret_key: bytes) -> Database:
    with database.transaction() as session:
        for statement in TWO_STATUS_ENTRIES.split(";"):
            session.execute(text(statement))
        append_audit(
            session, [AuditEntry("system", "test.write", str(n)) for n in range(3)], now=clock(), entropy=entropy
        )
        append_issuances(session, [("a", "{}"), ("b", "{}")], now=clock(), secret_key=secret_key)
    return database


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE audit SET actor = 'somebody else' WHERE sequence = 2", "rows of audit are never changed"),
        ("DELETE FROM audit WHERE sequence = 3", "rows of audit are never deleted"),
        ("UPDATE issuance_log SET document_digest = '0'", "rows of issuance_log are never changed"),
        ("DELETE FROM issuance_log", "rows of issuance_log are never deleted"),
        ("DELETE FROM chain_heads WHERE name = 'audit'", "rows of chain_heads are never deleted"),
        ("UPDATE chain_heads SET sequence = 1 WHERE name = 'audit'", "a chain only grows"),
        ("UPDATE chain_heads SET hash = '0' WHERE name = 'audit'", "a chain only grows"),
        ("UPDATE chain_heads SET name = 'other', sequence = 9 WHERE name = 'audit'", "a chain only grows"),
        ("DELETE FROM status_entries WHERE \"index\" = 8", "rows of status_entries are never deleted"),
        ("UPDATE status_entries SET set_at = NULL", "a status bit that was set stays set"),
        ("UPDATE status_entries SET \"index\" = 9 WHERE \"index\" = 8", "a status bit that was set stays set"),
        ("UPDATE status_entries SET list_id = 'm' WHERE \"index\" = 8", "a status bit that was set stays set"),
    ],
)  # fmt: skip
def test_database_refuses(filled: Database, statement: str, message: str) -> None:
    with pytest.raises(IntegrityError, match=message), filled.transaction() as session:
        session.execute(text(statement))
    with filled.reading() as session:
        assert check_chains(session) == []
        assert _entries(session) == 2


@pytest.mark.parametrize("table", ["audit", "issuance_log", "chain_heads", "status_entries"])
def test_postgresql_refuses_to_empty_a_table(postgresql_database: Database, table: str) -> None:
    with (
        pytest.raises(IntegrityError, match=f"rows of {table} are never deleted"),
        postgresql_database.transaction() as session,
    ):
        session.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("table", ["audit", "issuance_log"])
def test_sqlite_refuses_to_replace_a_row(
    sqlite_database: Database, entropy: Entropy, clock: Clock, secret_key: bytes, table: str
) -> None:
    with sqlite_database.transaction() as session:
        append_audit(session, [AuditEntry("system", "test.write", "x")], now=clock(), entropy=entropy)
        append_issuances(session, [("a", "{}")], now=clock(), secret_key=secret_key)
    with (
        pytest.raises(IntegrityError, match=f"rows of {table} are never replaced"),
        sqlite_database.transaction() as session,
    ):
        session.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))  # noqa: S608


def test_status_bit_may_be_set_and_dated_again(filled: Database) -> None:
    with filled.transaction() as session:
        session.execute(text("UPDATE status_entries SET set_at = '2026-02-02 00:00:00'"))
    with filled.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM status_entries WHERE set_at IS NOT NULL")) == 2


def test_audit_detail_may_be_erased(filled: Database) -> None:
    with filled.transaction() as session:
        session.execute(text("DELETE FROM audit_details WHERE sequence = 2"))
    with filled.reading() as session:
        assert check_chains(session) == []


def _entries(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM status_entries")).scalar_one())
