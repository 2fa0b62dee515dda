"""Extensions: objects with a context of their own, which says what their type must look like (OB 2.0, Extensions).

The context names a JSON schema for each type under ``obi:validation``; both are fetched like any other document.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from badges_server.credentials.errors import BadgeError, MalformedValueError
from badges_server.credentials.json_text import JsonObject, JsonValue, json_path, walk
from badges_server.credentials.verification.case import Case, identifier_of
from badges_server.credentials.verification.facts import NotRetrievedError, Want
from badges_server.credentials.verification.finding import EXTENSIONS, UNSUPPORTED, Finding, Said
from badges_server.credentials.verification.kinds import ASSERTION
from badges_server.credentials.verification.model.checker import Steps
from badges_server.credentials.verification.model.json_schema import (
    UnusableSchemaError,
    faults_as_declared,
    read_schema,
)
from badges_server.credentials.verification.urls import is_http, without_fragment
from badges_server.credentials.verification.version_2 import graph

MAXIMUM_EXTENSIONS = 5
_PREFIX = "extensions:"
_FULL_PREFIX = "https://w3id.org/openbadges/extensions#"


@dataclass(frozen=True)
class _Extension:
    """One extension and where it stands."""

    steps: Steps
    content: JsonObject

    @property
    def path(self) -> str:
        return json_path(self.steps)

    @property
    def types(self) -> set[str]:
        """The names of its types, without prefix."""
        types = self.content.get("type")
        names = [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
        return {_bare(name) for name in names if name != "Extension"}

    @property
    def contexts(self) -> list[str]:
        value = self.content.get("@context")
        return [url for url in (value if isinstance(value, list) else [value]) if isinstance(url, str) and is_http(url)]


def extension_wants(case: Case) -> Iterator[Want]:
    """The contexts of the extensions, and once they are there, the schemas that they name."""
    for extension in _extensions(case)[:MAXIMUM_EXTENSIONS]:
        for context in extension.contexts:
            yield Want(without_fragment(context))
        try:
            yield from (Want(without_fragment(url)) for url in _schema_urls(extension, case))
        except BadgeError:
            continue  # not there yet, or not readable: told by the check


def check_extensions(case: Case) -> Iterator[Said]:
    """Each extension keeps to the schema that its own context names for it."""
    extensions = _extensions(case)
    for extension in extensions[:MAXIMUM_EXTENSIONS]:
        yield from _judged(extension, case)
    if len(extensions) > MAXIMUM_EXTENSIONS:
        detail = f"{len(extensions) - MAXIMUM_EXTENSIONS} more extensions were not looked at"
        yield EXTENSIONS.unknown(UNSUPPORTED, detail, extensions[MAXIMUM_EXTENSIONS].path)
    if not extensions:
        yield EXTENSIONS.not_applicable("there is no extension in it")


def _judged(extension: _Extension, case: Case) -> Iterator[Finding]:
    if not extension.contexts:
        yield EXTENSIONS.failed("MALFORMED_VALUE_ERROR", "an extension brings a context of its own", extension.path)
        return
    try:
        urls = _schema_urls(extension, case)
        schemas = [read_schema(case.facts.body(without_fragment(url)), url) for url in urls]
        faults = [fault for schema in schemas for fault in faults_as_declared(extension.content, schema)]
    except (NotRetrievedError, UnusableSchemaError) as error:
        yield EXTENSIONS.blocked(error, extension.path)
        return
    except BadgeError as error:
        yield EXTENSIONS.failed(error.code, str(error), extension.path)
        return
    yield from _concluded(extension, urls, [(extension.path + fault.path[1:], fault.message) for fault in faults])


def _concluded(extension: _Extension, urls: list[str], faults: list[tuple[str, str]]) -> Iterator[Finding]:
    names = ", ".join(sorted(extension.types))
    for path, message in faults:
        yield EXTENSIONS.failed("SCHEMA_VIOLATION", f"{names}: {message}", path)
    if not urls:
        yield EXTENSIONS.unknown(UNSUPPORTED, f"its context names no schema for {names}", extension.path)
    elif not faults:
        yield EXTENSIONS.passed(f"{names} keeps to {', '.join(urls)}", extension.path)


def _schema_urls(extension: _Extension, case: Case) -> list[str]:
    """The schemas for the types of `extension`.

    Raises:
        NotRetrievedError: a context could not be had.
        BadgeError: a context is no JSON object.
    """
    found: list[str] = []
    for context in extension.contexts:
        rules = case.facts.json(without_fragment(context)).get("obi:validation", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            found += _schema_of(rule, extension)
    return list(dict.fromkeys(found))


def _schema_of(rule: JsonValue, extension: _Extension) -> list[str]:
    if not isinstance(rule, dict):
        raise MalformedValueError("a rule of obi:validation is an object", path=extension.path)
    name = rule.get("obi:validatesType", rule.get("validatesType"))
    schema = identifier_of(rule.get("obi:validationSchema", rule.get("validationSchema")))
    is_ours = isinstance(name, str) and _bare(name) in extension.types
    return [schema] if is_ours and schema is not None and is_http(schema) else []


def _bare(name: str) -> str:
    return name.removeprefix(_PREFIX).removeprefix(_FULL_PREFIX)


def _extensions(case: Case) -> list[_Extension]:
    """Every extension of the document, its badge class and its issuer, in this order."""
    found: list[_Extension] = []
    for steps, document in _documents(case):
        inside = ((within, value) for within, value in walk(document) if isinstance(value, dict))
        found += [_Extension((*steps, *within), value) for within, value in inside if within and _is_extension(value)]
    return found


def _documents(case: Case) -> Iterator[tuple[Steps, JsonObject]]:
    yield (), case.document
    try:
        if case.kind == ASSERTION:
            yield ("badge",), graph.badge_class(case)
        if not graph.is_profile(case):
            yield tuple(graph.issuer_path(case).removeprefix("$.").split(".")), graph.issuer(case)
    except BadgeError:
        return  # told by check model


def _is_extension(value: JsonObject) -> bool:
    types = value.get("type")
    names = [name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)]
    return any(name == "Extension" or name.startswith((_PREFIX, _FULL_PREFIX)) for name in names)
