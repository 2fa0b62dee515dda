"""Looking an installation over: one finding per question, each with what to do."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from badges_server.app import current_moment, make_entropy
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.services.cataloguing import check_catalogue
from badges_server.settings import Settings
from badges_server.storage.chain_checking import check_chains
from badges_server.storage.chains import last_audit_at
from badges_server.storage.database import Database
from badges_server.storage.keyring import Keyring
from badges_server.storage.person_keys import PersonKeyStore
from badges_server.storage.recognised_issuers import read_recognised_issuers

LEAST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Inspection:
    """The answer to one question; `detail` says what is wrong and the remedy, or what is right."""

    what: str
    good: bool
    detail: str


def inspect(settings: Settings) -> list[Inspection]:
    """Ask every question; none of them writes anything."""
    database = Database(settings.database_url)
    found = [
        Inspection("settings", good=True, detail=f"base URL {settings.base_url}"),
        _asked("database", lambda: _schema(database)),
        _asked("people's keys", lambda: _person_keys(settings)),
        _asked("signing keys", lambda: _signing_keys(settings)),
        _asked("catalogue", lambda: _catalogue(settings)),
        _asked("recognised issuers", lambda: _recognised(settings)),
        _asked("clock", lambda: _clock(database)),
        _asked("audit", lambda: _chains(database)),
        _asked("disk", lambda: _disk(settings)),
    ]
    database.close()
    return [*found, *_host_name(settings)]


def _asked(what: str, question: Callable[[], tuple[bool, str]]) -> Inspection:
    try:
        good, detail = question()
    except BadgeError as error:
        return Inspection(what, good=False, detail="; ".join(str(error).splitlines()))
    return Inspection(what, good=good, detail=detail)


def _schema(database: Database) -> tuple[bool, str]:
    if database.is_current():
        return True, "schema up to date"
    return False, "no schema, or an old one: run badges-server init"


def _person_keys(settings: Settings) -> tuple[bool, str]:
    store = PersonKeyStore(settings.person_keys_url, settings.secret_key, make_entropy())
    count = len(store.erased_ids())
    store.close()
    return True, f"reachable, {count} erasures logged"


def _signing_keys(settings: Settings) -> tuple[bool, str]:
    faults = Keyring(settings.keys_dir, settings.key_passphrase).check()
    return not faults, "; ".join(map(str, faults)) or f"modes are right in {settings.keys_dir}"


def _catalogue(settings: Settings) -> tuple[bool, str]:
    catalogue = check_catalogue(settings.catalogue_dir)
    return True, f"{len(catalogue.entries)} classes, {len(catalogue.pathways)} pathways"


def _recognised(settings: Settings) -> tuple[bool, str]:
    if settings.recognised_issuers is None:
        return True, "our own only (BADGES_RECOGNISED_ISSUERS names no list)"
    return True, f"our own and {len(read_recognised_issuers(settings.recognised_issuers))} of others"


def _clock(database: Database) -> tuple[bool, str]:
    with database.reading() as session:
        last = last_audit_at(session)
    now = current_moment()
    if last is not None and now < last:
        return False, f"the clock says {now:%Y-%m-%d %H:%M}, before the last audit entry ({last:%Y-%m-%d %H:%M})"
    return True, f"{now:%Y-%m-%d %H:%M} UTC"


def _chains(database: Database) -> tuple[bool, str]:
    with database.reading() as session:
        faults = check_chains(session)
    return not faults, "; ".join(faults[:3]) or "audit and issuance chains are whole"


def _disk(settings: Settings) -> tuple[bool, str]:
    folder = next(path for path in [settings.keys_dir, Path()] if path.exists())
    free = shutil.disk_usage(folder).free
    return free >= LEAST_FREE_BYTES, f"{free // 1024**2} MiB free"


def _host_name(settings: Settings) -> Iterator[Inspection]:
    host = urlsplit(settings.base_url).hostname or ""
    telling = find_forbidden(host.replace(".", " ").replace("-", " "))
    if settings.network_base_url == settings.base_url:
        detail = "warning: neutral and named issuers share one host, whose key set lists both (BADGES_NETWORK_BASE_URL)"
        yield Inspection("network host", good=True, detail=detail)
    if telling:
        detail = f"warning: {host} tells about the people ({', '.join(telling)}); it is on every badge: choose another"
        yield Inspection("host name", good=True, detail=detail)
