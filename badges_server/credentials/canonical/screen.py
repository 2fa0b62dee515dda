"""The structural screen: what no honest credential needs and every JSON-LD processor suffers from, refused first.

It also refuses the characters on whose escaping implementations disagree: a signature over them holds here and fails
there, so nobody should sign them.
"""

import math
import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from badges_server.credentials.errors import MalformedValueError
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path

_FORBIDDEN_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# Beyond this, a number means one value where integers are exact and another where they are doubles.
_EXACT_INTEGER: Final = 2**53 - 1
_SCALARS: Final = (str, bool, int, float, type(None))


@dataclass(frozen=True)
class Limits:
    """How large a document may be; lengths in items or characters, depth in nested objects and arrays."""

    depth: int = 48
    objects: int = 2_000
    values: int = 20_000
    values_of_a_property: int = 500
    types_of_an_object: int = 16
    string_length: int = 512 * 1024


LIMITS: Final = Limits()

Steps: TypeAlias = tuple[str | int, ...]


def screen(document: JsonObject, limits: Limits = LIMITS) -> None:
    """Refuse `document` when its structure or one of its values is out of bounds; costs linear time, no recursion.

    Raises:
        MalformedValueError: what is out of bounds, with its JSON path.
    """
    if not isinstance(document, dict):
        raise MalformedValueError("a JSON object is expected", value=type(document).__name__, path="$")
    _Screen(limits).run(document)


class _Screen:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.objects = 0
        self.values = 0
        self.pending: list[tuple[Steps, JsonValue]] = []

    def run(self, document: JsonObject) -> None:
        self.pending.append(((), document))
        while self.pending:
            steps, value = self.pending.pop()
            self.values += 1
            self._require(self.values <= self.limits.values, "too many values", steps)
            if isinstance(value, dict):
                self._object(value, steps)
            elif isinstance(value, list):
                self._array(value, steps)
            else:
                self._scalar(value, steps)

    def _require(self, holds: bool, message: str, steps: Steps, value: object = None) -> None:
        if not holds:
            raise MalformedValueError(message, value=value, path=json_path(steps))

    def _object(self, members: JsonObject, steps: Steps) -> None:
        self.objects += 1
        self._require(self.objects <= self.limits.objects, "too many objects", steps)
        self._require(len(steps) < self.limits.depth, f"deeper than {self.limits.depth} levels", steps)
        for key, value in members.items():
            self._require(isinstance(key, str), "a key that is no string", steps, key)
            self._text(key, (*steps, key))
            if key in ("type", "@type") and isinstance(value, list):
                few = len(value) <= self.limits.types_of_an_object
                self._require(few, "too many types", (*steps, key), len(value))
            self.pending.append(((*steps, key), value))

    def _array(self, items: list[JsonValue], steps: Steps) -> None:
        few = len(items) <= self.limits.values_of_a_property
        self._require(few, "too many values of one property", steps, len(items))
        self._require(len(steps) < self.limits.depth, f"deeper than {self.limits.depth} levels", steps)
        self.pending.extend(((*steps, index), item) for index, item in enumerate(items))

    def _scalar(self, value: JsonValue, steps: Steps) -> None:
        self._require(isinstance(value, _SCALARS), "not a JSON value", steps, type(value).__name__)
        if isinstance(value, str):
            self._text(value, steps)
        elif isinstance(value, float):
            self._require(math.isfinite(value), "not a JSON number", steps, str(value))
        elif isinstance(value, int):
            self._require(abs(value) <= _EXACT_INTEGER, "an integer beyond 2^53 - 1", steps)

    def _text(self, text: str, steps: Steps) -> None:
        self._require(len(text) <= self.limits.string_length, "a string too long", steps, len(text))
        found = None if text.isascii() and text.isprintable() else _FORBIDDEN_CHARACTER.search(text)
        if found:
            character = f"U+{ord(found.group()):04X}"
            self._require(False, "a character that must not be signed", steps, character)
