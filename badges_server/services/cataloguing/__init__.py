"""The catalogue in the database: loading `badge_classes/`, looking up achievements and pathways."""

from badges_server.services.cataloguing.loading import check_catalogue, load_catalogue
from badges_server.services.cataloguing.looking_up import (
    UnknownAchievementError,
    UnknownPathwayError,
    achievement,
    all_achievements,
    all_pathways,
    all_versions,
    find_achievement,
    pathway,
    picture,
    versions,
)

__all__ = [
    "UnknownAchievementError",
    "UnknownPathwayError",
    "achievement",
    "all_achievements",
    "all_pathways",
    "all_versions",
    "check_catalogue",
    "find_achievement",
    "load_catalogue",
    "pathway",
    "picture",
    "versions",
]
