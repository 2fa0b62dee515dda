"""Holds a document against a JSON Schema of a stranger, within a work budget and without fetching anything.

JSON Schema 2019-09 is the draft of OB 3.0's ``1EdTechJsonSchemaValidator2019``; extensions of OB 2.0 name theirs.
Patterns are matched in linear time (no look-around, no back-references).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import jsonschema_rs

from badges_server.credentials.errors import BadgeError, ParsingError
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path, parse_json_object

MAXIMUM_SCHEMA_BYTES = 256 * 1024
MAXIMUM_COMPARISONS = 200_000
MAXIMUM_STEPS = 200
MAXIMUM_FAULTS = 5
_PATTERN_BYTES = 1024 * 1024

# Keywords by what they apply to: the value itself (one schema, a list, a map) or what it holds.
_ITSELF = ("not", "if", "then", "else")
_ITSELF_LISTS = ("allOf", "anyOf", "oneOf")
_ITSELF_MAPS = ("dependentSchemas", "dependencies")
_REFERENCES = ("$ref", "$recursiveRef")
_MEMBERS = ("additionalProperties", "propertyNames", "unevaluatedProperties", "additionalItems", "contains")
_ITEMS = ("items", "unevaluatedItems")


class UnusableSchemaError(BadgeError):
    """A schema that cannot be applied here: no schema, one that refers to others, or one that costs too much."""

    code = "UNUSABLE_SCHEMA"


@dataclass(frozen=True)
class Fault:
    """One thing that the schema does not allow, and its JSON path in the document."""

    message: str
    path: str


def read_schema(body: bytes, url: str) -> JsonObject:
    """Read the schema behind `url`.

    Raises:
        UnusableSchemaError: no JSON object, or too long.
    """
    try:
        return parse_json_object(body, max_bytes=MAXIMUM_SCHEMA_BYTES)
    except ParsingError as error:
        raise UnusableSchemaError(f"{url} is no JSON schema: {error.message}") from error


def faults_2019(document: JsonValue, schema: JsonObject) -> list[Fault]:
    """Hold `document` against `schema` as one of JSON Schema 2019-09; at most the first five faults.

    Raises:
        UnusableSchemaError: see there.
    """
    return _faults(document, schema, jsonschema_rs.Draft201909Validator)


def faults_as_declared(document: JsonValue, schema: JsonObject) -> list[Fault]:
    """The same in the draft that the schema's ``$schema`` declares; draft 4 when it declares none (OB 2.0).

    Raises:
        UnusableSchemaError: see there.
    """
    declared = schema if "$schema" in schema else {"$schema": "http://json-schema.org/draft-04/schema#", **schema}
    return _faults(document, declared, jsonschema_rs.validator_for)


def _faults(document: JsonValue, schema: JsonObject, validator: type | object) -> list[Fault]:
    _Budget(schema).spend(document)
    options = jsonschema_rs.RegexOptions(size_limit=_PATTERN_BYTES)
    try:
        compiled = validator(schema, offline=True, pattern_options=options)  # type: ignore[operator]
    except ValueError as error:  # the library's own errors are ValueErrors
        message = str(error).partition("\n")[0]
        raise UnusableSchemaError(f"no usable JSON schema: {message[:200]}") from error
    found = islice(compiled.iter_errors(document), MAXIMUM_FAULTS)
    return [Fault(error.message[:300], json_path(error.instance_path)) for error in found]


@dataclass
class _Budget:
    """Counts the comparisons that a schema asks for, before anybody makes them: schemas can multiply without end."""

    schema: JsonObject
    _known: dict[tuple[int, int], int] = field(default_factory=dict)

    def spend(self, document: JsonValue) -> None:
        """Refuse the schema when holding `document` against it is too much work.

        Raises:
            UnusableSchemaError: it is; or the schema refers to another document.
        """
        self._cost(self.schema, document, 0)

    def _cost(self, schema: JsonValue, value: JsonValue, steps: int) -> int:
        if not isinstance(schema, dict):
            return 1
        place = (id(schema), id(value))
        if place in self._known:
            return self._known[place]  # nothing yet inside of a cycle, which the library ends by itself
        if schema is not self.schema and isinstance(schema.get("$id", schema.get("id")), str):
            raise UnusableSchemaError("a schema inside of the schema has a place of its own")
        self._known[place] = 0
        parts = [*self._on_itself(schema, value), *_on_members(schema, value)]
        self._known[place] = total = 1 + sum(self._cost(part, target, steps + 1) for part, target in parts)
        if max(total, len(self._known)) > MAXIMUM_COMPARISONS or steps > MAXIMUM_STEPS:
            raise UnusableSchemaError("the schema asks for too much work")
        return total

    def _on_itself(self, schema: JsonObject, value: JsonValue) -> Iterator[tuple[JsonValue, JsonValue]]:
        parts = [schema[name] for name in _ITSELF if name in schema]
        for name in _ITSELF_LISTS:
            parts += _listed(schema.get(name))
        for name in _ITSELF_MAPS:
            parts += _mapped(schema.get(name))
        parts += [self._referred(schema[name]) for name in _REFERENCES if name in schema]
        return ((part, value) for part in parts)

    def _referred(self, reference: JsonValue) -> JsonValue:
        own = str(self.schema.get("$id", self.schema.get("id", ""))).rstrip("#")
        text = str(reference).removeprefix(own) if own else str(reference)
        if text in ("", "#"):
            return self.schema
        found: JsonValue = self.schema
        for step in text.removeprefix("#/").split("/") if text.startswith("#/") else [None]:
            found = _step(found, step)
        if found is None:
            raise UnusableSchemaError("the schema refers to another document, which is not fetched", value=reference)
        return found


def _step(holder: JsonValue, step: str | None) -> JsonValue:
    if step is None:
        return None
    name = step.replace("~1", "/").replace("~0", "~")
    if isinstance(holder, list):
        return holder[int(name)] if name.isdecimal() and int(name) < len(holder) else None
    return holder.get(name) if isinstance(holder, dict) else None


def _on_members(schema: JsonObject, value: JsonValue) -> Iterator[tuple[JsonValue, JsonValue]]:
    parts = [schema[name] for name in _MEMBERS if name in schema]
    for name in _ITEMS:
        parts += _listed(schema.get(name)) or [schema.get(name)]
    parts += _mapped(schema.get("patternProperties"))
    members = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    yield from ((part, member) for part in parts for member in members)
    properties = schema.get("properties")
    if isinstance(properties, dict) and isinstance(value, dict):
        yield from ((properties[name], value[name]) for name in value if name in properties)


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _mapped(value: JsonValue) -> list[JsonValue]:
    return list(value.values()) if isinstance(value, dict) else []
