"""A whole server without its web: real database, keys and catalogue; a clock that stands still."""

import shutil
from pathlib import Path

import pytest

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.entropy import Entropy
from badges_server.fetching.fetcher import Fetcher
from badges_server.services.server import Server
from badges_server.storage.database import Database
from badges_server.storage.keyring import Keyring
from badges_server.storage.person_keys import PersonKeyStore
from tests.clock import Clock

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(
    database: Database, person_keys: PersonKeyStore, entropy: Entropy, clock: Clock, secret_key: bytes, tmp_path: Path
) -> Server:
    return make_server(database, person_keys, entropy, clock, secret_key, tmp_path)


@pytest.fixture
def sqlite_server(
    sqlite_database: Database,
    person_keys: PersonKeyStore,
    entropy: Entropy,
    clock: Clock,
    secret_key: bytes,
    tmp_path: Path,
) -> Server:
    return make_server(sqlite_database, person_keys, entropy, clock, secret_key, tmp_path)


def make_server(
    database: Database, person_keys: PersonKeyStore, entropy: Entropy, clock: Clock, secret_key: bytes, folder: Path
) -> Server:
    return Server(
        addresses=Addresses("https://badges.example", "https://reseau.example"),
        database=database,
        person_keys=person_keys,
        keyring=Keyring(folder / "keys", b"a passphrase for tests"),
        fetcher=Fetcher(),
        entropy=entropy,
        now=clock,
        secret_key=secret_key,
    )


@pytest.fixture
def catalogue_folder(tmp_path: Path) -> Path:
    """A copy of the real catalogue that a test may change."""
    folder = tmp_path / "badge_classes"
    shutil.copytree(ROOT / "badge_classes", folder)
    return folder


@pytest.fixture
def network_path(tmp_path: Path) -> Path:
    """A copy of the sample network that a test may change."""
    path = tmp_path / "network.toml"
    shutil.copy(ROOT / "examples" / "network.toml", path)
    return path
