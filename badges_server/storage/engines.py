"""How we speak to each of the two databases: SQLite for one machine, PostgreSQL for several."""

import os
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from badges_server.storage.database_errors import DatabaseUnavailableError

# How long reaching a PostgreSQL may take.
_CONNECT_SECONDS = 5
# FULL: a reported commit survives a power cut. secure_delete: what was deleted is overwritten with zeros.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA recursive_triggers = ON",
)
# Execution option of a connection that must not open a transaction (a checkpoint cannot run inside one).
OUTSIDE_TRANSACTION = "badges_outside_transaction"
_POSTGRESQL_OPTIONS = "-c timezone=UTC -c synchronous_commit=on -c client_encoding=UTF8"


def read_url(url: str) -> URL:
    """Read a database URL; plain ``postgresql://`` means psycopg 3.

    Raises:
        DatabaseUnavailableError: not a URL, another database than ours, or a SQLite URL that names no file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUnavailableError("not a database URL: write sqlite:///FILE or postgresql://…") from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUnavailableError("only SQLite and PostgreSQL are supported", value=backend)
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseUnavailableError("name a file: sqlite:///var/badges.db", value=url)
    return parsed


def writing_engine(url: URL, lock_wait: int) -> Engine:
    """Make the engine of write transactions; on SQLite each takes the write lock when it begins."""
    if url.get_backend_name() == "postgresql":
        return _postgresql_engine(url, lock_wait)
    return _sqlite_engine(url, lock_wait, begin="BEGIN IMMEDIATE")


def reading_engine(url: URL, lock_wait: int) -> Engine:
    """Make the engine of read transactions: one unchanging picture of the data, and every write refused."""
    if url.get_backend_name() == "postgresql":
        engine = _postgresql_engine(url, lock_wait)
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return _sqlite_engine(url, lock_wait, begin="BEGIN", more=("PRAGMA query_only = ON",))


def migrating_engine(url: URL, lock_wait: int) -> Engine:
    """Make the engine of migrations: SQLite rebuilds tables there, so foreign keys are checked at the end instead."""
    if url.get_backend_name() == "postgresql":
        return _postgresql_engine(url, lock_wait)
    engine = _sqlite_engine(url, lock_wait, begin="BEGIN IMMEDIATE", foreign_keys=False)
    event.listen(engine, "commit", _check_foreign_keys)
    return engine


def create_file(path: Path) -> None:
    """Create an empty SQLite file that only its owner can read; leave an existing one alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    os.close(descriptor)


def _postgresql_engine(url: URL, lock_wait: int) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=lock_wait,
        hide_parameters=True,  # an error message may end in a log: it shows the statement, never people's values
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "options": f"-c lock_timeout={lock_wait * 1000} {_POSTGRESQL_OPTIONS}",
        },
    )


def _sqlite_engine(
    url: URL, lock_wait: int, *, begin: str, more: tuple[str, ...] = (), foreign_keys: bool = True
) -> Engine:
    # mode=rw: a missing file is an error; only `create_file` makes one, with the right mode.
    uri = url.set(database=f"file:{quote(url.database or '')}", query={"uri": "true", "mode": "rw"})
    engine = create_engine(
        uri,
        poolclass=QueuePool,
        pool_timeout=lock_wait,
        hide_parameters=True,
        connect_args={"timeout": lock_wait, "check_same_thread": False},
    )
    pragmas = (*_PRAGMAS, f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}", *more)

    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        _prepare_sqlite(connection, pragmas)

    def start(connection: Connection) -> None:
        if not connection.get_execution_options().get(OUTSIDE_TRANSACTION):
            connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, pragmas: tuple[str, ...]) -> None:
    if not isinstance(connection, SqliteConnection):  # pragma: no cover - the dialect is SQLite's own
        raise TypeError(f"not a SQLite connection: {connection!r}")
    # The driver must not open transactions behind our back: we write BEGIN ourselves.
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(pragma).close()


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DatabaseUnavailableError("the migration would break references; nothing was changed", value=broken[:5])
