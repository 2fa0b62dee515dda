"""A server with the sample network, the real catalogue and keys, ready to award; its clock stands at 2026-11-23."""

from datetime import UTC, datetime

import pytest

from badges_server.services.cataloguing import load_catalogue
from badges_server.services.recording import load_network
from badges_server.services.server import Server
from tests.clock import Clock
from tests.services.conftest import ROOT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def furnish(server: Server, clock: Clock) -> Server:
    clock.moment = NOW
    with server.database.transaction() as session:
        load_catalogue(server, session, ROOT / "badge_classes")
    load_network(server, ROOT / "examples" / "network.toml")
    return server


@pytest.fixture
def ready(server: Server, clock: Clock) -> Server:
    """Furnished, on both databases."""
    return furnish(server, clock)


@pytest.fixture
def sqlite_ready(sqlite_server: Server, clock: Clock) -> Server:
    """Furnished, on SQLite: for what is not about databases."""
    return furnish(sqlite_server, clock)
