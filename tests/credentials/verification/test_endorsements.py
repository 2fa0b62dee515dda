"""Endorsements are judged one by one and never count in the verdict."""

from dataclasses import replace

import pytest

from badges_server.credentials import did, jwt_proof
from badges_server.credentials.json_text import JsonObject
from badges_server.credentials.verification import Report
from badges_server.credentials.verification_method import VerificationMethod
from tests.credentials.conftest import KeySigner
from tests.credentials.verification.world import (
    FOREIGN_KEY,
    ISSUER,
    REMOVED,
    World,
    changed,
    jwt_signer,
    open_badge,
    signed,
    world,
)

NETWORK = "did:web:network.example.org"
SIGNER: KeySigner = replace(FOREIGN_KEY, verification_method=f"{NETWORK}#key-1")


def endorsement(subject: str = ISSUER, **changes: object) -> JsonObject:
    document: JsonObject = {
        "@context": open_badge()["@context"][:2],
        "id": "https://network.example.org/endorsements/1",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Membre du réseau",
        "issuer": {"id": NETWORK, "type": ["Profile"], "name": "Le réseau"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2026-12-31T23:59:59Z",
        "credentialSubject": {
            "id": subject,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Nous le connaissons.",
        },
    }
    return {**document, **changes}


def pages() -> World:
    made = world()
    methods = [
        VerificationMethod(SIGNER.verification_method, NETWORK, SIGNER.public_key),
        VerificationMethod(f"{NETWORK}#jwt-1", NETWORK, jwt_signer("network").public_key),
    ]
    made.puts("https://network.example.org/.well-known/did.json", did.did_document(NETWORK, methods))
    return made


def endorsed(place: str, *endorsements: object, kind: str = "endorsement") -> JsonObject:
    return signed(changed(open_badge(), f"{place}{kind}", list(endorsements)))


def told(report: Report) -> list[tuple[str, str | None, str | None]]:
    return [(finding.outcome.value, finding.code, finding.path) for finding in report.of("endorsements")]


ACHIEVEMENT = str(open_badge()["credentialSubject"]["achievement"]["id"])


@pytest.mark.parametrize(
    ("place", "subject", "path"),
    [
        ("", str(open_badge()["id"]), "$.endorsement[0]"),
        ("issuer/", ISSUER, "$.issuer.endorsement[0]"),
        ("credentialSubject/achievement/", ACHIEVEMENT, "$.credentialSubject.achievement.endorsement[0]"),
    ],
)
def test_an_endorsement_verifies_wherever_it_stands(place: str, subject: str, path: str) -> None:
    report = pages().report(endorsed(place, signed(endorsement(subject), SIGNER)))

    assert told(report) == [("passed", None, path)]
    assert (report.verdict, report.warnings) == ("verified", ())


def test_an_endorsement_as_a_jwt_verifies() -> None:
    token = jwt_proof.secure(endorsement(), jwt_signer("network", f"{NETWORK}#jwt-1"))
    report = pages().report(endorsed("issuer/", token, kind="endorsementJwt"))

    assert told(report) == [("passed", None, "$.issuer.endorsementJwt[0]")]


@pytest.mark.parametrize(
    ("document", "outcome", "code"),
    [
        (signed(endorsement("urn:x:1"), SIGNER), "failed", "MALFORMED_VALUE_ERROR"),
        (endorsement(), "failed", "PROOF_VERIFICATION_ERROR"),
        (changed(signed(endorsement(), SIGNER), "name", "Autre chose"), "failed", "PROOF_VERIFICATION_ERROR"),
        (signed(changed(endorsement(), "name", REMOVED), SIGNER), "failed", "MALFORMED_VALUE_ERROR"),
        (signed(endorsement(validFrom="2026-02-28T00:00:00Z"), SIGNER), "failed", "NOT_YET_VALID"),
        (signed(endorsement(validUntil="2026-02-26T00:00:00Z"), SIGNER), "failed", "EXPIRED"),
        (signed(open_badge()), "failed", "MALFORMED_VALUE_ERROR"),
        ("text", "failed", "PARSING_ERROR"),
        (7, "failed", "PARSING_ERROR"),
    ],
)
def test_a_faulty_endorsement_is_a_warning_and_leaves_the_verdict(document: object, outcome: str, code: str) -> None:
    badge = changed(open_badge(), "issuer/endorsement", [document])
    report = pages().report(jwt_proof.secure(badge, jwt_signer()))

    assert told(report) == [(outcome, code, "$.issuer.endorsement[0]")]
    assert [(warning.check, warning.code) for warning in report.warnings] == [("endorsements", code)]
    others = [finding for finding in report.findings if finding.check not in ("endorsements", "json_ld", "model")]
    assert {finding.outcome.value for finding in others} <= {"passed", "not_applicable"}


def test_an_endorser_that_cannot_be_reached_is_a_warning() -> None:
    report = world().report(endorsed("issuer/", signed(endorsement(), SIGNER)))

    assert told(report) == [("unknown", "NOT_RETRIEVED", "$.issuer.endorsement[0]")]
    assert report.verdict == "verified"


def test_the_issuers_endorsement_counts_on_the_day_of_the_award() -> None:
    """A membership that ended since takes nothing from an old badge; one about the class must hold now."""
    ended = {"validFrom": "2026-02-01T00:00:00Z", "validUntil": "2026-03-31T23:59:59Z"}
    of_issuer = pages().report(endorsed("issuer/", signed(endorsement(**ended), SIGNER)))
    of_class = pages().report(
        endorsed("credentialSubject/achievement/", signed(endorsement(ACHIEVEMENT, **ended), SIGNER))
    )

    assert told(of_issuer)[0][0] == "passed"
    assert told(of_class)[0][:2] == ("failed", "EXPIRED")


def test_many_endorsements_are_bounded_and_the_rest_said() -> None:
    many = [signed(endorsement(id=f"https://network.example.org/endorsements/{n}"), SIGNER) for n in range(12)]
    report = pages().report(endorsed("issuer/", *many))

    assert [outcome for outcome, _code, _path in told(report)] == ["passed"] * 10 + ["unknown"]
    assert report.verdict == "verified"


def test_endorsements_of_endorsements_are_not_followed() -> None:
    inner = signed(endorsement("https://network.example.org/endorsements/1"), SIGNER)
    outer = signed(changed(endorsement(), "issuer/endorsement", [inner]), SIGNER)
    report = pages().report(endorsed("issuer/", outer))

    assert told(report) == [("passed", None, "$.issuer.endorsement[0]")]
    assert pages().report(outer).verdict == "verified"


def test_an_endorsement_verifies_by_itself() -> None:
    report = pages().report(signed(endorsement(), SIGNER))

    assert (report.kind, report.verdict, report.credential.name) == (
        "EndorsementCredential",
        "verified",
        "Membre du réseau",
    )
