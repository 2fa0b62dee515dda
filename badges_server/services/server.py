"""The frozen bundle of everything a use case may need; made once by the front door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.entropy import Entropy
from badges_server.fetching.fetcher import Fetcher
from badges_server.storage.database import Database
from badges_server.storage.keyring import Keyring
from badges_server.storage.person_keys import PersonKeyStore
from badges_server.storage.recognised_issuers import RecognisedIssuer


@dataclass(frozen=True)
class Server:
    """What runs: addresses, stores, keys, and the two things that must be arguments, time and randomness.

    Attributes:
        now: the current moment, aware UTC.
        secret_key: the deployment's key, for keyed digests.
        recognised: issuers of others that the operator vouches for.
    """

    addresses: Addresses
    database: Database
    person_keys: PersonKeyStore
    keyring: Keyring
    fetcher: Fetcher
    entropy: Entropy
    now: Callable[[], datetime]
    secret_key: bytes
    recognised: tuple[RecognisedIssuer, ...] = ()
