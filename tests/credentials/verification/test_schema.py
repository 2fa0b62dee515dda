"""Schemas that a credential names for itself: the specification's own, and any other within a work budget."""

import pytest

from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Report
from badges_server.credentials.verification.model.json_schema import (
    Fault,
    UnusableSchemaError,
    faults_2019,
    faults_as_declared,
    read_schema,
)
from tests.credentials.verification.test_endorsements import SIGNER, endorsement, pages
from tests.credentials.verification.world import open_badge, signed, world

PLACE = "https://schemas.example/badge.json"
TYPE = "1EdTechJsonSchemaValidator2019"
CANONICAL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_{}_schema.json"


def naming(url: str, kind: str = TYPE) -> JsonObject:
    return signed({**open_badge(), "credentialSchema": [{"id": url, "type": kind}]})


def schema_of(report: Report) -> list[tuple[str, str | None, str | None]]:
    return [(finding.outcome.value, finding.code, finding.path) for finding in report.of("schema")]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"required": ["name"]}, ("passed", None, "$.credentialSchema[0]")),
        ({"required": ["evidenceOf"]}, ("failed", "SCHEMA_VIOLATION", "$")),
        ({"properties": {"name": {"maxLength": 3}}}, ("failed", "SCHEMA_VIOLATION", "$.name")),
        ({"type": 7}, ("unknown", "UNUSABLE_SCHEMA", "$.credentialSchema[0]")),
        ({"$ref": "https://elsewhere.example/"}, ("unknown", "UNUSABLE_SCHEMA", "$.credentialSchema[0]")),
        (b"<html>", ("unknown", "UNUSABLE_SCHEMA", "$.credentialSchema[0]")),
        (b" " * 300_000 + b"{}", ("unknown", "UNUSABLE_SCHEMA", "$.credentialSchema[0]")),
    ],
)
def test_another_schema_is_fetched_and_applied(schema: object, expected: tuple[str, str | None, str]) -> None:
    made = world()
    made.puts(PLACE, schema)

    assert schema_of(made.report(naming(PLACE))) == [expected]


def test_a_schema_that_cannot_be_had_leaves_it_open() -> None:
    report = world().report(naming(PLACE))

    assert schema_of(report) == [("unknown", "NOT_RETRIEVED", "$.credentialSchema[0]")]
    assert report.verdict == "incomplete"


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("achievementcredential", "not_applicable"),
        ("anyachievementcredential", "not_applicable"),
        ("endorsementcredential", "failed"),
        ("profile", "unknown"),
    ],
)
def test_the_specifications_own_schemas_are_those_of_the_kind(name: str, outcome: str) -> None:
    assert world().report(naming(CANONICAL.format(name))).outcome_of("schema") == outcome


def test_an_endorsement_names_its_own() -> None:
    entry = {"id": CANONICAL.format("endorsementcredential"), "type": TYPE}
    contexts = open_badge()["@context"]
    document = endorsement(**{"@context": contexts, "credentialSchema": entry})

    assert pages().report(signed(document, SIGNER)).verdict == "verified"


def test_only_so_many_schemas_and_kinds() -> None:
    many = signed({**open_badge(), "credentialSchema": [{"id": PLACE, "type": TYPE}] * 6})
    assert len(world().report(many).of("schema")) == 5
    assert world().report(naming(PLACE, "JsonSchema")).of("schema")[0].code == "UNSUPPORTED"


def doubling(levels: int) -> JsonObject:
    parts: JsonObject = {"last": {"type": "object"}}
    for number in range(levels):
        name = f"#/$defs/{number + 1 if number + 1 < levels else 'last'}"
        parts[str(number)] = {"allOf": [{"$ref": name}, {"title": "again", "$ref": name}]}
    return {"$defs": parts, "$ref": "#/$defs/0"}


@pytest.mark.parametrize(
    "schema",
    [
        doubling(40),
        {"allOf": [{"$id": "https://elsewhere.example/", "type": "object"}]},
        {"$ref": "#nowhere"},
        {"$ref": "#/$defs/none"},
        {"properties": {"a": {"$ref": "other.json"}}},
        {"pattern": "(?=look)around"},
    ],
)
def test_a_schema_that_costs_too_much_or_leads_elsewhere_is_refused(schema: JsonObject) -> None:
    with pytest.raises(UnusableSchemaError):
        faults_2019({"a": 1}, schema)


@pytest.mark.parametrize(
    ("schema", "document", "faults"),
    [
        (doubling(3), {}, 0),
        ({"$id": "https://s.example/a", "$ref": "https://s.example/a#/$defs/x", "$defs": {"x": {"minimum": 3}}}, 1, 1),
        ({"$ref": "#"}, {}, 0),
        ({"items": [{"$ref": "#/items/1"}, {"type": "string"}]}, [7], 1),
        ({"properties": {"$id": {"type": "string"}}}, {"$id": 7}, 1),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}, 1),
        ({"patternProperties": {"^a": False}}, {"ab": 1, "b": 2}, 1),
        ({"items": {"type": "string"}}, [1] * 50, 5),
    ],
)
def test_schemas_that_can_be_applied(schema: JsonObject, document: object, faults: int) -> None:
    assert len(faults_2019(document, schema)) == faults


def test_a_schema_without_draft_is_of_draft_4() -> None:
    exclusive = {"minimum": 3, "exclusiveMinimum": True}
    assert faults_as_declared(3, exclusive) == [Fault("3 is less than or equal to the minimum of 3", "$")]
    newer = {"$schema": "http://json-schema.org/draft-07/schema#", "exclusiveMinimum": 3}
    assert len(faults_as_declared(3, newer)) == 1


def test_reading_a_schema() -> None:
    assert read_schema(b"{}", PLACE) == {}
    with pytest.raises(UnusableSchemaError, match=r"badge\.json"):
        read_schema(b"[]", PLACE)
