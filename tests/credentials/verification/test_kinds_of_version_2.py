"""Badge classes, issuers, endorsements, revocation lists and keys of Open Badges 2.0, each verified as what it is."""

import pytest

from badges_server.credentials.json_text import JsonObject, parse_json_object
from badges_server.credentials.verification import Answer, Outcome, Report
from tests.credentials.verification.world import (
    ASSERTION_URL,
    BADGE_URL,
    ISSUER_URL,
    KEY_URL,
    REMOVED,
    REVOCATIONS_URL,
    World,
    badge_class,
    changed,
    hosted_assertion,
    issuer_profile,
    jws,
    key_document,
    world_2,
)

ENDORSEMENT_URL = "https://badges.example/ob2/endorsements/1"
EXTENSION_CONTEXT = "https://extensions.example/link/context.json"
EXTENSION_SCHEMA = "https://extensions.example/link/schema.json"


def endorsement(about: str = BADGE_URL, **changes: object) -> JsonObject:
    document: JsonObject = {
        "@context": "https://w3id.org/openbadges/v2",
        "id": ENDORSEMENT_URL,
        "type": "Endorsement",
        "claim": {"id": about, "endorsementComment": "Nous le connaissons."},
        "issuer": ISSUER_URL,
        "issuedOn": "2026-02-01T00:00:00Z",
        "verification": {"type": "HostedBadge"},
    }
    return {**document, **changes}


def pages(**answers: JsonObject) -> World:
    made = world_2()
    made.puts(ENDORSEMENT_URL, endorsement())
    for url, document in answers.items():
        made.puts(url, document)
    return made


def revocation_list() -> JsonObject:
    answer = world_2().answers[REVOCATIONS_URL]
    assert isinstance(answer, Answer)
    return parse_json_object(answer.body)


DOCUMENTS = [badge_class(), issuer_profile(), endorsement(), revocation_list(), key_document()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document["type"]))
def test_a_good_one_verifies(document: JsonObject) -> None:
    made = pages()
    made.puts(str(document["id"]), document)
    report = made.report(document)

    assert (report.kind, report.version, report.verdict) == (document["type"], "2.0", "verified")
    assert report.flags.issuer_confirmed


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document["type"]))
def test_one_that_is_not_where_it_says_does_not(document: JsonObject) -> None:
    made = pages()
    made.puts(str(document["id"]), {}, 404)
    report = made.report(document)
    assert (report.outcome_of("proof"), report.verdict) == ("failed", "not_verified")

    made.loses(str(document["id"]))
    report = made.report(document)
    assert (report.outcome_of("proof"), report.verdict) == ("unknown", "incomplete")


@pytest.mark.parametrize(
    ("document", "place", "value", "path"),
    [
        (badge_class(), "name", REMOVED, "$.name"),
        (badge_class(), "criteria", REMOVED, "$.criteria"),
        (badge_class(), "alignment", [{"targetName": "x"}], "$.alignment[0].targetUrl"),
        (issuer_profile(), "email", "nobody", "$.email"),
        (issuer_profile(), "url", REMOVED, "$.url"),
        (endorsement(), "claim", REMOVED, "$.claim"),
        (endorsement(), "claim/id", REMOVED, "$.claim.id"),
        (endorsement(), "claim/endorsementComment", 7, "$.claim.endorsementComment"),
        (revocation_list(), "revokedAssertions", [7], "$.revokedAssertions[0]"),
        (key_document(), "publicKeyPem", REMOVED, "$.publicKeyPem"),
    ],
)
def test_a_defect_is_told_with_its_place(document: JsonObject, place: str, value: object, path: str) -> None:
    made = pages()
    bad = changed(document, place, value)
    made.puts(str(document["id"]), bad)
    report = made.report(bad)

    assert [finding.path for finding in report.of("model") if finding.outcome is Outcome.FAILED] == [path]


@pytest.mark.parametrize(
    ("document", "outcome", "code"),
    [
        (badge_class(), "failed", "CRYPTOGRAPHIC_SECURITY_ERROR"),
        (endorsement(), "failed", "CRYPTOGRAPHIC_SECURITY_ERROR"),
        (revocation_list(), "unknown", "NOT_LISTED_BY_ISSUER"),
        (key_document(), "unknown", "NOT_LISTED_BY_ISSUER"),
    ],
    ids=lambda value: str(value["type"]) if isinstance(value, dict) else value,
)
def test_a_strangers_page_that_names_the_issuer_confirms_nothing(document: JsonObject, outcome: str, code: str) -> None:
    elsewhere = {**document, "id": "https://attacker.example/it"}
    made = pages()
    made.puts("https://attacker.example/it", elsewhere)
    report = made.report(elsewhere)

    assert [(finding.outcome, finding.code) for finding in report.of("issuer")] == [(outcome, code)]
    assert report.verdict != "verified"
    assert not report.flags.issuer_confirmed


def test_a_signed_endorsement() -> None:
    token = endorsement(id="urn:uuid:1", verification={"type": "SignedBadge", "creator": KEY_URL})
    report = pages().report(jws(token))
    assert (report.kind, report.verdict) == ("Endorsement", "verified")

    foreign = pages().report(jws(token, "foreign"))
    assert (foreign.outcome_of("proof"), foreign.verdict) == ("failed", "not_verified")


def test_an_endorsement_that_has_expired() -> None:
    bad = endorsement(expires="2026-05-01T00:00:00Z")
    report = pages(**{ENDORSEMENT_URL: bad}).report(bad)

    assert (report.flags.expired, report.verdict) == (True, "not_verified")


# --- endorsements of an assertion, its badge class, its issuer ---


