"""Whom this service vouches for: the operator's list, and every issuer of our own.

A signature says which key signed; only this says that somebody stands behind the key. The name comes from here, never
from the badge. What counts is the day of the check: the day that a badge gives itself, its issuer chooses.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from badges_server.credentials.verification import Report
from badges_server.services.profiles import all_issuers, did_of
from badges_server.services.server import Server
from badges_server.storage.recognised_issuers import RecognisedIssuer


@dataclass(frozen=True)
class Recognition:
    """Who signed, as this service knows them.

    Attributes:
        since: first day; none for an issuer of our own.
    """

    id: str
    name: str
    since: date | None = None

    @property
    def is_ours(self) -> bool:
        """Tell whether the issuer is one of this server."""
        return self.since is None


def recognise(server: Server, session: Session, report: Report, on: date) -> Recognition | None:
    """Look up who signed what `report` is about; none when unknown, or when the signature is not theirs for certain."""
    issuer_id = report.credential.issuer_id
    if issuer_id is None or not report.flags.issuer_confirmed:
        return None
    return _our_own(server, session, issuer_id) or _listed(server.recognised, issuer_id, on)


def _listed(recognised: tuple[RecognisedIssuer, ...], issuer_id: str, on: date) -> Recognition | None:
    for entry in recognised:
        if entry.id == issuer_id and entry.holds_on(on):
            return Recognition(entry.id, entry.name, entry.since)
    return None


def _our_own(server: Server, session: Session, issuer_id: str) -> Recognition | None:
    for of in all_issuers(session):
        if issuer_id in (did_of(server.addresses, of), server.addresses.ob2_issuer(of.slug, named=of.named)):
            return Recognition(issuer_id, of.name)
    return None
