"""The sample network on two hosts, as it would run; addresses of one badge in each state."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from tests.clock import Clock
from tests.web.conftest import TODAY, make_settings
from tests.web.open_badges.badges import NEUTRAL_HOST, Badge, badge_of
from tests.web.sample import Sample, build_sample


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Made once: tests look at it and leave it as it is."""
    settings = make_settings(tmp_path_factory.mktemp("published"), "https://badges.example")
    made = build_sample(replace(settings, network_base_url="https://reseau.example"), Clock(TODAY))
    yield made
    made.close()


@pytest.fixture
def reader(published: Sample) -> FlaskClient:
    """Asks the neutral host."""
    return client_of(published)


def client_of(sample: Sample) -> FlaskClient:
    client = sample.app.test_client(use_cookies=False)
    client.environ_base["HTTP_HOST"] = NEUTRAL_HOST
    return client


@pytest.fixture
def neutral(published: Sample) -> Badge:
    return badge_of(published, "signed")


@pytest.fixture
def named(published: Sample) -> Badge:
    return badge_of(published, "signed", "named")


@pytest.fixture
def revoked(published: Sample) -> Badge:
    return badge_of(published, "revoked")
