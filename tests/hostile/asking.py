"""One verification with a hostile URL in one place of the badge, and what came of it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from badges_server.app import create_app
from badges_server.credentials.verification import Report
from badges_server.fetching.answer_cache import AnswerCache, Keeping
from badges_server.fetching.errors import FetchError
from badges_server.fetching.exchange import Limits
from badges_server.fetching.fetched import JSON, Fetched, Retriever
from badges_server.fetching.fetcher import Fetcher, FetchPolicy
from badges_server.fetching.resolving import Resolve
from badges_server.services.server import Server
from badges_server.services.verifying import verify_bytes, verify_url
from badges_server.settings import Settings
from tests.fetching.peers import Peer, reply
from tests.hostile.sites import HOPS, SITES

LIMITS = Limits(connect_seconds=2.0, total_seconds=5.0)


@dataclass
class Listening:
    """Between verification and fetcher: every URL that was asked, and how it ended."""

    fetcher: Retriever
    ended: list[tuple[str, str]] = field(default_factory=list)

    def fetch(self, url: str, accept: str = JSON) -> Fetched:
        try:
            answer = self.fetcher.fetch(url, accept)
        except FetchError as error:
            self.ended.append((url, error.code))
            raise
        self.ended.append((url, str(answer.status)))
        return answer


def server_in(folder: Path) -> Server:
    """A whole server of a trial on one machine, where did:web may be asked over http."""
    passphrase = b"a passphrase for tests"
    settings = Settings(
        base_url="http://localhost:9",
        network_base_url="http://localhost:9",
        secret_key=b"s" * 32,
        key_passphrase=passphrase,
        database_url=f"sqlite:///{folder / 'badges.db'}",
        person_keys_url=f"sqlite:///{folder / 'people.db'}",
        keys_dir=folder,
        catalogue_dir=folder,
    )
    server: Server = create_app(settings).extensions["badges_server"]
    return server


@dataclass
class Asking:
    """Verifies badges that lead to a chosen URL, with the honest pages on the test's own peer."""

    server: Server
    peer: Peer
    resolve: Resolve

    def verify(self, site: str, url: str, rounds: int = 1) -> list[tuple[Report, Listening]]:
        """Verify `rounds` times with one fetcher that keeps nothing; each round may be answered otherwise."""
        origin = self.peer.url("")
        laid = SITES[site](url, origin)
        hops = {path: self.peer.answers[path] for path in HOPS if path in self.peer.answers}
        self.peer.answers = {**hops, **{path: reply(body) for path, body in laid.pages.items()}}
        policy = FetchPolicy(loopback_peers=(self.peer.port,), limits=LIMITS, tls=_tls())
        fetcher = Fetcher(policy, resolve=self.resolve, cache=AnswerCache(Keeping(seconds=0, failure_seconds=0)))
        return [self._round(laid.given, url, fetcher) for _ in range(rounds)]

    def _round(self, given: bytes | None, url: str, fetcher: Fetcher) -> tuple[Report, Listening]:
        listening = Listening(fetcher)
        if given is None:
            return verify_url(self.server, url, fetcher=listening), listening
        return verify_bytes(self.server, given, fetcher=listening), listening

    @contextmanager
    def hopping(self, answer: bytes) -> Iterator[None]:
        """Let the peer's hops answer with `answer`: a redirect, say."""
        before = self.peer.answers
        self.peer.answers = dict.fromkeys(HOPS, answer)
        yield
        self.peer.answers = before


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the system's authorities costs more than all the rest of a verification."""
    return ssl.create_default_context()
