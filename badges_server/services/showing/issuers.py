"""The page of an issuer, and who publishes this site."""

from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges_server.credentials.model import Issuer
from badges_server.services.keys import list_keys
from badges_server.services.profiles import NetworkNotLoadedError, did_of, network_issuer
from badges_server.services.publishing.issuers import public_issuer
from badges_server.services.server import Server
from badges_server.services.showing.endorsers import endorsers_of_profile
from badges_server.services.showing.page_content import IssuerPage, KeyLine, KeyState
from badges_server.storage.tables import SigningKeyRow


def issuer_page(server: Server, session: Session, slug: str) -> IssuerPage:
    """Gather what the page of an issuer shows.

    Raises:
        NotPublishedError: there is none of that name.
    """
    of = public_issuer(session, slug)
    url = server.addresses.issuer_page(slug, named=of.named)
    return IssuerPage(
        name=of.name,
        description=of.description,
        email=of.email,
        website=of.url,
        did=did_of(server.addresses, of),
        did_document_url=f"{url}/did.json",
        since=_first_key_made_at(session, slug),
        keys=tuple(
            KeyLine(key.id, key.algorithm, cast("KeyState", key.state), key.since)
            for key in list_keys(session, slug)
            if key.is_public
        ),
        endorsements=endorsers_of_profile(session, slug, server.addresses),
    )


def publisher(session: Session) -> Issuer | None:
    """Look up who publishes this site: the network; none before it was loaded."""
    try:
        return network_issuer(session)
    except NetworkNotLoadedError:
        return None


def _first_key_made_at(session: Session, slug: str) -> datetime | None:
    return session.scalar(select(func.min(SigningKeyRow.prepared_at)).where(SigningKeyRow.issuer_slug == slug))
