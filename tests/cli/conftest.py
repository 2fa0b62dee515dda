"""Deployments to run commands on: made once by the commands themselves, then copied for each test."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.cli.running import EXAMPLES, Deployment, Warm, copy_of, make_deployment, warm_process
from tests.databases import PostgresqlSupplier

_NUMBERS = count(1)


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


@pytest.fixture(scope="session")
def _installed_postgresql(
    tmp_path_factory: pytest.TempPathFactory, warm: Warm, _postgresql: PostgresqlSupplier
) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("installed-postgresql")
    url = _postgresql.fresh(folder, migrated=False)
    made = make_deployment(folder / "data", warm, url)
    ran = made.run("init", "--network", EXAMPLES / "network.toml")
    assert ran.code == 0, ran.err
    yield made
    _postgresql.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    """As `deployment`, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield copy_of(request.getfixturevalue("_installed"), tmp_path / "data")
        return
    template: Deployment = request.getfixturevalue("_installed_postgresql")
    supplier: PostgresqlSupplier = request.getfixturevalue("_postgresql")
    source = str(make_url(template.environment["BADGES_DATABASE_URL"]).database)
    name = f"{source}_{next(_NUMBERS)}"
    supplier.execute("CREATE DATABASE {} TEMPLATE {}", name, source)
    yield copy_of(template, tmp_path / "data", supplier.url(name))
    supplier.drop(supplier.url(name))
