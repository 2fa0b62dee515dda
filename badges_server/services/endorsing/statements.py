"""What is endorsed, in words and dates: memberships by the network, achievements by the neutral profile."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from badges_server.credentials.model import Achievement, Issuer
from badges_server.services.cataloguing import all_versions
from badges_server.services.profiles import did_of, members, network_issuer, recognition_issuer
from badges_server.services.recording import membership_of
from badges_server.services.server import Server

MEMBERSHIP = "membership"
RECOGNITION = "recognition"


@dataclass(frozen=True)
class Statement:
    """What is to be endorsed, before it has an id and a place in a status list."""

    issuer: Issuer
    subject_kind: str
    subject_slug: str
    subject_url: str
    claim: str
    name: str
    comment: str
    valid_from: datetime
    valid_until: datetime | None

    @property
    def key(self) -> tuple[str, str, datetime, datetime | None]:
        """What makes it the same statement: two of one key are one."""
        return self.claim, self.subject_slug, self.valid_from, self.valid_until


def membership_statements(server: Server, session: Session, now: datetime) -> list[Statement]:
    """State each time of membership up to its end, or to the end of this year.

    Raises:
        NetworkNotLoadedError: there is no network.
    """
    network = network_issuer(session)
    year_end = date(now.year, 12, 31)
    statements = []
    for member in members(session):
        for period in membership_of(session, member.slug).memberships:
            if period.joined_on > now.date():
                continue
            last = min(year_end, period.left_on or year_end)
            statements.append(_membership(server, network, member, period.joined_on, last))
    return statements


def _membership(server: Server, network: Issuer, member: Issuer, first: date, last: date) -> Statement:
    return Statement(
        issuer=network,
        subject_kind="profile",
        subject_slug=member.slug,
        subject_url=did_of(server.addresses, member),
        claim=MEMBERSHIP,
        name=f"Adhésion de {member.name}",
        comment=f"{member.name} est membre de {network.name} du {_day(first)} au {_day(last)}.",
        valid_from=datetime.combine(first, time(), tzinfo=UTC),
        valid_until=datetime.combine(last, time(23, 59, 59), tzinfo=UTC),
    )


def recognition_statements(server: Server, session: Session) -> list[Statement]:
    """State that the neutral profile recognises each version of each achievement.

    Raises:
        NetworkNotLoadedError: there is no network.
    """
    recognition = recognition_issuer(session)
    return [_recognition(server, recognition, one) for one in all_versions(session)]


def _recognition(server: Server, recognition: Issuer, one: Achievement) -> Statement:
    return Statement(
        issuer=recognition,
        subject_kind="achievement",
        subject_slug=f"{one.slug}/{one.version}",
        subject_url=server.addresses.achievement(one.slug, one.version),
        claim=RECOGNITION,
        name=f"Reconnaissance du badge « {one.name} »",
        comment=(
            f"{recognition.name} a créé ce badge et le reconnaît : ses critères s'observent au travail,"
            " par une personne habilitée pour lui."
        ),
        valid_from=datetime.combine(one.published_on, time(), tzinfo=UTC),
        valid_until=None,
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
