"""The specifications' tables of classes and properties, read from the text files beside this module."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Cardinality = Literal["1", "?", "*", "+"]


@dataclass(frozen=True)
class Property:
    """One line of a table.

    Attributes:
        kinds: what a value may be: scalars, classes, enumerations; any one of them.
        cardinality: 1 = one, ? = at most one, * = a list, + = a list that is not empty.
        compact: one value may stand for the list.
    """

    name: str
    kinds: tuple[str, ...]
    cardinality: Cardinality
    compact: bool

    @property
    def is_required(self) -> bool:
        """A document without it is wrong."""
        return self.cardinality in "1+"

    @property
    def is_list(self) -> bool:
        """Its value is an array."""
        return self.cardinality in "*+"


@dataclass
class Class:
    """One table.

    Attributes:
        type_names: one of them stands in `type`; none: the class needs no type.
        is_closed: no other properties are allowed.
    """

    name: str
    type_names: tuple[str, ...]
    is_closed: bool
    properties: dict[str, Property] = field(default_factory=dict)


@dataclass(frozen=True)
class Enumeration:
    """A list of allowed words; `extension` is the prefix of further ones, if there may be any."""

    words: frozenset[str]
    extension: str | None

    def has(self, word: str) -> bool:
        """Tell whether `word` may stand there."""
        return word in self.words or bool(self.extension and word.startswith(self.extension) and word != self.extension)


@dataclass(frozen=True)
class Tables:
    """All classes and enumerations of one version."""

    classes: Mapping[str, Class]
    enumerations: Mapping[str, Enumeration]


@cache
def tables(version: str) -> Tables:
    """Read the tables of Open Badges ``3.0`` or ``2.0``."""
    text = files(__package__).joinpath(f"open-badges-{version}.txt").read_text(encoding="utf-8")
    classes: dict[str, Class] = {}
    enumerations: dict[str, Enumeration] = {}
    current = Class("", (), is_closed=False)
    for line in filter(None, (line.partition("# ")[0].split() for line in text.splitlines())):
        if line[0].startswith("["):
            current = _class(line)
            classes[current.name] = current
        elif line[0].startswith("{"):
            extension = None if line[1] == "-" else line[1]
            enumerations[line[0].strip("{}")] = Enumeration(frozenset(line[2:]), extension)
        else:
            current.properties[line[0]] = _property(line)
    return Tables(classes, enumerations)


def _class(line: list[str]) -> Class:
    name, types, openness = line[0].strip("[]"), line[1], line[2]
    return Class(name, () if types == "-" else tuple(types.split("|")), is_closed=openness == "closed")


def _property(line: list[str]) -> Property:
    name, kinds, cardinality = line[:3]
    return Property(name, tuple(kinds.split("|")), cast("Cardinality", cardinality), compact="compact" in line[3:])
