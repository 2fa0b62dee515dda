"""Holds a document against the tables: every deviation is one defect with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from badges_server.credentials.json_text import JsonObject, JsonValue, json_path
from badges_server.credentials.verification.facts import shown
from badges_server.credentials.verification.model.tables import Class, Property, Tables
from badges_server.credentials.verification.model.values import SCALARS, is_strict_moment

Steps = tuple[str | int, ...]
About = Literal["type", "missing", "value", "unexpected", "form"]


@dataclass(frozen=True)
class Defect:
    """One deviation.

    Attributes:
        about: "type": a wrong or missing `type`; "missing": a required property; "value"; "unexpected": not allowed
            there; "form": readable, though not as the standard writes it (a warning).
    """

    about: About
    steps: Steps
    message: str

    @property
    def path(self) -> str:
        """JSON path of the place."""
        return json_path(self.steps)


@dataclass(frozen=True)
class Checker:
    """Holds values against the tables of one version."""

    tables: Tables

    def defects(self, document: JsonValue, class_name: str, steps: Steps = ()) -> Iterator[Defect]:
        """Go through `document`, which should be a `class_name`, and all that it holds."""
        if not isinstance(document, dict):
            yield Defect("value", steps, f"{class_name} is expected as an object, found {shown(document)}")
            return
        table = self.tables.classes[class_name]
        yield from self._type(document, table, steps)
        for prop in table.properties.values():
            if prop.name in document:
                yield from self._property(document[prop.name], prop, (*steps, prop.name))
            elif prop.is_required and not (prop.name == "type" and table.type_names):
                yield Defect("missing", (*steps, prop.name), f"{class_name} needs {prop.name}")
        if table.is_closed:
            yield from _unexpected(document, table, steps)

    def _type(self, document: JsonObject, table: Class, steps: Steps) -> Iterator[Defect]:
        if not table.type_names:
            return
        found = document.get("type")
        names = found if isinstance(found, list) else [found]
        if not any(name in names for name in table.type_names):
            expected = " or ".join(table.type_names)
            yield Defect("type", (*steps, "type"), f"type is {shown(found)}, should be {expected}")

    def _property(self, value: JsonValue, prop: Property, steps: Steps) -> Iterator[Defect]:
        if prop.is_list:
            yield from self._list(value, prop, steps)
        elif isinstance(value, list) and prop.name == "type" and len(value) == 1:
            yield Defect("form", steps, "a list where one value is meant")
        elif isinstance(value, list) and not (prop.compact and len(value) == 1):
            yield Defect("value", steps, "a list where one value is meant")
        else:
            yield from self._value(value[0] if isinstance(value, list) else value, prop, steps)

    def _list(self, value: JsonValue, prop: Property, steps: Steps) -> Iterator[Defect]:
        if not isinstance(value, list):
            yield from self._value(value, prop, steps)
            if not prop.compact:
                yield Defect("form", steps, "one value where a list is meant")
            return
        if not value:
            about: About = "value" if prop.is_required else "form"
            yield Defect(about, steps, "an empty list")
        for index, item in enumerate(value):
            yield from self._value(item, prop, (*steps, index))

    def _value(self, value: JsonValue, prop: Property, steps: Steps) -> Iterator[Defect]:
        """Hold one value against the first kind that fits its JSON type; an object goes to the class."""
        classes = [kind for kind in prop.kinds if kind in self.tables.classes]
        scalars = [kind for kind in prop.kinds if kind not in self.tables.classes]
        if classes and (isinstance(value, dict) or not scalars):
            yield from self._object(value, classes[0], steps)
        elif not any(self._is(kind, value) for kind in scalars):
            yield from self._odd(value, scalars, steps)
        elif scalars == ["DateTimeZ"] and not is_strict_moment(str(value)):
            yield Defect("form", steps, f"{shown(value)} is not written as xsd:dateTimeStamp")

    def _object(self, value: JsonValue, class_name: str, steps: Steps) -> Iterator[Defect]:
        # Badges of the first hour have the bare URL of a picture.
        if class_name == "Image" and self._is("ImageUri", value):
            yield Defect("form", steps, "an Image object is meant, not its URL")
        else:
            yield from self.defects(value, class_name, steps)

    def _odd(self, value: JsonValue, scalars: Sequence[str], steps: Steps) -> Iterator[Defect]:
        if scalars == ["String"] and _is_language_map(value):
            yield Defect("form", steps, "texts by language, which Open Badges contexts do not define")
            return
        expected = " or ".join(self._words(kind) for kind in scalars)
        yield Defect("value", steps, f"{expected} is expected, found {shown(value)}")

    def _is(self, kind: str, value: JsonValue) -> bool:
        if kind in self.tables.enumerations:
            return isinstance(value, str) and self.tables.enumerations[kind].has(value)
        return SCALARS[kind][0](value)

    def _words(self, kind: str) -> str:
        if kind in self.tables.enumerations:
            return f"one of the words of {kind}"
        return SCALARS[kind][1]


def _unexpected(document: JsonObject, table: Class, steps: Steps) -> Iterator[Defect]:
    for name in document:
        if name not in table.properties and name != "@context":
            yield Defect("unexpected", (*steps, name), f"{table.name} may not carry {name}")


def _is_language_map(value: JsonValue) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    return all(SCALARS["LanguageCode"][0](name) and isinstance(text, str) for name, text in value.items())
