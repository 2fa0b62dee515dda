"""What can go wrong between us and a database, said in our own words with the remedy."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import psycopg
import sqlalchemy.exc

from badges_server.credentials.errors import BadgeError


class DatabaseError(BadgeError):
    """The database did not do its part; nothing of the transaction was kept (HTTP 503 family)."""

    code: ClassVar[str] = "DATABASE_ERROR"
    passing: ClassVar[bool] = True


class DatabaseBusyError(DatabaseError):
    """Somebody else holds a lock for longer than we wait; trying again later is right."""

    code = "DATABASE_BUSY"


class StorageFullError(DatabaseError):
    """The disk, or the file's allowed size, is used up (HTTP 507)."""

    code = "STORAGE_FULL"


class DatabaseUnavailableError(DatabaseError):
    """The database cannot be reached, opened, read or written at all."""

    code = "DATABASE_UNAVAILABLE"


# Primary result codes of SQLite (https://sqlite.org/rescode.html); the extended code keeps its primary in the low byte.
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# A quota or a limit on the file's size is reached: the system then calls it a failed write, not a full disk.
_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
# Deadlock, serialization failure, lock_timeout, statement cancelled, too many connections (PostgreSQL, appendix A).
_POSTGRESQL_BUSY = {"40P01", "40001", "55P03", "57014", "53300"}
_POSTGRESQL_FULL = {"53100"}
# Connection, operator intervention, system error, authorization, no such database: by their class; no such table,
# no such column: the tables are not those that this program expects.
_POSTGRESQL_UNAVAILABLE = ("08", "57", "58", "28", "3D", "42P01", "42703")

_BUSY = "the database is busy: another program holds it; try again in a moment"
_FULL = "no space left for the database: free disk space or raise the quota, then try again (nothing was half-written)"


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn the driver's failures into ours; `place` names the database without its password.

    What is not the database's failure (a broken constraint, a programming error) passes through unchanged.

    Raises:
        DatabaseBusyError, StorageFullError, DatabaseUnavailableError: see there.
    """
    try:
        yield
    except sqlalchemy.exc.TimeoutError as error:
        raise DatabaseBusyError(_BUSY, path=place) from error
    except sqlalchemy.exc.DBAPIError as error:
        ours = _translated(error, place)
        if ours is None:
            raise
        raise ours from error


def _translated(error: sqlalchemy.exc.DBAPIError, place: str) -> DatabaseError | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _from_sqlite(cause, place)
    return _from_postgresql(cause, place) if isinstance(cause, psycopg.Error) else None


def _from_sqlite(cause: sqlite3.Error, place: str) -> DatabaseError | None:
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    primary = code & 0xFF
    if primary in _SQLITE_BUSY:
        return DatabaseBusyError(_BUSY, value=str(cause), path=place)
    if code in _SQLITE_FULL:
        return StorageFullError(_FULL, value=str(cause), path=place)
    # SQLite has no code of its own for a table that is not there.
    if primary in _SQLITE_UNAVAILABLE or str(cause).startswith(("no such table", "no such column")):
        return _unavailable(cause, place)
    return None


def _from_postgresql(cause: psycopg.Error, place: str) -> DatabaseError | None:
    state = cause.sqlstate
    if state in _POSTGRESQL_BUSY:
        return DatabaseBusyError(_BUSY, value=state, path=place)
    if state in _POSTGRESQL_FULL:
        return StorageFullError(_FULL, value=state, path=place)
    # No state at all: the server was never reached, or went away in mid-sentence.
    lost = state is None and isinstance(cause, psycopg.OperationalError)
    if lost or (state is not None and state.startswith(_POSTGRESQL_UNAVAILABLE)):
        return _unavailable(cause, place)
    return None


def _unavailable(cause: Exception, place: str) -> DatabaseError:
    first_line = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    return DatabaseUnavailableError(
        f"the database cannot be used ({first_line}): check that it runs and may be written to,"
        " that BADGES_DATABASE_URL is right and that `badges-server init` was run",
        value=first_line,
        path=place,
    )
