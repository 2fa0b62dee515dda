"""What the operator chose. Read once, by the front door; no secret has a default."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "BADGES_"
MINIMUM_SECRET_BYTES = 32
ORIGIN = re.compile(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?", re.IGNORECASE)
DATABASE_URL = re.compile(r"sqlite(?:\+\w+)?:///(?!:memory:).+|postgresql(?:\+\w+)?://.+")

# name in the environment → what it is for; `badges-server check` prints this table.
KNOWN = {
    "BADGES_BASE_URL": "public origin of this server, such as https://badges.example.fr (required)",
    "BADGES_SECRET_KEY": "at least 32 random characters; wraps the people's keys (required)",
    "BADGES_KEY_PASSPHRASE_FILE": "file, mode 0600, with the passphrase of the signing keys (required)",
    "BADGES_NETWORK_BASE_URL": "origin of the network's pages and of named issuers (default: the base URL)",
    "BADGES_DATABASE_URL": "SQLAlchemy URL (default: SQLite in var/)",
    "BADGES_PERSON_KEYS_URL": "SQLAlchemy URL of the store of people's keys (default: SQLite in var/)",
    "BADGES_KEYS_DIR": "folder of the signing keys (default: keys/)",
    "BADGES_CATALOGUE_DIR": "folder of the badge classes (default: badge_classes/)",
    "BADGES_ALLOW_HTTP": "1: fetch others' documents over plain http too, as old Open Badges 2.0 need (default: 0)",
    "BADGES_RECOGNISED_ISSUERS": "TOML file of the issuers that are recognised beside our own (default: none)",
    "BADGES_LOOPBACK_PEERS": "loopback ports that may be fetched, comma-separated (only on a loopback base URL)",
}


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and the remedy."""


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
        allow_http: others' documents may come over plain http, which anyone on the way can change.
        recognised_issuers: the operator's list of issuers of others that readers may rely on.
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
    allow_http: bool = False
    recognised_issuers: Path | None = None


def read_settings(environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """Gather the settings: `.env` here, then the file of `--settings`, then the environment, the later winning.

    Raises:
        SettingsError: a required setting is missing, or one is wrong; the message names it.
    """
    values = {**_env_file(Path(".env")), **(_toml_file(file) if file else {})}
    values.update({name: value for name, value in environment.items() if name in KNOWN})
    base_url = _origin(values, "BADGES_BASE_URL", _required(values, "BADGES_BASE_URL"))
    return Settings(
        base_url=base_url,
        network_base_url=_origin(values, "BADGES_NETWORK_BASE_URL", base_url),
        secret_key=_secret(values),
        key_passphrase=_passphrase(values),
        database_url=_database_url(values, "BADGES_DATABASE_URL", "sqlite:///var/badges.sqlite3"),
        person_keys_url=_database_url(values, "BADGES_PERSON_KEYS_URL", "sqlite:///var/person-keys.sqlite3"),
        keys_dir=Path(values.get("BADGES_KEYS_DIR", "keys")),
        catalogue_dir=Path(values.get("BADGES_CATALOGUE_DIR", "badge_classes")),
        loopback_peers=_loopback_peers(values, base_url),
        allow_http=_switch(values, "BADGES_ALLOW_HTTP"),
        recognised_issuers=_optional_file(values, "BADGES_RECOGNISED_ISSUERS"),
    )


def is_loopback(url: str) -> bool:
    """Tell whether `url` names this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    pairs = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or name.strip() not in KNOWN:
            raise SettingsError(f"{path}, line {number}: {name.strip()!r} is not a known setting (NAME=value)")
        pairs[name.strip()] = value.strip().strip("\"'")
    return pairs


def _toml_file(path: Path) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML: {error}") from error
    values = {}
    for field, value in content.items():
        name = PREFIX + field.upper()
        if name not in KNOWN or not isinstance(value, str):
            raise SettingsError(f"{path}: field {field!r} is not a known setting with a text value")
        values[name] = value
    return values


def _required(values: Mapping[str, str], name: str) -> str:
    if not values.get(name):
        raise SettingsError(f"{name} is missing: set it to the {KNOWN[name].removesuffix(' (required)')}")
    return values[name]


def _origin(values: Mapping[str, str], name: str, default: str) -> str:
    written = values.get(name, default)
    value = written.rstrip("/")
    if not _is_origin(value):
        raise SettingsError(f"{name} is {written!r}: it must be an origin, such as https://badges.example.fr")
    if urlsplit(value).scheme == "http" and not is_loopback(value):
        raise SettingsError(f"{name} is {written!r}: plain http is for this machine only; use https")
    return value


def _is_origin(url: str) -> bool:
    """Tell whether `url` is scheme, host and perhaps port, and nothing else (RFC 6454, section 6.2)."""
    try:
        return bool(ORIGIN.fullmatch(url)) and urlsplit(url).port != 0
    except ValueError:
        # A port beyond 65535, or brackets around what is no IPv6 address.
        return False


def _database_url(values: Mapping[str, str], name: str, default: str) -> str:
    value = values.get(name, default)
    if not DATABASE_URL.fullmatch(value):
        # The value is not repeated: it may hold a password.
        raise SettingsError(f"{name} is no database URL of ours: write sqlite:///FILE or postgresql://USER@HOST/NAME")
    return value


def _secret(values: Mapping[str, str]) -> bytes:
    secret = _required(values, "BADGES_SECRET_KEY").encode()
    if len(secret) < MINIMUM_SECRET_BYTES:
        raise SettingsError(f"BADGES_SECRET_KEY has {len(secret)} bytes: at least {MINIMUM_SECRET_BYTES} are needed")
    return secret


def _passphrase(values: Mapping[str, str]) -> bytes:
    path = Path(_required(values, "BADGES_KEY_PASSPHRASE_FILE"))
    try:
        passphrase, mode = path.read_bytes().strip(), path.stat().st_mode & 0o777
    except OSError as error:
        raise SettingsError(f"BADGES_KEY_PASSPHRASE_FILE: {path} cannot be read: {error.strerror}") from error
    if mode & 0o077:
        raise SettingsError(f"BADGES_KEY_PASSPHRASE_FILE: {path} has mode {mode:04o}; do: chmod 600 {path}")
    if not passphrase:
        raise SettingsError(f"BADGES_KEY_PASSPHRASE_FILE: {path} is empty")
    return passphrase


def _switch(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "0")
    if value not in ("0", "1"):
        raise SettingsError(f"{name} is {value!r}: it must be 0 or 1")
    return value == "1"


def _optional_file(values: Mapping[str, str], name: str) -> Path | None:
    return Path(values[name]) if values.get(name) else None


def _loopback_peers(values: Mapping[str, str], base_url: str) -> tuple[int, ...]:
    text = values.get("BADGES_LOOPBACK_PEERS", "")
    if text and not is_loopback(base_url):
        raise SettingsError("BADGES_LOOPBACK_PEERS is for trials on one machine: the base URL is not loopback")
    ports = [port.strip() for port in text.split(",") if port.strip()]
    wrong = [port for port in ports if not port.isdecimal() or not 0 < int(port) <= 65535]
    if wrong:
        raise SettingsError(f"BADGES_LOOPBACK_PEERS: {wrong[0]!r} is not a port")
    return tuple(int(port) for port in ports)
