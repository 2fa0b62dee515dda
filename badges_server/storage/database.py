"""One database and its transactions. The edge opens them; services and storage work inside and never commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

from badges_server.storage import migrations
from badges_server.storage.database_errors import (
    DatabaseBusyError,
    DatabaseError,
    DatabaseUnavailableError,
    StorageFullError,
    explained,
)
from badges_server.storage.engines import (
    OUTSIDE_TRANSACTION,
    create_file,
    migrating_engine,
    read_url,
    reading_engine,
    writing_engine,
)

__all__ = [
    "Database",
    "DatabaseBusyError",
    "DatabaseError",
    "DatabaseUnavailableError",
    "StorageFullError",
]

Kind = Literal["main", "person_keys"]


class Database:
    """A database of ours: the main one, or the separate store of people's keys.

    Args:
        url: SQLAlchemy URL, ``sqlite:///FILE`` or ``postgresql://…``.
        kind: which set of tables and migrations it holds.
        lock_wait: seconds that anybody waits for a lock before hearing that the database is busy.

    Raises:
        DatabaseUnavailableError: the URL names no database of ours.
    """

    def __init__(self, url: str, kind: Kind = "main", *, lock_wait: int = 5) -> None:
        self._url: URL = read_url(url)
        self._kind: Kind = kind
        self._lock_wait = lock_wait
        self._writer: Engine = writing_engine(self._url, lock_wait)
        self._reader: Engine = reading_engine(self._url, lock_wait)
        self._writing = sessionmaker(self._writer, expire_on_commit=False)
        self._reading = sessionmaker(self._reader, expire_on_commit=False)

    @property
    def place(self) -> str:
        """The database's address without its password, for messages."""
        return self._url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; none on PostgreSQL."""
        return Path(self._url.database) if self._is_sqlite and self._url.database else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a write transaction: all of it is kept when the block ends, nothing when it raises.

        On SQLite the one write lock is held from the start, so what was read stays true until the end. On PostgreSQL
        (READ COMMITTED) whoever needs that locks the row it depends on.

        Raises:
            DatabaseBusyError: the lock was not had in time.
            StorageFullError: no space; nothing was written.
            DatabaseUnavailableError: not reachable, not initialized, damaged.
        """
        with explained(self.place), self._writing.begin() as session:
            # Begin now, not at the first statement: whoever waits for the lock has not read anything yet.
            session.connection()
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read transaction on one unchanging picture of the data; writes in it are refused.

        Raises:
            DatabaseBusyError, DatabaseUnavailableError: as `transaction`.
        """
        with explained(self.place), self._reading.begin() as session:
            yield session

    def upgrade(self, revision: str = "head") -> None:
        """Bring the tables up to `revision`, creating the file if need be. All or nothing; safe to run twice at once.

        Raises:
            DatabaseBusyError, StorageFullError, DatabaseUnavailableError: as `transaction`.
        """
        if self.file is not None:
            self._create_file(self.file)
        with self._migrating() as connection:
            migrations.upgrade(connection, self._kind, revision)

    def downgrade(self, revision: str) -> None:
        """Take the tables back to `revision` (``base``: none left). What only newer tables hold is lost.

        Raises:
            DatabaseBusyError, StorageFullError, DatabaseUnavailableError: as `transaction`.
        """
        with self._migrating() as connection:
            migrations.downgrade(connection, self._kind, revision)

    def is_current(self) -> bool:
        """Tell whether the tables are those that this program expects; a missing SQLite file is not.

        Raises:
            DatabaseBusyError, DatabaseUnavailableError: as `transaction`.
        """
        if self.file is not None and not self.file.exists():
            return False
        with explained(self.place), self._reader.begin() as connection:
            return migrations.is_current(connection, self._kind)

    def purge_deleted(self, table: str) -> None:
        """Leave no bytes of what was deleted from `table`, or overwritten in it; call it after the commit.

        SQLite has overwritten the rows already (secure_delete): what remains is its write-ahead log, emptied here.
        PostgreSQL writes the table anew; its own log and the backups made of it are the operator's.

        Raises:
            DatabaseBusyError: a reader holds on to the old state; call it again.
            StorageFullError, DatabaseUnavailableError: as `transaction`.
        """
        with explained(self.place), self._writer.connect() as connection:
            if self._is_sqlite:
                self._empty_log(connection.execution_options(**{OUTSIDE_TRANSACTION: True}))
            else:
                quoted = connection.dialect.identifier_preparer.quote(table)
                direct = connection.execution_options(isolation_level="AUTOCOMMIT")
                direct.exec_driver_sql(f"VACUUM (FULL) {quoted}")

    def close(self) -> None:
        """Give back every connection; the next use opens new ones."""
        self._writer.dispose()
        self._reader.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def _migrating(self) -> Iterator[Connection]:
        engine = migrating_engine(self._url, self._lock_wait)
        try:
            with explained(self.place), engine.begin() as connection:
                if not self._is_sqlite:
                    # Two programs that start together migrate one after the other; released with the transaction.
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('badges-server migration'))")
                yield connection
        finally:
            engine.dispose()

    def _create_file(self, path: Path) -> None:
        try:
            create_file(path)
        except OSError as error:
            raise DatabaseUnavailableError(
                f"the database file cannot be created ({error.strerror}): check the folder and its owner",
                path=str(path),
            ) from error

    def _empty_log(self, connection: Connection) -> None:
        busy, _frames, _moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise DatabaseBusyError(
                "deleted rows are gone, but a reader keeps their traces in the log: try again in a moment",
                path=self.place,
            )
