"""The hash chains: long, whole under many writers, and telling of every change."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from badges_server.credentials.entropy import Entropy
from badges_server.storage.chain_links import START, row_hash
from badges_server.storage.chains import (
    AuditEntry,
    append_audit,
    append_issuances,
    check_chains,
    credential_digest,
    last_audit_at,
)
from badges_server.storage.database import Database
from badges_server.storage.tables import AuditRow, ChainHeadRow, IssuanceRow
from tests.clock import Clock, make_entropy

LENGTH = 5


def entries(count: int, name: str = "award") -> list[AuditEntry]:
    return [
        AuditEntry("system", "award.sign", f"{name}-{number}", {"level": 2, "n": number}) for number in range(count)
    ]


def faults_in(database: Database) -> list[str]:
    with database.reading() as session:
        return check_chains(session)


@pytest.fixture
def chained(database: Database, entropy: Entropy, clock: Clock, secret_key: bytes) -> Database:
    """Five rows in each chain."""
    with database.transaction() as session:
        append_audit(session, entries(LENGTH), now=clock(), entropy=entropy)
        items = [(f"id-{number}", f'{{"n":{number}}}') for number in range(LENGTH)]
        append_issuances(session, items, now=clock(), secret_key=secret_key)
    return database


def test_thousands_of_rows_make_a_whole_chain(
    database: Database, entropy: Entropy, clock: Clock, secret_key: bytes
) -> None:
    with database.transaction() as session:
        assert last_audit_at(session) is None
        for _ in range(3):
            append_audit(session, entries(1500), now=clock.advance(seconds=1), entropy=entropy)
        append_issuances(session, [("a", "{}")] * 2500, now=clock(), secret_key=secret_key)
    with database.reading() as session:
        assert check_chains(session) == []
        assert last_audit_at(session) == clock()
        assert session.get_one(ChainHeadRow, "audit").sequence == 4500
        assert session.get_one(ChainHeadRow, "issuance").sequence == 2500


def test_nothing_to_append_changes_nothing(chained: Database, entropy: Entropy, clock: Clock) -> None:
    with chained.transaction() as session:
        append_audit(session, [], now=clock(), entropy=entropy)
        assert session.get_one(ChainHeadRow, "audit").sequence == LENGTH


def test_rows_go_with_their_transaction(chained: Database, entropy: Entropy, clock: Clock) -> None:
    def append_then_fail(session: Session) -> None:
        append_audit(session, entries(2), now=clock(), entropy=entropy)
        raise KeyError

    with pytest.raises(KeyError), chained.transaction() as session:
        append_then_fail(session)
    with chained.reading() as session:
        assert session.get_one(ChainHeadRow, "audit").sequence == LENGTH
    assert faults_in(chained) == []


def test_first_row_follows_from_nothing(chained: Database, clock: Clock) -> None:
    with chained.reading() as session:
        row = session.get_one(AuditRow, 1)
    content = {"actor": row.actor, "action": row.action, "subject": row.subject, "detail_digest": row.detail_digest}
    assert row.previous_hash == START
    assert row.hash == row_hash("audit", 1, clock(), content, START)


def test_issuance_log_names_no_credential_without_the_key(chained: Database, secret_key: bytes) -> None:
    with chained.reading() as session:
        found = session.scalar(select(IssuanceRow.credential_digest).where(IssuanceRow.sequence == 1))
    assert found == credential_digest(secret_key, "id-0")
    assert found != credential_digest(b"another key of the same length...", "id-0")


def forge(session: Session, *statements: str) -> None:
    """Change rows as somebody would who owns the database: triggers and references out of the way first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
    for statement in statements:
        session.execute(text(statement))


