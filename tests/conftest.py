"""What every test may ask for: databases of both kinds, people's keys, time and chance."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from badges_server.credentials.entropy import Entropy
from badges_server.storage.database import Database
from badges_server.storage.person_keys import PersonKeyStore
from tests.clock import Clock, make_entropy
from tests.databases import Supplier, postgresql_supplier, sqlite_supplier

SECRET_KEY = b"a key of 32 bytes, for tests only"


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supplier]:
    with sqlite_supplier(tmp_path_factory.mktemp("sqlite")) as supplier:
        yield supplier


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[Supplier]:
    with postgresql_supplier() as supplier:
        yield supplier


@pytest.fixture(params=["sqlite", "postgresql"])
def supplier(request: pytest.FixtureRequest) -> Supplier:
    """Makes databases of one kind; every test that asks for it runs on both."""
    found: Supplier = request.getfixturevalue(f"_{request.param}")
    return found


@pytest.fixture
def empty_database_url(supplier: Supplier, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table."""
    url = supplier.fresh(tmp_path, migrated=False)
    yield url
    supplier.drop(url)


@pytest.fixture
def database(supplier: Supplier, tmp_path: Path) -> Iterator[Database]:
    """An empty main database with all its tables: SQLite, then PostgreSQL."""
    url = supplier.fresh(tmp_path, migrated=True)
    made = Database(url)
    yield made
    made.close()
    supplier.drop(url)


@pytest.fixture
def sqlite_database(_sqlite: Supplier, tmp_path: Path) -> Iterator[Database]:
    """An empty main database in a SQLite file, for what is not about databases."""
    made = Database(_sqlite.fresh(tmp_path, migrated=True))
    yield made
    made.close()


@pytest.fixture
def postgresql_database(_postgresql: Supplier, tmp_path: Path) -> Iterator[Database]:
    """An empty main database on PostgreSQL, for what only it does."""
    url = _postgresql.fresh(tmp_path, migrated=True)
    made = Database(url)
    yield made
    made.close()
    _postgresql.drop(url)


@pytest.fixture
def secret_key() -> bytes:
    """The deployment's key."""
    return SECRET_KEY


@pytest.fixture
def person_keys(tmp_path: Path, secret_key: bytes, entropy: Entropy) -> Iterator[PersonKeyStore]:
    """An empty store of people's keys, in its own SQLite file."""
    store = PersonKeyStore(f"sqlite:///{tmp_path / 'person-keys.db'}", secret_key, entropy)
    store.upgrade()
    yield store
    store.close()


@pytest.fixture
def entropy(request: pytest.FixtureRequest) -> Entropy:
    """Chance that the test's name decides: the same ids and salts at every run."""
    return make_entropy(request.node.nodeid)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at 2026-03-02T09:00:00Z until it is advanced."""
    return Clock()
