"""Badges in the form of VC Data Model 1.1: other names for the dates, a name and an issuer object required."""

import pytest

from badges_server.credentials import jwt_proof
from badges_server.credentials.json_text import JsonObject
from tests.credentials.verification.world import (
    ISSUER,
    REMOVED,
    changed,
    differences,
    jwt_signer,
    open_badge,
    signed,
    world,
)

CONTEXTS = [
    "https://www.w3.org/2018/credentials/v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    "https://www.w3.org/ns/credentials/status/v1",
    "https://w3id.org/security/data-integrity/v2",
]


def older_badge() -> JsonObject:
    document = open_badge()
    document["@context"] = CONTEXTS
    document["issuanceDate"] = document.pop("validFrom")
    document["expirationDate"] = document.pop("validUntil")
    return document


def in_vc_claim(document: JsonObject) -> str:
    claims = jwt_proof.claims_of(document)
    payload = {name: claims[name] for name in ("iss", "jti", "nbf", "sub", "exp")}
    return jwt_proof.sign_compact({**payload, "vc": document}, jwt_signer(), {"kid": f"{ISSUER}#jwt-1"})


def test_it_verifies_with_a_warning() -> None:
    for badge in (signed(older_badge()), in_vc_claim(older_badge())):
        report = world().report(badge)

        assert report.verdict == "verified", report.findings
        assert [(warning.code, warning.path) for warning in report.warnings] == [
            ("OLDER_CONTEXT_VERSION", "$['@context'][0]")
        ]
        assert report.credential.valid_from == "2026-03-01T09:00:00Z"
        assert report.credential.valid_until == "2029-03-01T09:00:00Z"


@pytest.mark.parametrize(
    ("place", "value", "check", "path"),
    [
        ("name", REMOVED, "model", "$.name"),
        ("expirationDate", "2026-06-01T11:59:59Z", "validity", "$.expirationDate"),
        ("issuanceDate", "2026-06-01T12:00:01Z", "validity", "$.issuanceDate"),
        ("credentialSubject/achievement/name", REMOVED, "model", "$.credentialSubject.achievement.name"),
    ],
)
def test_one_defect_changes_one_finding(place: str, value: object, check: str, path: str) -> None:
    report = world().report(signed(changed(older_badge(), place, value)))

    assert differences(report, world().report(signed(older_badge()))) == {check: "failed"}
    assert [finding.path for finding in report.of(check) if finding.outcome == "failed"] == [path]


def test_the_claim_and_the_context_must_agree() -> None:
    top_level = jwt_proof.sign_compact(jwt_proof.claims_of(older_badge()), jwt_signer(), {"kid": f"{ISSUER}#jwt-1"})
    newer_in_claim = in_vc_claim(open_badge())

    for token in (top_level, newer_in_claim):
        report = world().report(token)
        assert (report.outcome_of("proof"), report.of("proof")[0].path) == ("failed", "claims.vc")


def test_the_names_of_one_version_do_not_make_up_for_each_other() -> None:
    mixed = changed(changed(older_badge(), "issuanceDate", REMOVED), "expirationDate", REMOVED)
    report = world().report(signed(mixed))

    assert report.outcome_of("model") == "failed"
    assert report.outcome_of("validity") == "unknown"


def test_an_end_under_either_name_is_an_end() -> None:
    """The context of 1.1 defines `validUntil` too, so it can be signed there, and is not overlooked."""
    report = world().report(signed({**older_badge(), "validUntil": "2026-06-01T11:59:59Z"}))

    assert report.flags.expired
    misplaced = {**open_badge(), "expirationDate": "2026-06-01T11:59:59Z", "proof": signed(open_badge())["proof"]}
    assert world().report(misplaced).outcome_of("json_ld") == "failed"
