"""Does it keep to the schemas that it names for itself (OB 3.0, sections 9.1 and B.4; VCCS 1.0)."""

import re
from collections.abc import Iterator

from badges_server.credentials.json_text import JsonObject, JsonValue, json_path
from badges_server.credentials.verification.case import Case
from badges_server.credentials.verification.facts import NotRetrievedError, Want
from badges_server.credentials.verification.finding import SCHEMA, UNSUPPORTED, Finding, Said
from badges_server.credentials.verification.kinds import ENDORSEMENT, OPEN_BADGE
from badges_server.credentials.verification.model.json_schema import UnusableSchemaError, faults_2019, read_schema
from badges_server.credentials.verification.urls import is_http, without_fragment

MAXIMUM_SCHEMAS = 4
_ONE_EDTECH_SCHEMA = "1EdTechJsonSchemaValidator2019"
_CANONICAL = re.compile(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/schema/json(-ld)?/"
    r"ob_v3p0_(any)?(?P<kind>achievement|endorsement)credential_schema\.json"
)
_KINDS = {"achievement": OPEN_BADGE, "endorsement": ENDORSEMENT}
_SCHEMA = "application/schema+json, application/json;q=0.9"


def schema_wants(case: Case) -> Iterator[Want]:
    """The schemas that are not the specification's own."""
    for _path, schema in _schemas(case)[:MAXIMUM_SCHEMAS]:
        url = schema.get("id")
        if _is_one_edtech(schema) and isinstance(url, str) and is_http(url) and not _CANONICAL.fullmatch(url):
            yield Want(without_fragment(url), _SCHEMA)


def check_schema(case: Case) -> Iterator[Said]:
    """Each schema that the credential names for itself."""
    if "credentialSchema" not in case.document:
        yield SCHEMA.not_applicable("no schema is named; the specification's tables are check model")
        return
    schemas = _schemas(case)
    for path, schema in schemas[:MAXIMUM_SCHEMAS]:
        yield from _findings(case, schema, path)
    if len(schemas) > MAXIMUM_SCHEMAS:
        yield SCHEMA.unknown(UNSUPPORTED, f"more than {MAXIMUM_SCHEMAS} schemas", schemas[MAXIMUM_SCHEMAS][0])
    if not schemas:
        yield SCHEMA.not_applicable("no schema is named in it")


def _schemas(case: Case) -> list[tuple[str, JsonObject]]:
    value: JsonValue = case.document.get("credentialSchema", [])
    if not isinstance(value, list):
        return [("$.credentialSchema", value)] if isinstance(value, dict) else []
    return [
        (json_path(["credentialSchema", index]), item) for index, item in enumerate(value) if isinstance(item, dict)
    ]


def _is_one_edtech(schema: JsonObject) -> bool:
    types = schema.get("type")
    return _ONE_EDTECH_SCHEMA in (types if isinstance(types, list) else [types])


def _findings(case: Case, schema: JsonObject, path: str) -> Iterator[Finding]:
    url = schema.get("id")
    if not _is_one_edtech(schema) or not isinstance(url, str):
        yield SCHEMA.unknown(UNSUPPORTED, f"this schema was not applied: {url}", path)
        return
    canonical = _CANONICAL.fullmatch(url)
    if canonical is None:
        yield from _applied(case, url, path)
    elif _KINDS[canonical["kind"]] == case.kind:
        yield SCHEMA.not_applicable("the specification's own schema: its rules are those of check model")
    else:
        detail = f"the specification's schema for another kind than {case.kind.name}: {url}"
        yield SCHEMA.failed("MALFORMED_VALUE_ERROR", detail, path)


def _applied(case: Case, url: str, path: str) -> Iterator[Finding]:
    """Any other schema is fetched and applied; what cannot be had or applied is not known."""
    try:
        schema = read_schema(case.facts.body(without_fragment(url)), url)
        faults = faults_2019(case.document, schema)
    except (NotRetrievedError, UnusableSchemaError) as error:
        yield SCHEMA.blocked(error, path)
        return
    for fault in faults:
        yield SCHEMA.failed("SCHEMA_VIOLATION", f"{url}: {fault.message}", fault.path)
    if not faults:
        yield SCHEMA.passed(f"it keeps to {url}", path)
