"""What the tests with independent clients share: one real server, started once."""

from collections.abc import Iterator

import pytest

from tests.interop.running_server import RunningServer, running_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The demo, served on a free port of this machine."""
    with running_demo(tmp_path_factory.mktemp("running")) as server:
        yield server
