"""The ways a credential comes to be verified: bytes, a URL, one of our own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.received import Received, read_container
from badges_server.credentials.verification import Facts, Recipient, Report, verify
from badges_server.credentials.verification.case import GONE
from badges_server.credentials.verification.facts import OK, NotRetrievedError
from badges_server.fetching.errors import FetchError
from badges_server.fetching.fetched import CREDENTIAL, Retriever
from badges_server.services.server import Server
from badges_server.services.verifying.gathering import gather
from badges_server.storage.tables import CredentialRow


class Asker(Protocol):
    """Who verifies: a whole server, or somebody who has only a clock and a way to fetch."""

    @property
    def addresses(self) -> Addresses:
        """Whose base URL tells whether this is a trial on one machine."""

    @property
    def fetcher(self) -> Retriever:
        """Where documents come from."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""


@dataclass(frozen=True)
class Bystander:
    """Somebody who verifies without a server of their own."""

    addresses: Addresses
    fetcher: Retriever
    now: Callable[[], datetime]


def verify_bytes(
    server: Asker,
    data: bytes,
    *,
    at: datetime | None = None,
    recipient: Recipient | None = None,
    fetcher: Retriever | None = None,
) -> Report:
    """Verify a credential in any container: JSON, compact JWS, PNG or SVG.

    `at`: the moment to judge at, now by default. `fetcher`: where documents come from, the network by default.
    """
    return _judged(server, _read(data), at=at, recipient=recipient, fetcher=fetcher)


def verify_url(
    server: Asker,
    url: str,
    *,
    at: datetime | None = None,
    recipient: Recipient | None = None,
    fetcher: Retriever | None = None,
) -> Report:
    """Verify the credential that `url` answers with; arguments as for `verify_bytes`."""
    received = _fetched(url, fetcher or server.fetcher)
    return _judged(server, received, at=at, recipient=recipient, fetcher=fetcher)


def report_for_page(server: Server, session: Session, credential_id: str) -> Report:
    """Verify one of our own credentials as a stranger would: each check is made at this moment.

    Our own documents (keys, status list) come through the fetcher too, which answers them in process.
    """
    row = session.get(CredentialRow, credential_id)
    document = row.document if row is not None else None
    return verify_bytes(server, (document or "").encode())


def _read(data: bytes) -> Received | BadgeError:
    try:
        return read_container(data)
    except BadgeError as error:
        return error


def _fetched(url: str, retriever: Retriever) -> Received | BadgeError:
    try:
        answer = retriever.fetch(url, CREDENTIAL)
    except FetchError as error:
        return NotRetrievedError(f"{url} could not be had ({error.code}: {error})")
    # A host may say with 410 that an assertion was revoked: that is an answer (OB 2.0, section 4.1).
    received = _read(answer.body) if answer.status in (OK, GONE) else None
    if answer.status == OK and received is not None:
        return received
    return received if isinstance(received, Received) else NotRetrievedError(f"{url} answered {answer.status}")


def _judged(
    server: Asker,
    received: Received | BadgeError,
    *,
    at: datetime | None,
    recipient: Recipient | None,
    fetcher: Retriever | None,
) -> Report:
    facts = Facts(
        received=received,
        now=at or server.now(),
        recipient=recipient,
        allow_loopback_http=_is_loopback_trial(server.addresses.base_url),
    )
    return verify(gather(facts, fetcher or server.fetcher))


def _is_loopback_trial(base_url: str) -> bool:
    """Tell whether this server itself is a trial on one machine, where did:web is on http."""
    parts = urlsplit(base_url)
    return parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
