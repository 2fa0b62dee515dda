"""Keys that an issuer publishes in a document of their own, behind a `kid`, or for another purpose."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from badges_server.credentials import jwt_proof
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Report
from badges_server.credentials.verification_method import jwk_from_public_key, multikey_from_public_key
from tests.credentials.verification.world import (
    ISSUER,
    ISSUER_DID_URL,
    KEY,
    World,
    changed,
    jwt_signer,
    open_badge,
    own_did_document,
    signed,
    world,
)

HTTPS = "https://badges.example.org/issuers/recyclerie"
SEPARATE = "https://keys.example.org/1"
MULTIKEY = multikey_from_public_key(KEY.public_key)
JWK = jwk_from_public_key(jwt_signer().public_key)
VECTOR = Path(__file__).resolve().parents[2] / "vectors" / "open-badges-3.json"


def entry(controller: str = HTTPS, identifier: str = SEPARATE) -> JsonObject:
    return {"id": identifier, "type": "Multikey", "controller": controller, "publicKeyMultibase": MULTIKEY}


def told(report: Report) -> tuple[str, str, str]:
    return report.outcome_of("proof").value, report.outcome_of("issuer").value, report.verdict


@pytest.mark.parametrize("issuer", [HTTPS, ISSUER])
@pytest.mark.parametrize(
    ("listed", "key", "expected"),
    [
        ({"assertionMethod": [SEPARATE]}, {}, ("passed", "passed", "verified")),
        ({"assertionMethod": SEPARATE}, {}, ("passed", "passed", "verified")),
        ({"assertionMethod": []}, {}, ("failed", "unknown", "not_verified")),
        ({"authentication": [SEPARATE]}, {}, ("failed", "unknown", "not_verified")),
        ({"assertionMethod": [SEPARATE]}, {"controller": "https://x.example/"}, ("failed", "unknown", "not_verified")),
        ({"assertionMethod": [SEPARATE]}, {"id": "https://x.example/"}, ("failed", "unknown", "not_verified")),
    ],
)
def test_a_key_in_a_document_of_its_own(
    issuer: str, listed: JsonObject, key: JsonObject, expected: tuple[str, str, str]
) -> None:
    pages = world()
    pages.puts(HTTPS if issuer == HTTPS else ISSUER_DID_URL, {"id": issuer, **listed})
    pages.puts(SEPARATE, {**entry(issuer), **key})
    document = changed(changed(open_badge(), "issuer/id", issuer), "credentialStatus", {"id": "urn:x:1", "type": "X"})
    document.pop("credentialStatus")

    assert told(pages.report(signed(document, replace(KEY, verification_method=SEPARATE)))) == expected


def test_a_key_that_is_published_for_something_else_is_refused_wherever_it_is_named() -> None:
    url = f"{HTTPS}#{MULTIKEY}"
    pages = world()
    document = changed(open_badge(), "issuer/id", HTTPS)
    pages.puts(HTTPS, {"id": HTTPS, "verificationMethod": [entry(HTTPS, url)], "authentication": [url]})
    report = pages.report(signed(document, replace(KEY, verification_method=url)))
    assert told(report) == ("failed", "unknown", "not_verified")
    assert report.of("proof")[0].code == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"

    pages.puts(ISSUER_DID_URL, {**own_did_document(), "assertionMethod": []})
    for header in ({"kid": f"{ISSUER}#jwt-1"}, {"kid": f"{ISSUER}#jwt-1", "jwk": JWK}):
        assert told(pages.report(token(header))) == ("failed", "unknown", "not_verified")


def token(header: JsonObject) -> str:
    return jwt_proof.sign_compact(jwt_proof.claims_of(open_badge()), jwt_signer(), header)


def test_a_header_key_is_the_issuers_when_its_own_document_lists_that_very_key() -> None:
    assert told(world().report(token({"jwk": JWK}))) == ("passed", "passed", "verified")
    lost = world()
    lost.loses(ISSUER_DID_URL)
    assert told(lost.report(token({"jwk": JWK})))[:2] == ("passed", "unknown")


@pytest.mark.parametrize(
    ("answer", "kid", "expected"),
    [
        (JWK, SEPARATE, ("passed", "passed")),
        ({"keys": [{**JWK, "kid": "k"}]}, f"{SEPARATE}#k", ("passed", "unknown")),
        ({"keys": [{**JWK, "kid": "other"}]}, f"{SEPARATE}#k", ("failed", "unknown")),
        (b"<html>", SEPARATE, ("failed", "unknown")),
    ],
)
def test_a_kid_that_leads_to_a_jwk(answer: object, kid: str, expected: tuple[str, str]) -> None:
    """The key is found there; whether it is the issuer's, only the issuer says."""
    pages = world()
    pages.puts(SEPARATE, answer)
    if expected[1] == "unknown":
        pages.loses(ISSUER_DID_URL)

    assert told(pages.report(token({"kid": kid})))[:2] == expected


def test_the_published_badge_of_the_implementation_guide() -> None:
    """1EdTech's own Data Integrity example, as a whole credential: its proof holds when its issuer lists the key."""
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    document = {**vector["document"], "proof": [vector["proof"]]}
    issuer, method = document["issuer"]["id"], vector["proof"]["verificationMethod"]
    unlisted = World().report(document)
    assert told(unlisted) == ("passed", "unknown", "incomplete")

    pages = World()
    key = {**entry(issuer, method), "publicKeyMultibase": vector["public_key"]}
    pages.puts(issuer, {"id": issuer, "assertionMethod": [key]})
    report = pages.report(document)
    assert told(report) == ("passed", "passed", "verified"), report.findings
