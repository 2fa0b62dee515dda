"""What a document may write under a given active context, so that its JSON says exactly what is signed.

The rules of JSON-LD safe mode, and the stricter ones that a *reader of the JSON* needs: were a signed ``validUntil``
respelled as its IRI, the signature would still hold while no reader would see an end date. So keys are terms, keywords
are aliased, identifiers are written in full, and nothing that expansion drops may be there.
"""

import re
from collections.abc import Container, Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from badges_server.credentials.canonical.context_resolver import ActiveContext
from badges_server.credentials.errors import BadgeError, UnknownContextError, UnsafeJsonLdError
from badges_server.credentials.json_text import JsonObject, JsonValue

# RFC 3987, with the characters that N-Quads excludes from an IRI.
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_VALUE_OBJECT: Final = {"@value", "@language"}
_KNOWN_CONTAINERS: Final = frozenset({"@set", "@list", "@graph"})
_NUMERIC_DATATYPES: Final = frozenset({"integer", "nonNegativeInteger", "decimal", "float", "double"})
MAXIMUM_CONTEXTS: Final = 8

Steps: TypeAlias = tuple[str | int, ...]


class Defect(NamedTuple):
    """Why an entry is refused, and where below its object."""

    message: str
    steps: Steps
    value: object = None
    kind: type[BadgeError] = UnsafeJsonLdError


def is_absolute_iri(text: str) -> bool:
    """Tell whether `text` is an absolute IRI that N-Quads can hold; a blank node label is not one."""
    return _ABSOLUTE_IRI.fullmatch(text) is not None


def context_defects(context: JsonValue, urls: Container[str]) -> Iterator[Defect]:
    """Find what is wrong with the value of an ``@context``: only URLs among `urls` may stand there."""
    single = not isinstance(context, list)
    items = [context] if single else context
    if not 1 <= len(items) <= MAXIMUM_CONTEXTS:
        yield Defect(f"1 to {MAXIMUM_CONTEXTS} contexts are expected", ("@context",), len(items))
    for index, item in enumerate(items):
        steps: Steps = ("@context",) if single else ("@context", index)
        if not isinstance(item, str):
            yield Defect("an inline context: only URLs of known contexts are accepted", steps)
        elif item not in urls:
            yield Defect("this JSON-LD context is not bundled", steps, item, UnknownContextError)


def entry_defects(active: ActiveContext, types: ActiveContext, element: JsonObject) -> Iterator[Defect]:
    """Find what is wrong with the entries of `element`; `types` is the context that its types are looked up in."""
    for key, value in element.items():
        if key == "@context":
            continue
        if key[:1] == "@":
            yield from _keyword_defects(key, element)
            continue
        mapping = active["mappings"].get(key)
        yield from _term_defects(key, mapping)
        if mapping and mapping.get("@type") != "@json":
            yield from _value_defects(mapping, key, value)
            yield from _special_defects(types, mapping, key, value)


def _keyword_defects(key: str, element: JsonObject) -> Iterator[Defect]:
    if key not in _VALUE_OBJECT:
        yield Defect("a keyword where the context has a term for it, or has none", (key,), key)
    elif element.keys() != _VALUE_OBJECT:
        yield Defect("a value object is a @value with a @language, nothing else", (key,), key)
    elif not isinstance(element[key], str):
        yield Defect(f"{key} is no string", (key,))
    elif key == "@language" and not _LANGUAGE_TAG.fullmatch(element[key]):
        yield Defect("not a language tag", (key,), element[key])


