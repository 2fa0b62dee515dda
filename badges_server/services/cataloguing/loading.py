"""Loading `badge_classes/` into the database.

A version that was once awarded says for ever what it said: changed content then needs a new version.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from badges_server.services.cataloguing.changes import CatalogueChanges
from badges_server.services.load_report import LoadReport
from badges_server.services.profiles import has_network, lock_issuer, recognition_issuer
from badges_server.services.server import Server
from badges_server.storage.catalogue import Catalogue, CatalogueError, read_catalogue
from badges_server.storage.chains import AuditEntry, append_audit


def check_catalogue(folder: Path) -> Catalogue:
    """Read and check every file of `folder`, without a database.

    Raises:
        CatalogueError: every problem, with file, line and field.
    """
    return read_catalogue(folder)


def load_catalogue(server: Server, session: Session, folder: Path) -> LoadReport:
    """Bring the database to what the files of `folder` say; nothing is written unless all of it may be.

    Raises:
        CatalogueError: every problem of the files; or changed content of a version that was awarded.
    """
    catalogue = read_catalogue(folder)
    # Whoever awards holds the neutral profile: what is not awarded now stays so until this transaction ends.
    if has_network(session):
        lock_issuer(session, recognition_issuer(session).slug)
    changes = CatalogueChanges(session, catalogue, folder)
    if changes.problems:
        raise CatalogueError(changes.problems)
    changes.write(server.now())
    _audit(server, session, "catalogue.add", changes.added)
    _audit(server, session, "catalogue.change", changes.changed)
    return LoadReport(tuple(changes.added), tuple(changes.changed), changes.unchanged)


def _audit(server: Server, session: Session, action: str, names: Sequence[str]) -> None:
    entries = [AuditEntry(actor="operator", action=action, subject=name, detail={}) for name in names]
    if entries:
        append_audit(session, entries, now=server.now(), entropy=server.entropy)
