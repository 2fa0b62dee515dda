"""The page of a badge class."""

from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from badges_server.services import cataloguing
from badges_server.services.profiles import recognition_issuer
from badges_server.services.publishing.achievements import public_achievement
from badges_server.services.server import Server
from badges_server.services.showing.endorsers import endorsers_of_achievement
from badges_server.services.showing.page_content import AchievementPage, VersionLink


def achievement_page(server: Server, session: Session, slug: str, version: str) -> AchievementPage:
    """Gather what the page of one version of an achievement shows.

    Raises:
        NotPublishedError: no such achievement, or no such version of it.
    """
    addresses = server.addresses
    achievement = public_achievement(session, slug, version)
    current = cataloguing.achievement(session, slug).version
    others = [other for other in cataloguing.versions(session, slug) if other != version]
    creator = recognition_issuer(session)
    url = addresses.achievement(slug, version)
    return AchievementPage(
        achievement=achievement,
        picture_url=f"{urlsplit(url).path}.svg",
        document_url=f"{urlsplit(url).path}.json",
        newer_url=None if current == version else addresses.achievement(slug, current),
        other_versions=tuple(VersionLink(other, addresses.achievement(slug, other)) for other in others),
        creator_name=creator.name,
        creator_url=addresses.issuer_page(creator.slug, named=False),
        endorsements=endorsers_of_achievement(session, achievement, addresses),
    )
