"""Reading the whole folder: every file, then every file against the others; all problems, or a catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from badges_server.credentials.errors import BadgeError, MalformedValueError
from badges_server.credentials.model import (
    Achievement,
    Alignment,
    Choice,
    Component,
    Condition,
    EvidenceRule,
    Pathway,
)
from badges_server.credentials.picture import checked_svg
from badges_server.storage.catalogue.schemas import ClassSchema, PathwaySchema
from badges_server.storage.catalogue.together import check_names, check_pathway, check_words
from badges_server.storage.catalogue.toml_file import TomlFile, read_toml
from badges_server.storage.problems import FileProblem

# Of an offending value in a picture: an attribute may be as long as the file.
ECHO_LENGTH = 60


class CatalogueError(BadgeError):
    """The catalogue cannot be used; carries every problem found in it."""

    code: ClassVar[str] = "CATALOGUE"

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class CatalogueEntry:
    """One class: what its TOML says, the picture beside it, where they stand."""

    achievement: Achievement
    picture_svg: str
    file: str


@dataclass(frozen=True)
class Catalogue:
    """All of `badge_classes/`, in the order of the slugs."""

    entries: tuple[CatalogueEntry, ...]
    pathways: tuple[Pathway, ...]


def read_catalogue(folder: Path) -> Catalogue:
    """Read and check every class, picture and pathway of `folder`.

    Raises:
        CatalogueError: every problem of every file; nothing of the catalogue is given then.
    """
    classes = [read_toml(path) for path in sorted(folder.glob("*.toml"))]
    routes = [read_toml(path) for path in sorted(folder.glob("pathways/*.toml"))]
    problems = _folder_problems(folder, classes)
    achievements = {file.slug: _achievement(file) for file in classes}
    pathways = {file.slug: _pathway(file) for file in routes}
    pictures = {file.slug: _picture(file) for file in classes}
    check_names(classes)
    check_names(routes)
    for file in routes:
        check_pathway(file, pathways[file.slug], achievements, pathways)
    for file in (*classes, *routes):
        check_words(file)
        problems.extend(sorted(file.problems, key=lambda one: one.line))
    if problems:
        raise CatalogueError(problems)
    entries = [CatalogueEntry(a, pictures[slug], str(folder / f"{slug}.toml")) for slug, a in achievements.items() if a]
    return Catalogue(tuple(entries), tuple(pathway for pathway in pathways.values() if pathway))


def _folder_problems(folder: Path, classes: list[TomlFile]) -> list[FileProblem]:
    """Pictures without a class, and a folder without anything."""
    lonely = sorted({path.stem for path in folder.glob("*.svg")} - {file.slug for file in classes})
    found = [
        FileProblem(str(folder / f"{slug}.svg"), 1, None, "", f"a picture without its class: {slug}.toml is missing")
        for slug in lonely
    ]
    if not classes:
        found.append(FileProblem(str(folder), 1, None, "", "no class here: one TOML and one SVG for each are expected"))
    return found


def _achievement(file: TomlFile) -> Achievement | None:
    loaded = file.load(ClassSchema())
    if loaded is None:
        return None
    lists = {name: tuple(loaded[name]) for name in ("levels", "criteria", "tags")}
    return Achievement(
        **{
            **loaded,
            **lists,
            "slug": file.slug,
            "evidence_rule": EvidenceRule(**loaded["evidence_rule"]),
            "alignments": tuple(Alignment(**one) for one in loaded["alignments"]),
        }
    )


def _pathway(file: TomlFile) -> Pathway | None:
    loaded = file.load(PathwaySchema())
    if loaded is None:
        return None
    kept = ("code", "version", "name", "description", "easy_read", "milestone")
    return Pathway(
        **{name: loaded[name] for name in kept},
        slug=file.slug,
        rome_targets=tuple(loaded["rome_target"]),
        required=tuple(Component(one["achievement"], one["level"]) for one in loaded["required"]),
        choices=tuple(_choice(one) for one in loaded["choices"]),
        conditions=tuple(Condition(**one) for one in loaded["conditions"]),
    )


def _choice(loaded: Mapping[str, Any]) -> Choice:
    return Choice(loaded["count"], tuple(loaded["among"]), loaded["level"], loaded["same_sector"])


def _picture(file: TomlFile) -> str:
    path = file.path.with_suffix(".svg")
    try:
        return checked_svg(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        file.note(str(path), 1, "the class has no picture: an SVG of the same name is expected beside it")
    except OSError as error:
        file.note(str(path), 1, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        file.note(str(path), 1, "not UTF-8: save it as UTF-8")
    except MalformedValueError as error:
        place = (error.path or "").removeprefix("line ")
        value = str(error.value).removeprefix("{http://www.w3.org/2000/svg}")[:ECHO_LENGTH]
        shown = f" ({value})" if error.value is not None else ""
        file.note(
            str(path), int(place) if place.isdecimal() else 1, f"not a safe class picture: {error.message}{shown}"
        )
    return ""
