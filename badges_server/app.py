"""The front door: the one place that knows every room, reads the clock and draws randomness."""

import secrets  # noqa: TID251  (the one place that draws randomness)
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit
from uuid import uuid4  # noqa: TID251  (the one place that makes identifiers)

from flask import Flask
from werkzeug.test import Client

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.entropy import Entropy
from badges_server.fetching.fetched import Fetched
from badges_server.fetching.fetcher import Fetcher, FetchPolicy
from badges_server.services.server import Server
from badges_server.services.verifying import Bystander
from badges_server.settings import Settings
from badges_server.storage.database import Database
from badges_server.storage.keyring import Keyring
from badges_server.storage.person_keys import PersonKeyStore
from badges_server.storage.recognised_issuers import read_recognised_issuers
from badges_server.web import site
from badges_server.web.request_log import IN_PROCESS

DEFAULT_PORTS = {"http": 80, "https": 443}


def create_app(settings: Settings, now: Callable[[], datetime] | None = None) -> Flask:
    """Make the application; the bundle of everything is `app.extensions["badges_server"]`.

    `now` is the clock; the machine's own unless one is given.

    Raises:
        KeyFileModeError: others than the owner can reach a signing key.
        DatabaseUnavailableError: a database URL names no database of ours.
        RecognisedIssuersError: the operator's list of recognised issuers cannot be used.
    """
    app = Flask("badges_server", template_folder="web/templates", static_folder=None)
    server = make_server(settings, now or current_moment, app)
    server.keyring.refuse_wide_modes()
    app.extensions["badges_server"] = server
    site.install(app, server.addresses)
    return app


def make_entropy() -> Entropy:
    """Make the machine's own source of identifiers, salts and indexes."""
    return Entropy(new_uuid=uuid4, random_bytes=secrets.token_bytes, below=secrets.randbelow)


def make_server(settings: Settings, now: Callable[[], datetime], app: Flask) -> Server:
    """Make the bundle that use cases receive; `app` answers what is fetched from our own origin."""
    entropy = make_entropy()
    fetcher = Fetcher(
        FetchPolicy(loopback_peers=settings.loopback_peers, allow_http=settings.allow_http),
        answer_locally=OwnOrigins(app, (settings.base_url, settings.network_base_url)),
    )
    return Server(
        addresses=Addresses(settings.base_url, settings.network_base_url),
        database=Database(settings.database_url),
        person_keys=PersonKeyStore(settings.person_keys_url, settings.secret_key, entropy),
        keyring=Keyring(settings.keys_dir, settings.key_passphrase),
        fetcher=fetcher,
        entropy=entropy,
        now=now,
        secret_key=settings.secret_key,
        recognised=read_recognised_issuers(settings.recognised_issuers) if settings.recognised_issuers else (),
    )


def make_bystander() -> Bystander:
    """Make what verifying needs where no server is set up: the network's public addresses, and a clock."""
    # On a loopback base URL did:web:localhost reads as http, as `--documents` of a trial names it; none is fetched.
    here = "http://localhost"
    return Bystander(addresses=Addresses(here, here), fetcher=Fetcher(FetchPolicy()), now=current_moment)


def current_moment() -> datetime:
    """Read the machine's clock."""
    return datetime.now(UTC)  # noqa: TID251  (the one place that reads the clock)


class OwnOrigins:
    """Answers in process what is fetched from our own origins: the server never calls itself over the network."""

    def __init__(self, app: Flask, base_urls: tuple[str, ...]) -> None:
        self._app = app
        self._bases = {base: _origin(urlsplit(base)) for base in base_urls}

    def __call__(self, url: str, accept: str) -> Fetched | None:
        """Answer `url`, or give None for a URL that is not ours."""
        try:
            parts = urlsplit(url)
            origin = _origin(parts)
        except ValueError:
            return None
        for base, ours in self._bases.items():
            prefix = urlsplit(base).path
            if origin == ours and parts.path.startswith(f"{prefix}/"):
                return self._ask(url, base, parts, accept)
        return None

    def _ask(self, url: str, base: str, parts: SplitResult, accept: str) -> Fetched:
        path = parts.path.removeprefix(urlsplit(base).path)
        client = Client(self._app, use_cookies=False)
        response = client.get(
            path,
            base_url=base,
            query_string=parts.query,
            headers={"Accept": accept},
            environ_overrides={IN_PROCESS: True},
        )
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Fetched(url, response.status_code, response.get_data(), headers)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
