"""Looking up achievements, their pictures, pathways."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges_server.credentials.errors import BadgeError
from badges_server.credentials.model import Achievement, Pathway
from badges_server.storage.definitions import achievement_from_text, pathway_from_text
from badges_server.storage.tables import AchievementRow, AchievementVersionRow, PathwayRow


class UnknownAchievementError(BadgeError):
    """No achievement, or no such version of it."""

    code = "UNKNOWN_ACHIEVEMENT"


class UnknownPathwayError(BadgeError):
    """No pathway has that slug."""

    code = "UNKNOWN_PATHWAY"


def achievement(session: Session, slug: str, version: str | None = None) -> Achievement:
    """Look up an achievement, in its current version unless one is named.

    Raises:
        UnknownAchievementError: there is none.
    """
    row = session.get(AchievementRow, slug)
    if row is None:
        raise UnknownAchievementError("unknown achievement", value=slug)
    stored = session.get(AchievementVersionRow, (slug, version or row.current_version))
    if stored is None:
        raise UnknownAchievementError("unknown version of an achievement", value=f"{slug} {version}")
    return replace(achievement_from_text(stored.definition), retired=row.retired)


def find_achievement(session: Session, slug_or_code: str) -> Achievement:
    """Look up the current version of an achievement by its slug or its code, in any case.

    Raises:
        UnknownAchievementError: there is none.
    """
    wanted = slug_or_code.strip()
    query = select(AchievementRow.slug).where(
        (AchievementRow.slug == wanted.lower()) | (AchievementRow.code == wanted.upper())
    )
    slug = session.scalar(query.limit(1))
    if slug is None:
        raise UnknownAchievementError("unknown achievement", value=slug_or_code)
    return achievement(session, slug)


def picture(session: Session, slug: str, version: str) -> str:
    """Look up the SVG of an achievement's version.

    Raises:
        UnknownAchievementError: there is none.
    """
    stored = session.get(AchievementVersionRow, (slug, version))
    if stored is None:
        raise UnknownAchievementError("unknown achievement", value=f"{slug} {version}")
    return stored.picture


def versions(session: Session, slug: str) -> list[str]:
    """List the versions of an achievement, in the order of their loading."""
    query = select(AchievementVersionRow.version).where(AchievementVersionRow.slug == slug)
    return list(session.scalars(query.order_by(AchievementVersionRow.loaded_at, AchievementVersionRow.version)))


def all_versions(session: Session) -> list[Achievement]:
    """List every version of every achievement."""
    retired = dict(session.execute(select(AchievementRow.slug, AchievementRow.retired)).all())
    rows = session.scalars(
        select(AchievementVersionRow).order_by(AchievementVersionRow.slug, AchievementVersionRow.loaded_at)
    )
    return [replace(achievement_from_text(row.definition), retired=retired[row.slug]) for row in rows]


def all_achievements(session: Session) -> tuple[Achievement, ...]:
    """List the current version of every achievement, by code."""
    query = select(AchievementRow.slug, AchievementRow.current_version)
    current = {(slug, version) for slug, version in session.execute(query)}
    found = [one for one in all_versions(session) if (one.slug, one.version) in current]
    return tuple(sorted(found, key=lambda one: one.code))


def pathway(session: Session, slug: str) -> Pathway:
    """Look up a pathway.

    Raises:
        UnknownPathwayError: there is none.
    """
    row = session.get(PathwayRow, slug)
    if row is None:
        raise UnknownPathwayError("unknown pathway", value=slug)
    return pathway_from_text(row.definition)


def all_pathways(session: Session) -> tuple[Pathway, ...]:
    """List every pathway, by slug."""
    return tuple(
        pathway_from_text(row.definition) for row in session.scalars(select(PathwayRow).order_by(PathwayRow.slug))
    )
