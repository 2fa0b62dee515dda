"""The network in the database: loading `network.toml`, looking up memberships, conventions and mandates."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.network.members import Convention, Mandate, Member, Membership
from badges_server.services.keys import ensure_keys
from badges_server.services.load_report import LoadReport
from badges_server.services.network_changes import NetworkChanges
from badges_server.services.profiles import (
    NetworkNotLoadedError,
    UnknownIssuerError,
    all_issuers,
    has_network,
    issuer,
    members,
    network_issuer,
    recognition_issuer,
)
from badges_server.services.server import Server
from badges_server.storage.chains import AuditEntry, append_audit
from badges_server.storage.network_file import NetworkFile, NetworkFileError, read_network
from badges_server.storage.tables import ConventionRow, MandateRow, MembershipRow, StaffRow

__all__ = [
    "NetworkFileError",
    "NetworkNotLoadedError",
    "UnknownIssuerError",
    "all_issuers",
    "all_members",
    "has_network",
    "issuer",
    "load_network",
    "mandates_of",
    "members",
    "membership_of",
    "network_issuer",
    "recognition_issuer",
    "staff_of",
]


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


def membership_of(session: Session, slug: str) -> Member:
    """Look up an organisation's times in the network and its conventions; nobody's are empty."""
    return _members_of(session, [slug])[0]


def all_members(session: Session) -> list[Member]:
    """Look up every organisation that is or was a member, with its dates."""
    return _members_of(session, [one.slug for one in members(session)])


def mandates_of(session: Session, organisation: str) -> list[Mandate]:
    """Look up who may or might observe and award for an organisation, and when."""
    rows = session.execute(
        select(MandateRow, StaffRow.left_on)
        .join(StaffRow, StaffRow.reference == MandateRow.staff_reference)
        .where(MandateRow.organisation_slug == organisation)
        .order_by(MandateRow.staff_reference, MandateRow.valid_from, MandateRow.achievement_slug)
    )
    return [
        Mandate(
            staff_reference=row.staff_reference,
            organisation=row.organisation_slug,
            achievement=row.achievement_slug,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            staff_left_on=left_on,
        )
        for row, left_on in rows
    ]


def staff_of(session: Session, organisation: str | None = None) -> list[str]:
    """List the staff references of an organisation, or of all."""
    query = select(StaffRow.reference).order_by(StaffRow.reference)
    if organisation is not None:
        query = query.where(StaffRow.organisation_slug == organisation)
    return list(session.scalars(query))


def _members_of(session: Session, slugs: Sequence[str]) -> list[Member]:
    times = session.scalars(
        select(MembershipRow).where(MembershipRow.profile_slug.in_(slugs)).order_by(MembershipRow.joined_on)
    ).all()
    conventions = session.scalars(
        select(ConventionRow).where(ConventionRow.profile_slug.in_(slugs)).order_by(ConventionRow.starts_on)
    ).all()
    return [
        Member(
            slug=slug,
            memberships=tuple(Membership(row.joined_on, row.left_on) for row in times if row.profile_slug == slug),
            conventions=tuple(
                Convention(row.kind, row.starts_on, row.ends_on) for row in conventions if row.profile_slug == slug
            ),
        )
        for slug in slugs
    ]


def _write(server: Server, session: Session, network: NetworkFile) -> LoadReport:
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