INSERT_BEFORE_THE_FIRST = """
    INSERT INTO issuance_log (sequence, at, credential_digest, document_digest, previous_hash, hash)
    SELECT 0, at, credential_digest, document_digest, previous_hash, hash FROM issuance_log WHERE sequence = 1
"""
FORGERIES: list[tuple[tuple[str, ...], list[str]]] = [
    (
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE sequence = 3",),
        ["audit 3: its content is not what was written"],
    ),
    (("UPDATE audit SET actor = 'x' WHERE sequence = 3",), ["audit 3: its content is not what was written"]),
    (("UPDATE audit SET action = 'x' WHERE sequence = 3",), ["audit 3: its content is not what was written"]),
    (("UPDATE audit SET subject = 'x' WHERE sequence = 5",), ["audit 5: its content is not what was written"]),
    (
        ("UPDATE audit SET detail_digest = 'x' WHERE sequence = 1",),
        ["audit 1: its content is not what was written", "audit 1: its detail is not what was written"],
    ),
    (("UPDATE audit_details SET detail = '{}' WHERE sequence = 2",), ["audit 2: its detail is not what was written"]),
    (("UPDATE audit_details SET salt = 'x' WHERE sequence = 2",), ["audit 2: its detail is not what was written"]),
    (
        ("UPDATE audit SET previous_hash = 'x' WHERE sequence = 3",),
        ["audit 3: does not continue the row before it", "audit 3: its content is not what was written"],
    ),
    (
        ("UPDATE audit SET hash = 'x' WHERE sequence = 3",),
        ["audit 3: its content is not what was written", "audit 4: does not continue the row before it"],
    ),
    (
        ("UPDATE audit SET hash = 'x' WHERE sequence = 5",),
        ["audit 5: its content is not what was written", "audit: the head's hash is not that of row 5"],
    ),
    (
        ("DELETE FROM audit_details WHERE sequence = 3", "DELETE FROM audit WHERE sequence = 3"),
        ["audit 3: missing (the next row is 4)", "audit 4: does not continue the row before it"],
    ),
    (
        ("DELETE FROM audit_details WHERE sequence < 3", "DELETE FROM audit WHERE sequence < 3"),
        ["audit 1 to 2: missing (the next row is 3)", "audit 3: does not continue the row before it"],
    ),
    (
        ("DELETE FROM audit_details WHERE sequence > 3", "DELETE FROM audit WHERE sequence > 3"),
        ["audit 4 to 5: missing at the end (the head says so)"],
    ),
    (
        ("DELETE FROM audit_details", "DELETE FROM audit"),
        ["audit 1 to 5: missing at the end (the head says so)"],
    ),
    (
        (
            "DELETE FROM audit_details",
            "UPDATE audit SET sequence = 99 WHERE sequence = 2",
            "UPDATE audit SET sequence = 2 WHERE sequence = 3",
            "UPDATE audit SET sequence = 3 WHERE sequence = 99",
        ),
        [
            "audit 2: does not continue the row before it",
            "audit 2: its content is not what was written",
            "audit 3: does not continue the row before it",
            "audit 3: its content is not what was written",
            "audit 4: does not continue the row before it",
        ],
    ),
    (
        ("UPDATE chain_heads SET sequence = 3 WHERE name = 'audit'",),
        ["audit: the head says 3 rows, 5 are there"],
    ),
    (
        ("UPDATE chain_heads SET sequence = 8 WHERE name = 'audit'",),
        ["audit 6 to 8: missing at the end (the head says so)"],
    ),
    (("UPDATE chain_heads SET hash = 'x' WHERE name = 'audit'",), ["audit: the head's hash is not that of row 5"]),
    (("DELETE FROM chain_heads WHERE name = 'audit'",), ["audit: the chain's head is missing"]),
    (
        ("UPDATE issuance_log SET credential_digest = 'x' WHERE sequence = 3",),
        ["issuance 3: its content is not what was written"],
    ),
    (
        ("UPDATE issuance_log SET document_digest = 'x' WHERE sequence = 3",),
        ["issuance 3: its content is not what was written"],
    ),
    (
        ("DELETE FROM issuance_log WHERE sequence = 5",),
        ["issuance 5: missing at the end (the head says so)"],
    ),
    (
        (INSERT_BEFORE_THE_FIRST,),
        [
            "issuance 0: is not the row that comes next (1)",
            "issuance 0: its content is not what was written",
            "issuance 1: does not continue the row before it",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "expected"), FORGERIES)
def test_every_forgery_shows_where_it_is(chained: Database, statements: tuple[str, ...], expected: list[str]) -> None:
    assert faults_in(chained) == []
    with chained.transaction() as session:
        forge(session, *statements)
    assert faults_in(chained) == expected


def test_row_rewritten_with_a_right_hash_breaks_the_next(chained: Database, clock: Clock) -> None:
    with chained.transaction() as session:
        row = session.get_one(AuditRow, 3)
        content = {"actor": "x", "action": row.action, "subject": row.subject, "detail_digest": row.detail_digest}
        right = row_hash("audit", 3, clock(), content, row.previous_hash)
        forge(session)
        row.actor, row.hash = "x", right
    assert faults_in(chained) == ["audit 4: does not continue the row before it"]


def test_row_added_past_the_head_shows(chained: Database, clock: Clock) -> None:
    with chained.transaction() as session:
        last = session.get_one(IssuanceRow, LENGTH)
        right = row_hash("issuance", 6, clock(), {"credential_digest": "c", "document_digest": "d"}, last.hash)
        forge(session)
        session.add(
            IssuanceRow(
                sequence=6,
                at=clock(),
                credential_digest="c",
                document_digest="d",
                previous_hash=last.hash,
                hash=right,
            )
        )
    assert faults_in(chained) == ["issuance: the head says 5 rows, 6 are there"]


def test_moment_that_is_no_moment_shows(sqlite_database: Database, entropy: Entropy, clock: Clock) -> None:
    with sqlite_database.transaction() as session:
        append_audit(session, entries(3), now=clock(), entropy=entropy)
        forge(session, "UPDATE audit SET at = 'yesterday' WHERE sequence = 2")
    (fault,) = faults_in(sqlite_database)
    assert fault.startswith("audit: after 1: a row cannot be read")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    sequence=st.integers(1, 20),
    column=st.sampled_from(["actor", "action", "subject", "detail_digest", "previous_hash", "hash"]),
    value=st.text("0123456789abcdef", min_size=1, max_size=12),
)
def test_any_change_of_any_row_shows(sqlite_database: Database, sequence: int, column: str, value: str) -> None:
    with sqlite_database.transaction() as session:
        if session.scalar(select(func.count()).select_from(AuditRow)) == 0:
            append_audit(session, entries(20), now=Clock()(), entropy=make_entropy("any change"))
            forge(session)
        row = session.get_one(AuditRow, sequence)
        old = getattr(row, column)
        setattr(row, column, value)
    faults = faults_in(sqlite_database)
    assert any(fault.startswith(f"audit {sequence}:") for fault in faults)
    with sqlite_database.transaction() as session:
        setattr(session.get_one(AuditRow, sequence), column, old)
    assert faults_in(sqlite_database) == []