def _term_defects(key: str, mapping: dict[str, Any] | None) -> Iterator[Defect]:
    if mapping is None or not mapping.get("@id"):
        message = "an IRI where a term is expected" if ":" in key else "a term that no context defines here"
        yield Defect(message, (key,), key)
    elif key[0].isupper():
        # OB 3.0 has a class Criteria and a property criteria that mean one IRI.
        yield Defect("a class where a property is expected", (key,), key)
    elif mapping["@id"][0] == "@" and mapping["@id"] not in ("@id", "@type"):
        yield Defect(f"an alias of {mapping['@id']}", (key,), key)
    elif mapping["@id"][0] != "@" and not is_absolute_iri(mapping["@id"]):
        yield Defect("a term that does not stand for an absolute IRI", (key,), mapping["@id"])
    elif mapping["reverse"] or not _KNOWN_CONTAINERS.issuperset(mapping.get("@container") or ()):
        yield Defect("a reverse or index term, which is not accepted", (key,), key)


def _value_defects(mapping: dict[str, Any], key: str, value: JsonValue) -> Iterator[Defect]:
    single = not isinstance(value, list)
    for index, item in enumerate([value] if single else value):
        steps: Steps = (key,) if single else (key, index)
        if item is None:
            yield Defect("null would not be signed", steps)
        elif isinstance(item, list):
            yield Defect("an array in an array", steps)
        elif is_respelled(mapping.get("@type") or "", item):
            yield Defect("a value in another JSON type than its datatype's", steps)


def is_respelled(datatype: str, value: JsonValue) -> bool:
    """Tell whether `value` is written in another JSON type than its datatype asks for, like ``"true"`` for ``true``.

    Both have one canonical form, so one could replace the other behind a signature. (Strings are left alone: contexts
    before OB 3.0.2 declare numbers as ``xsd:string``.)
    """
    if isinstance(value, dict) or ":" not in datatype:
        return False
    name = re.split("[#:]", datatype)[-1]
    if name == "boolean":
        return not isinstance(value, bool)
    if name in _NUMERIC_DATATYPES:
        return isinstance(value, bool | str)
    return name != "string" and not isinstance(value, str)


def _special_defects(types: ActiveContext, mapping: dict[str, Any], key: str, value: JsonValue) -> Iterator[Defect]:
    if mapping["@id"] == "@id":
        yield from _identifier_defects(value, (key,))
    elif mapping["@id"] == "@type":
        single = not isinstance(value, list)
        for index, name in enumerate([value] if single else value):
            yield from _type_defects(types, name, (key,) if single else (key, index))


def _identifier_defects(value: JsonValue, steps: Steps) -> Iterator[Defect]:
    if not isinstance(value, str):
        yield Defect("an identifier that is no string", steps)
    elif value.startswith("_:"):
        yield Defect("a blank node label would not be signed", steps, value)
    elif not is_absolute_iri(value):
        yield Defect("a relative or malformed IRI", steps, value)


def _type_defects(types: ActiveContext, name: JsonValue, steps: Steps) -> Iterator[Defect]:
    if not isinstance(name, str):
        yield Defect("a type that is no string", steps)
    elif defect := name_defect(types, name):
        yield Defect(defect, steps, name)


def name_defect(active: ActiveContext, name: str) -> str:
    """Tell what is wrong with a name that is looked up among the terms (a type, an ``@vocab`` value), or nothing."""
    mappings = active["mappings"]
    mapping = mappings.get(name)
    if mapping is not None:
        return "" if is_absolute_iri(mapping.get("@id") or "") else "a term that does not stand for an absolute IRI"
    if not is_absolute_iri(name):
        return "a name that no context defines here, or a relative IRI"
    if name.partition(":")[0] in mappings:
        return "a compact IRI"
    if any(known and known.get("@id") == name for known in mappings.values()):
        return "an IRI where a term is expected"
    return ""


def reference_defect(active: ActiveContext, value: str, expanded: JsonValue, coercion: str | None) -> str:
    """Tell what is wrong with a string that expansion took for an IRI (a term of type ``@id`` or ``@vocab``)."""
    if coercion == "@vocab":
        return name_defect(active, value)
    if value.startswith("_:"):
        return "a blank node label would not be signed"
    return "" if expanded == value and is_absolute_iri(value) else "a relative, compact or malformed IRI"
