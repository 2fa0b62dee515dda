"""Deployments to run commands on: made once by the commands themselves, then copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import EXAMPLES, Deployment, Warm, copy_of, make_deployment, warm_process
from tests.databases import Supplier


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with warm_process() as process:
        yield process


@pytest.fixture(scope="session")
def _installed(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Deployment:
    made = make_deployment(tmp_path_factory.mktemp("installed") / "data", warm)
    ran = made.run("init", "--network", EXAMPLES / "network.toml")
    assert ran.code == 0, ran.err
    return made


@pytest.fixture(scope="session")
def _awarded(tmp_path_factory: pytest.TempPathFactory, _installed: Deployment) -> Deployment:
    made = copy_of(_installed, tmp_path_factory.mktemp("awarded") / "data")
    ran = made.run("award", EXAMPLES / "team.csv")
    assert ran.code == 0, ran.err
    return made


@pytest.fixture
def empty(tmp_path: Path, warm: Warm) -> Deployment:
    """Settings and nothing else."""
    return make_deployment(tmp_path / "data", warm)


@pytest.fixture
def deployment(tmp_path: Path, _installed: Deployment) -> Deployment:
    """Installed, with the sample network; nothing was awarded."""
    return copy_of(_installed, tmp_path / "data")


@pytest.fixture
def awarded(tmp_path: Path, _awarded: Deployment) -> Deployment:
    """Installed, and the sample team awarded."""
    return copy_of(_awarded, tmp_path / "data")


@pytest.fixture
def anywhere(supplier: Supplier, tmp_path: Path, warm: Warm) -> Iterator[Deployment]:
    """Installed, with the sample network, on SQLite and on PostgreSQL."""
    url = supplier.fresh(tmp_path, migrated=False)
    made = make_deployment(tmp_path / "data", warm, url)
    assert made.run("init", "--network", EXAMPLES / "network.toml").code == 0
    yield made
    supplier.drop(url)
