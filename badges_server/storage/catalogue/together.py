"""What no file can know alone: names used twice, pathways that lean on classes, words that no public text may hold."""

from collections.abc import Iterator, Mapping, Sequence

from marshmallow import ValidationError

from badges_server.credentials.forbidden_words import find_forbidden
from badges_server.credentials.model import Achievement, Pathway
from badges_server.storage.catalogue.schemas import SLUG
from badges_server.storage.catalogue.toml_file import TomlFile
from badges_server.storage.toml_places import Path as Place

# What was read under each slug; none where the file itself was refused, which is no fault of those who name it.
Achievements = Mapping[str, Achievement | None]
Pathways = Mapping[str, Pathway | None]


def check_names(files: Sequence[TomlFile]) -> None:
    """Refuse a file name that is no slug, and a code that another file has already."""
    owners: dict[object, str] = {}
    for file in files:
        try:
            SLUG(file.slug)
        except ValidationError as error:
            file.refuse((), f"the file's name is the slug. {' '.join(map(str, error.messages))}")
        code = file.raw.get("code")
        if isinstance(code, str) and owners.setdefault(code, file.path.name) != file.path.name:
            file.refuse(("code",), f"{code} is the code of {owners[code]} already")


def check_pathway(file: TomlFile, pathway: Pathway | None, achievements: Achievements, pathways: Pathways) -> None:
    """Refuse unknown classes, levels that a class has not, and a milestone that is none or another's."""
    if pathway is None:
        return
    for place, slug, level in _components(pathway):
        message = _component_fault(slug, level, pathway, achievements)
        if message:
            file.refuse(place, message)
    _check_twice(file, pathway)
    _check_milestone(file, pathway, achievements, pathways)


def check_words(file: TomlFile) -> None:
    """Refuse the words that would tell where somebody comes from: all of this is shown to everybody."""
    for place, text in _texts(file.raw, ()):
        found = find_forbidden(text)
        if found:
            file.refuse(place, f"no public text may say {', '.join(repr(word) for word in found)}")


def _components(pathway: Pathway) -> Iterator[tuple[Place, str, int | None]]:
    for number, component in enumerate(pathway.required):
        yield ("required", number, "achievement"), component.slug, component.level
    for number, choice in enumerate(pathway.choices):
        for rank, slug in enumerate(choice.among):
            yield ("choices", number, "from", rank), slug, choice.level


def _component_fault(slug: str, level: int | None, pathway: Pathway, achievements: Achievements) -> str | None:
    if slug not in achievements:
        return f"no class {slug!r} in the catalogue"
    if slug == pathway.milestone:
        return "a pathway does not ask for its own milestone"
    achievement = achievements[slug]
    if achievement is not None and level is not None and level not in achievement.levels:
        offered = ", ".join(map(str, achievement.levels)) or "none"
        return f"{slug} is not awarded at level {level} (its levels: {offered})"
    return None


def _check_twice(file: TomlFile, pathway: Pathway) -> None:
    seen: set[str] = set()
    for place, slug, _level in _components(pathway):
        if slug in seen:
            file.refuse(place, f"{slug} is asked for twice")
        seen.add(slug)


def _check_milestone(file: TomlFile, pathway: Pathway, achievements: Achievements, pathways: Pathways) -> None:
    if pathway.milestone not in achievements:
        file.refuse(("milestone",), f"no class {pathway.milestone!r} in the catalogue")
        return
    milestone = achievements[pathway.milestone]
    if milestone is not None and not milestone.milestone:
        file.refuse(("milestone",), f"{pathway.milestone} is no milestone: its file needs milestone = true")
    earlier = (slug for slug, other in pathways.items() if other and other.milestone == pathway.milestone)
    first = next(earlier)
    if first != pathway.slug:
        file.refuse(("milestone",), f"{pathway.milestone} is the milestone of pathway {first} already")


def _texts(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*place, str(key)))
    elif isinstance(value, list):
        for rank, inner in enumerate(value):
            yield from _texts(inner, (*place, rank))