def run_together(writers: list[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def guarded(write: Callable[[], None]) -> None:
        try:
            write()
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(write,)) for write in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_many_threads_make_one_chain(database: Database, clock: Clock, secret_key: bytes) -> None:
    def writer(name: str) -> Callable[[], None]:
        chance = make_entropy(name)

        def write() -> None:
            for turn in range(10):
                with database.transaction() as session:
                    append_audit(session, entries(3, f"{name}-{turn}"), now=clock(), entropy=chance)
                    append_issuances(session, [(f"{name}-{turn}", "{}")], now=clock(), secret_key=secret_key)

        return write

    run_together([writer(f"w{number}") for number in range(8)])
    assert faults_in(database) == []
    with database.reading() as session:
        subjects = session.scalars(select(AuditRow.subject).order_by(AuditRow.sequence)).all()
    assert len(subjects) == len(set(subjects)) == 8 * 10 * 3
    # What one transaction appended stands together, in its order.
    assert all(subjects[at].endswith("-0") and subjects[at + 2].endswith("-2") for at in range(0, len(subjects), 3))


_WRITER = """
import sys
from datetime import UTC, datetime
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.database import Database
from tests.clock import make_entropy

url, name = sys.argv[1:]
database, chance = Database(url), make_entropy(name)
for turn in range(15):
    with database.transaction() as session:
        entry = AuditEntry("system", "test.write", f"{name}-{turn}")
        append_audit(session, [entry] * 2, now=datetime(2026, 1, 1, tzinfo=UTC), entropy=chance)
"""


def test_many_processes_make_one_chain(database: Database, pytestconfig: pytest.Config) -> None:
    url = database._url.render_as_string(hide_password=False)
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, url, f"p{number}"], cwd=pytestconfig.rootpath)
        for number in range(4)
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    assert faults_in(database) == []
    with database.reading() as session:
        assert session.get_one(ChainHeadRow, "audit").sequence == 4 * 15 * 2


def test_last_moment_is_that_of_the_last_row(chained: Database, entropy: Entropy, clock: Clock) -> None:
    late = clock() + timedelta(hours=1, microseconds=123456)
    with chained.transaction() as session:
        append_audit(session, entries(1), now=late, entropy=entropy)
    with chained.reading() as session:
        assert last_audit_at(session) == late
    assert faults_in(chained) == []
