"""Loading `network.toml` into the database."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from badges_server.services.keys import ensure_keys
from badges_server.services.load_report import LoadReport
from badges_server.services.profiles import lock_all_issuers
from badges_server.services.recording.changes import NetworkChanges
from badges_server.services.server import Server
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.network_file import NetworkFile, NetworkFileError, read_network


def load_network(server: Server, path: Path) -> LoadReport:
    """Bring the database to what the file says, and give every issuer its first keys.

    The file is checked whole before anything is written. Loading it again changes nothing. The keys come after, each
    issuer's in a transaction of its own: should one fail, loading again makes the rest.

    Raises:
        NetworkFileError: every problem of the file, or of it against what is already recorded.
    """
    network = read_network(path)
    with server.database.transaction() as session:
        report = _write(server, session, network)
    for slug in _issuers_of(network, server):
        with server.database.transaction() as session:
            made = ensure_keys(server, session, slug)
        if made:
            report = replace(report, added=(*report.added, f"{made} keys of {slug}"))
    return report


def _write(server: Server, session: Session, network: NetworkFile) -> LoadReport:
    lock_all_issuers(session)
    changes = NetworkChanges(session, network)
    if changes.problems:
        raise NetworkFileError(changes.problems)
    changes.write(server.now(), server.entropy)
    named = [("network.add", name) for name in changes.added] + [("network.change", name) for name in changes.changed]
    if named:
        entries = [AuditEntry(actor="operator", action=action, subject=name, detail={}) for action, name in named]
        append_audit(session, entries, now=server.now(), entropy=server.entropy)
    return LoadReport(tuple(changes.added), tuple(changes.changed), changes.unchanged)


def _issuers_of(network: NetworkFile, server: Server) -> list[str]:
    """List who may sign: the network, the neutral profile, and the members that have not left."""
    today = server.now().date()
    standing = [
        member.profile.slug
        for member in network.members
        if member.membership.left_on is None or member.membership.left_on >= today
    ]
    return [network.network.slug, network.recognition.slug, *standing]
