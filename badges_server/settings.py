"""What the operator chose. Read once, by the front door; no secret has a default."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The operator's choices, checked.

    Attributes:
        base_url: public origin, without a final slash; the only source of every URL we write.
        network_base_url: origin of the network's own pages and of named issuers.
        secret_key: wraps the people's keys and signs cookies; at least 32 bytes.
        key_passphrase: opens the signing keys in `keys_dir`.
        database_url: SQLAlchemy URL (SQLite or PostgreSQL).
        person_keys_url: SQLAlchemy URL of the separate store of people's keys and of the erasure log.
        keys_dir: encrypted PKCS#8 files, mode 0600.
        catalogue_dir: the `badge_classes/` folder.
        loopback_peers: loopback ports that the fetcher may reach, for trials on one machine only.
    """

    base_url: str
    network_base_url: str
    secret_key: bytes
    key_passphrase: bytes
    database_url: str
    person_keys_url: str
    keys_dir: Path
    catalogue_dir: Path
    loopback_peers: tuple[int, ...] = ()
