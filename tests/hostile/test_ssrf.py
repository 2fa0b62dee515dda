"""This server cannot be used to reach inside: each site gets its share of the URLs (`make proof`: all of them)."""

from collections.abc import Iterator
from functools import partial

import pytest

from badges_server.fetching.errors import AddressRefusedError, UnreachableError
from badges_server.fetching.fetcher import Fetcher
from tests.fetching.peers import reply
from tests.hostile.connections import watching
from tests.hostile.name_server import naming
from tests.hostile.sites import HOP, SITES
from tests.hostile.ssrf import MODES, PUBLIC, Range, hostile_range
from tests.hostile.urls import HOSTILE_URLS

# The tests' own wall is the stricter one: it knows which port of this machine is the peer's.
pytestmark = pytest.mark.enable_socket
SHARE = 7


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    with hostile_range(tmp_path_factory.mktemp("hostile")) as found:
        yield found


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE_URLS)) >= 150
    assert len(SITES) >= 20


@pytest.mark.parametrize("site", SITES)
def test_every_site_is_really_fetched(hostile: Range, site: str) -> None:
    hostile.asking.peer.requests.clear()
    with hostile.asking.hopping(reply(b"{}")):
        hostile.asking.verify(site, hostile.asking.peer.url(HOP))

    assert any(request.startswith(f"GET {HOP}") for request in hostile.asking.peer.requests)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("site", SITES)
def test_no_url_leads_inside(hostile: Range, site: str, mode: str) -> None:
    """Each site begins elsewhere, so that together they try every URL."""
    hostile.faults.clear()
    before = hostile.passed
    numbers = range(list(SITES).index(site) % SHARE, len(HOSTILE_URLS), SHARE)
    for number in numbers:
        hostile.run(mode, site, number)

    assert hostile.faults == []
    assert hostile.passed - before == len(numbers)


def leading_to(address: str, _host: str) -> list[str]:
    return [address]


def test_the_wall_hears_what_it_should() -> None:
    """Without the guard's answer the wall would stand in the way, and say so."""
    with watching(public="8.8.8.8") as watch:
        for address in (PUBLIC, "8.8.8.8"):
            with pytest.raises(UnreachableError, match="no connection"):
                Fetcher(resolve=partial(leading_to, address)).fetch("https://badges.example/")

    assert watch.wrong == [(PUBLIC, 443)]
    assert watch.to_public == 1


def test_the_name_server_really_answers_and_changes_its_mind() -> None:
    answers: list[list[str]] = [["93.184.215.14", "2606:4700::1111"], ["::ffff:7f00:1"], []]
    with naming(lambda _name, times: answers[times]) as names:
        assert names.resolve("a.example") == answers[0]
        assert names.resolve("a.example") == answers[1]
        assert names.resolve("a.example") == []
        names.asked["b.example"] = 1
        with pytest.raises(AddressRefusedError, match="IPv4-mapped"):
            Fetcher(resolve=names.resolve).fetch("https://b.example/")
