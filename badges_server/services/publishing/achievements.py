"""Achievements (badge classes) as documents and pictures."""

from sqlalchemy.orm import Session

from badges_server.credentials.document import achievement_document
from badges_server.credentials.json_text import parse_json_object
from badges_server.credentials.model import Achievement, Pathway
from badges_server.services import cataloguing
from badges_server.services.cataloguing import UnknownAchievementError
from badges_server.services.endorsing import endorsements_of
from badges_server.services.pictures import png_of
from badges_server.services.profiles import recognition_issuer
from badges_server.services.publishing.publication import (
    JSON_LD,
    PNG,
    SVG,
    Freshness,
    NotPublishedError,
    PictureFormat,
    Publication,
    json_publication,
    plain_name,
    text_publication,
)
from badges_server.services.server import Server


def achievement_json(server: Server, slug: str, version: str) -> Publication:
    """Publish a version of an achievement, with what was signed about it.

    Raises:
        NotPublishedError: there is no such version.
    """
    with server.database.reading() as session:
        of = public_achievement(session, slug, version)
        document = achievement_document(
            of,
            recognition_issuer(session),
            server.addresses,
            components=_components(session, of),
            endorsements=[
                parse_json_object(one.document) for one in endorsements_of(session, "achievement", f"{slug}/{version}")
            ],
        )
    return json_publication(document, JSON_LD, Freshness.DEFINITION)


def achievement_picture(server: Server, slug: str, version: str, form: PictureFormat) -> Publication:
    """Publish the picture of an achievement, without any level.

    Raises:
        NotPublishedError: there is no such version.
    """
    with server.database.reading() as session:
        public_achievement(session, slug, version)
        drawing = cataloguing.picture(session, slug, version)
    name = f"badge-{slug}.{form}"
    if form == "png":
        return Publication(png_of(drawing), PNG, Freshness.DEFINITION, name)
    return text_publication(drawing, SVG, Freshness.DEFINITION, name)


def public_achievement(session: Session, slug: str, version: str) -> Achievement:
    """Look up a version of an achievement.

    Raises:
        NotPublishedError: there is none.
    """
    try:
        return cataloguing.achievement(session, plain_name(slug), plain_name(version))
    except UnknownAchievementError as error:
        raise NotPublishedError("no such achievement") from error


def _components(session: Session, of: Achievement) -> list[Achievement]:
    """List what a milestone asks for: everything required, then everything to choose from."""
    pathway = next((one for one in cataloguing.all_pathways(session) if one.milestone == of.slug), None)
    return [cataloguing.achievement(session, slug) for slug in _slugs(pathway)] if pathway else []


def _slugs(pathway: Pathway) -> list[str]:
    required = [component.slug for component in pathway.required]
    return required + [slug for choice in pathway.choices for slug in choice.among]
