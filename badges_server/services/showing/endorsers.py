"""Who stands behind an achievement or an issuer, by a signed statement that can be opened."""

from sqlalchemy.orm import Session

from badges_server.credentials.addresses import Addresses
from badges_server.credentials.json_text import parse_json_object
from badges_server.credentials.model import Achievement
from badges_server.services.endorsing import Endorsement, endorsements_of
from badges_server.services.showing.page_content import Endorser


def endorsers_of_achievement(session: Session, achievement: Achievement, addresses: Addresses) -> tuple[Endorser, ...]:
    """List who recognises this version of an achievement, the latest statement first."""
    found = endorsements_of(session, "achievement", f"{achievement.slug}/{achievement.version}")
    return _endorsers(found, addresses)


def endorsers_of_profile(session: Session, slug: str, addresses: Addresses) -> tuple[Endorser, ...]:
    """List who recognises an organisation, the latest statement first."""
    return _endorsers(endorsements_of(session, "profile", slug), addresses)


def _endorsers(found: list[Endorsement], addresses: Addresses) -> tuple[Endorser, ...]:
    return tuple(
        Endorser(
            # The name is the one that was signed, not what the profile is called today.
            name=str(parse_json_object(one.document)["issuer"]["name"]),
            url=addresses.endorsement(one.id),
            # Days as they are written in the statement, which ends at the last second of a day in UTC.
            valid_from=one.valid_from.date(),
            valid_until=one.valid_until.date() if one.valid_until else None,
        )
        for one in found
    )
