"""One TOML file with the places of its fields, held against a schema."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from badges_server.storage.problems import FileProblem
from badges_server.storage.toml_places import Path as Place
from badges_server.storage.toml_places import line_of, places

_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


@dataclass
class TomlFile:
    """A file on its way to be a value.

    Attributes:
        path: where it is.
        raw: its content, as TOML says it; empty when it could not be read.
        problems: what was found wrong so far.
    """

    path: Path
    raw: Mapping[str, Any] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    _lines: Mapping[Place, int] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    def refuse(self, place: Place, message: str) -> None:
        """Note what is wrong at `place`, like ``("alignments", 1, "code")``."""
        name = ".".join(str(step + 1) if isinstance(step, int) else step for step in place)
        self._note(line_of(self._lines, place), None, name, message)

    def note(self, path: str, line: int, message: str) -> None:
        """Note what is wrong with a file that belongs to this one, such as its picture."""
        self.problems.append(FileProblem(file=path, line=line, column=None, field="", message=message))

    def load(self, schema: Schema) -> Mapping[str, Any] | None:
        """Give the content as `schema` reads it, or nothing when something was refused."""
        if self.problems:
            return None
        try:
            loaded: Mapping[str, Any] = schema.load(self.raw)
        except ValidationError as error:
            for place, message in _flat(error.messages, ()):
                self.refuse(place, message)
            return None
        return loaded

    def _note(self, line: int, column: int | None, name: str, message: str) -> None:
        self.problems.append(FileProblem(file=str(self.path), line=line, column=column, field=name, message=message))

    def read(self) -> None:
        """Read the file from the disk; what stops that is noted."""
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
            self.raw = tomllib.loads(text)
            self._lines = places(text)
        except OSError as error:
            self._note(1, None, "", f"cannot be read: {error.strerror}")
        except UnicodeDecodeError as error:
            self._note(error.object[: error.start].count(b"\n") + 1, None, "", "not UTF-8: save it as UTF-8")
        except tomllib.TOMLDecodeError as error:
            self._note_syntax(str(error), text)

    def _note_syntax(self, message: str, text: str) -> None:
        place = _TOML_PLACE.search(message)
        line, column = (int(place[1]), int(place[2])) if place and place[1] else (text.count("\n") + 1, None)
        self._note(line, column, "", f"not TOML: {_TOML_PLACE.sub('', message)}")


def read_toml(path: Path) -> TomlFile:
    """Read `path`; look at `problems` before the content."""
    file = TomlFile(path)
    file.read()
    return file


def _flat(messages: object, place: Place) -> Iterator[tuple[Place, str]]:
    """Turn marshmallow's tree of messages into places and messages."""
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _flat(inner, place if step == "_schema" else (*place, step))
    elif isinstance(messages, list):
        yield from ((place, str(message)) for message in messages)
