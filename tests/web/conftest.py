"""A whole server with the sample network, and badges in every state that a page shows."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from badges_server.app import create_app
from badges_server.settings import Settings
from tests.clock import Clock
from tests.web.sample import Sample, build_sample, close, open_sample

TODAY = datetime(2026, 11, 22, 13, 2, 7, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def make_settings(folder: Path, base_url: str = "http://localhost") -> Settings:
    return Settings(
        base_url=base_url,
        network_base_url=base_url,
        secret_key=b"a key of 32 bytes, for tests only",
        key_passphrase=b"for tests only",
        database_url=f"sqlite:///{folder / 'badges.db'}",
        person_keys_url=f"sqlite:///{folder / 'person-keys.db'}",
        keys_dir=folder / "keys",
        catalogue_dir=ROOT / "badge_classes",
    )


@pytest.fixture
def bare_app(tmp_path: Path) -> Iterator[Flask]:
    """An application whose database was never made."""
    app = create_app(make_settings(tmp_path))
    yield app
    close(app)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Databases and keys of the sample, at rest."""
    folder = tmp_path_factory.mktemp("sample")
    build_sample(make_settings(folder), Clock(TODAY)).close()
    return folder


@pytest.fixture(scope="session")
def sample(sample_folder: Path) -> Iterator[Sample]:
    """Opened once: tests look at it and leave it as it is."""
    opened = open_sample(make_settings(sample_folder), Clock(TODAY))
    yield opened
    opened.close()


@pytest.fixture
def own_sample(sample_folder: Path, tmp_path: Path) -> Iterator[Sample]:
    """A copy for a test that changes it."""
    opened = open_sample(make_settings(shutil.copytree(sample_folder, tmp_path / "own")), Clock(TODAY))
    yield opened
    opened.close()


@pytest.fixture
def client(sample: Sample) -> FlaskClient:
    return sample.app.test_client(use_cookies=False)