def told(report: Report) -> list[tuple[str, str | None, str | None]]:
    return [(finding.outcome.value, finding.code, finding.path) for finding in report.of("endorsements")]


@pytest.mark.parametrize(
    ("url", "holder", "path"),
    [
        (ASSERTION_URL, hosted_assertion(), "$.endorsement"),
        (BADGE_URL, badge_class(), "$.badge.endorsement"),
        (ISSUER_URL, issuer_profile(), "$.badge.issuer.endorsement"),
    ],
)
def test_endorsements_are_judged_wherever_they_are_named(url: str, holder: JsonObject, path: str) -> None:
    made = pages(**{ENDORSEMENT_URL: endorsement(url), url: {**holder, "endorsement": ENDORSEMENT_URL}})
    good = made.report(hosted_assertion())
    assert told(good) == [("passed", None, path)]

    made.puts(ENDORSEMENT_URL, endorsement("https://badges.example/other"))
    bad = made.report(hosted_assertion())
    assert told(bad) == [("failed", "MALFORMED_VALUE_ERROR", path)]
    assert (bad.verdict, bad.warnings[-1].check) == ("verified", "endorsements")


def test_an_embedded_endorsement_counts_as_its_host_gives_it_and_only_so_many_are_looked_at() -> None:
    many = [endorsement(), 7, hosted_assertion(), jws(endorsement(ASSERTION_URL)), *[ENDORSEMENT_URL] * 3]
    made = pages(**{ASSERTION_URL: {**hosted_assertion(), "endorsement": many}})
    report = made.report(hosted_assertion())

    assert [outcome for outcome, _code, _path in told(report)] == ["failed"] + ["unknown"] + ["failed"] * 3 + [
        "unknown"
    ]
    assert report.verdict == "verified"


def test_endorsements_of_an_endorsement_are_not_followed() -> None:
    inner = {**endorsement(ASSERTION_URL), "endorsement": ENDORSEMENT_URL}
    made = pages(**{ASSERTION_URL: {**hosted_assertion(), "endorsement": inner}, ENDORSEMENT_URL: inner})

    assert told(made.report(hosted_assertion())) == [("passed", None, "$.endorsement")]


# --- extensions ---

CONTEXT = {
    "@context": {"url": "extensions:applyLink"},
    "obi:validation": [{"obi:validatesType": "extensions:ApplyLink", "obi:validationSchema": EXTENSION_SCHEMA}],
}
SCHEMA = {"type": "object", "properties": {"url": {"type": "string", "format": "uri"}}, "required": ["url"]}


def extended(**content: object) -> JsonObject:
    extension = {"@context": EXTENSION_CONTEXT, "type": ["Extension", "extensions:ApplyLink"], **content}
    return {**badge_class(), "extensions:ApplyLink": extension}


def with_extension(schema: object = SCHEMA, context: object = CONTEXT, **content: object) -> Report:
    made = pages(**{BADGE_URL: extended(**content)})
    made.puts(EXTENSION_CONTEXT, context)
    made.puts(EXTENSION_SCHEMA, schema)
    assert made.report(extended(**content)).of("extensions")[0].path != "$"
    return made.report(hosted_assertion())


PLACE = '$.badge["extensions:ApplyLink"]'.replace('"', "'")


@pytest.mark.parametrize(
    ("content", "schema", "context", "expected"),
    [
        ({"url": "https://a.example/"}, SCHEMA, CONTEXT, ("passed", None, PLACE)),
        ({"url": 7}, SCHEMA, CONTEXT, ("failed", "SCHEMA_VIOLATION", f"{PLACE}.url")),
        ({}, SCHEMA, CONTEXT, ("failed", "SCHEMA_VIOLATION", PLACE)),
        ({}, b"<html>", CONTEXT, ("unknown", "UNUSABLE_SCHEMA", PLACE)),
        ({}, {"type": 7}, CONTEXT, ("unknown", "UNUSABLE_SCHEMA", PLACE)),
        ({}, {"$ref": "https://elsewhere.example/"}, CONTEXT, ("unknown", "UNUSABLE_SCHEMA", PLACE)),
        ({}, SCHEMA, {"@context": {}}, ("unknown", "UNSUPPORTED", PLACE)),
        ({}, SCHEMA, {"obi:validation": 7}, ("failed", "MALFORMED_VALUE_ERROR", PLACE)),
        ({}, SCHEMA, b"<html>", ("failed", "PARSING_ERROR", PLACE)),
    ],
)
def test_an_extension_keeps_to_the_schema_that_its_context_names(
    content: JsonObject, schema: object, context: object, expected: tuple[str, str | None, str]
) -> None:
    report = with_extension(schema, context, **content)

    assert [(item.outcome.value, item.code, item.path) for item in report.of("extensions")] == [expected]


def test_what_an_extension_needs_and_cannot_have_leaves_it_open() -> None:
    for lost in (EXTENSION_CONTEXT, EXTENSION_SCHEMA):
        made = pages(**{BADGE_URL: extended(url="https://a.example/")})
        made.puts(EXTENSION_CONTEXT, CONTEXT)
        made.puts(EXTENSION_SCHEMA, SCHEMA)
        made.loses(lost)
        report = made.report(hosted_assertion())

        assert (report.outcome_of("extensions"), report.verdict) == ("unknown", "incomplete")


def test_only_so_many_extensions_are_looked_at() -> None:
    extensions = {
        f"extensions:X{number}": {"type": ["Extension"], "@context": EXTENSION_CONTEXT} for number in range(7)
    }
    report = pages(**{BADGE_URL: {**badge_class(), **extensions}}).report(hosted_assertion())

    assert len(report.of("extensions")) == 6
