"""The files of `badge_classes/`: one TOML and one SVG for each class, one TOML for each pathway, checked whole."""

from badges_server.storage.catalogue.reading import Catalogue, CatalogueEntry, CatalogueError, read_catalogue
from badges_server.storage.catalogue.schemas import ACHIEVEMENT_TYPES, SECTORS
from badges_server.storage.problems import FileProblem

__all__ = [
    "ACHIEVEMENT_TYPES",
    "SECTORS",
    "Catalogue",
    "CatalogueEntry",
    "CatalogueError",
    "FileProblem",
    "read_catalogue",
]
