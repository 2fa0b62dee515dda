"""Every way of changing a signed document in one place."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from badges_server.credentials.canonical import canonicalize
from badges_server.credentials.data_integrity import without_proof
from badges_server.credentials.errors import BadgeError
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path, walk

Steps = tuple[str | int, ...]
Deed = Callable[[JsonValue, str | int], None]
# Terms that the contexts define for any object, and one that they do not.
ADDED = {"name": "Ajouté après coup", "description": "Ajoutée après coup", "ajout": "Nulle part défini"}


@dataclass(frozen=True)
class Change:
    """One change at one place, not made yet.

    Attributes:
        deed: does it, given the object or array that holds the place, and the last step to it.
    """

    steps: Steps
    what: str
    deed: Deed

    @property
    def path(self) -> str:
        return json_path(self.steps)

    def applied(self, document: JsonObject) -> JsonObject:
        """Give a changed copy."""
        holder = {"document": copy.deepcopy(document)}
        *before, last = ("document", *self.steps)
        parent: JsonValue = holder
        for step in before:
            parent = parent[step]
        self.deed(parent, last)
        return holder["document"]


def changes_of(document: JsonObject) -> Iterator[Change]:
    """List every change of `document`: each value replaced, each key and item removed, something added everywhere.

    Not: a proof beside the first. A set of proofs holds when one of them does.
    """
    for steps, value in walk(document):
        for what, deed in _deeds(steps, value):
            if (what, steps) != ("an item added", ("proof",)):
                yield Change(steps, what, deed)


def says_the_same(document: JsonObject, changed: JsonObject) -> bool:
    """Tell whether `changed` still makes the very statements of `document`, its proofs included.

    So when one of two equal statements about one node is taken away: a neutral credential names its issuer twice, as
    issuer and as the achievement's creator. A signature over statements cannot tell, whoever checks it. To JSON-LD null
    is the same as nothing there (our own verification refuses it all the same).
    """
    if document["proof"] != changed.get("proof"):
        return False
    try:
        return canonicalize(without_proof(document)) == canonicalize(without_proof(_without_nulls(changed)))
    except BadgeError:
        return False


def _without_nulls(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _deeds(steps: Steps, value: JsonValue) -> Iterator[tuple[str, Deed]]:
    for replaced in _others(value):
        yield f"{value!r:.40} → {replaced!r:.40}", _setter(replaced)
    if steps:
        yield "removed", lambda parent, last: parent.__delitem__(last)
    if isinstance(value, dict):
        for name in ADDED.keys() - value.keys():
            yield f"{name} added", _adder(name)
    if isinstance(value, list):
        yield "an item added", lambda parent, last: parent[last].append(_item_like(parent[last]))


def _others(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, bool):
        return [not value, str(value).lower()]
    if isinstance(value, int | float):
        return [value + 1, -value or 1, str(value)]
    if isinstance(value, str):
        return [f"{value}x", _with_another_digit(value), "", None, [value, "x"]]
    return []


def _with_another_digit(text: str) -> str:
    """Another letter or digit in the middle, as who forges a level or a date."""
    places = [place for place, character in enumerate(text) if character.isascii() and character.isalnum()]
    if not places:
        return f"{text}1"
    place = places[len(places) // 2]
    return text[:place] + ("2" if text[place] != "2" else "3") + text[place + 1 :]


def _item_like(items: list[JsonValue]) -> JsonValue:
    return {"type": ["Evidence"], "name": "x"} if items and isinstance(items[0], dict) else "x"


def _setter(value: JsonValue) -> Deed:
    return lambda parent, last: parent.__setitem__(last, value)


def _adder(name: str) -> Deed:
    return lambda parent, last: parent[last].__setitem__(name, ADDED[name])
