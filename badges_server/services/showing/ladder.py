"""Why an issuer may award: the rungs of the trust ladder, each of which can be opened and checked.

Neutral: the recognition profile, an observer who was entitled that day, the public definition; nobody else is named.
Named: the network, its member, then the same.
"""

from datetime import date

from sqlalchemy.orm import Session

from badges_server.credentials.model import Achievement, Issuer
from badges_server.services.profiles import network_issuer, recognition_issuer
from badges_server.services.server import Server
from badges_server.services.showing.endorsers import endorsers_of_achievement, endorsers_of_profile
from badges_server.services.showing.page_content import Rung


def ladder_of(
    server: Server, session: Session, achievement: Achievement, issuer: Issuer, awarded_on: date
) -> tuple[Rung, ...]:
    """List the rungs for a credential that `issuer` signed; what counts is what held on the day of the award."""
    addresses = server.addresses
    definition = Rung("definition", url=addresses.achievement(achievement.slug, achievement.version))
    creator = recognition_issuer(session).name
    # The creator recognises its own definitions: that is no news to the reader.
    firms = tuple(
        Rung("endorser", one.name, one.url)
        for one in endorsers_of_achievement(session, achievement, addresses)
        if one.name != creator
    )
    return (*_issuer_rungs(server, session, issuer, awarded_on), Rung("observer"), definition, *firms)


def _issuer_rungs(server: Server, session: Session, issuer: Issuer, awarded_on: date) -> tuple[Rung, ...]:
    page = server.addresses.issuer_page(issuer.slug, named=issuer.named)
    if not issuer.named:
        return (Rung("recognition", issuer.name, page),)
    network = network_issuer(session)
    statements = endorsers_of_profile(session, issuer.slug, server.addresses)
    membership = next((one.url for one in statements if one.covers(awarded_on)), page)
    return (
        Rung("network", network.name, server.addresses.issuer_page(network.slug, named=True)),
        Rung("member", issuer.name, membership),
    )
